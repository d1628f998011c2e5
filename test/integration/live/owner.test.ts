import {
  getNodeTerms,
  HttpError,
  type OwnerAction,
  providerActions,
  type SignedInstruction,
  sendInstruction,
} from "@touchstone/sdk";
import { type ProviderCard, priceOf } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { createWalletClient, http } from "viem";
import type { World } from "../node/support/world.ts";
import { failureOf } from "../support/failure.ts";
import { Buyers, MESSAGES, textOf } from "./support/buyers.ts";
import { type Seller, startLiveWorld, startSeller } from "./support/seller.ts";

const USUAL = { pricePerItem: 0n, pricePerMillionInputTokens: 1_000_000n, pricePerMillionOutputTokens: 1_000_000n };
const DEAR = { pricePerItem: 7n, pricePerMillionInputTokens: 3_000_000n, pricePerMillionOutputTokens: 3_000_000n };

describe("a node that sells calls, and its owner", () => {
  let world: World;
  let seller: Seller;
  let buyers: Buyers;
  let issuedAt: number;

  before(async () => {
    world = await startLiveWorld();
    seller = await startSeller(world);
    buyers = new Buyers(world);
    issuedAt = Math.floor(Date.now() / 1000) - 300;
  });
  after(async () => {
    await buyers?.close();
    await seller?.stop();
    await world?.close();
  });
  afterEach(async () => {
    seller.become({ msPerToken: 0 });
    await seller.node.owner.instruct(await sign("resume"));
    await seller.node.owner.instruct(await sign("reset"));
  });

  function sign(action: OwnerAction, prices = DEAR): Promise<SignedInstruction> {
    issuedAt += 1;
    const { market, chain } = world;
    const transport = http(chain.rpcUrl);
    const wallet = createWalletClient({ account: seller.account, chain: chain.client.chain, transport });
    const owner = wallet.extend(providerActions({ market }));
    return owner.signInstruction(action === "prices" ? { action, prices, issuedAt } : { action, issuedAt });
  }
  const instruct = async (action: OwnerAction) => {
    return await sendInstruction({ url: seller.url, instruction: await sign(action) });
  };
  const card = async () => (await (await fetch(`${seller.url}/card`)).json()) as ProviderCard;
  const post = (body: BodyInit, type = "application/json") => {
    return fetch(`${seller.url}/owner`, { method: "POST", headers: { "content-type": type }, body });
  };
  const ask = () => {
    const body = JSON.stringify({ model: "small", messages: MESSAGES });
    const headers = { "content-type": "application/json" };
    return fetch(`${seller.url}/v1/chat/completions`, { method: "POST", headers, body });
  };
  /** What a whole answer of eight tokens to a prompt of three costs. */
  const costs = (prices: typeof DEAR) => priceOf(prices, { items: 1, inputTokens: 3, outputTokens: 8 });

  it("shows its terms, and new ones at once: to who asks, on its card and in its list of models", async () => {
    const before = await getNodeTerms({ url: seller.url });
    expect(before).to.deep.include({ drained: false, provider: seller.account.address });
    expect(await instruct("prices")).to.deep.equal(await getNodeTerms({ url: seller.url }));
    const prices = { pricePerItem: "7", pricePerMillionInputTokens: "3000000", pricePerMillionOutputTokens: "3000000" };
    expect((await getNodeTerms({ url: seller.url })).prices).to.deep.equal(prices);
    expect((await card()).touchstone.models[0]).to.include(prices);
    const listed = await (await fetch(`${seller.url}/v1/models`)).json();
    expect(listed.data[0].touchstone).to.include(prices);
  });

  it("charges a call what it was admitted at, though prices rise before it ends", async () => {
    const { fetch, openai } = buyers.open();
    await openai.chat.completions.create({ model: "small", messages: MESSAGES });
    seller.become({ msPerToken: 50 });
    const stream = await openai.chat.completions.create({ model: "small", messages: MESSAGES, stream: true });
    await instruct("prices");
    expect((await textOf(stream)).text.split(" ")).to.have.length(8);
    const kept = await fetch.receipts();
    expect(kept.map(({ faults }) => faults)).to.deep.equal([[], []]);
    expect(kept.map(({ envelope }) => envelope.receipt.amount)).to.deep.equal([costs(USUAL), costs(USUAL)]);
  });

  it("goes on selling to a buyer who knew other prices, at those in force", async () => {
    const { fetch, openai } = buyers.open();
    await openai.chat.completions.create({ model: "small", messages: MESSAGES });
    await instruct("prices");
    await openai.chat.completions.create({ model: "small", messages: MESSAGES });
    await instruct("reset");
    await openai.chat.completions.create({ model: "small", messages: MESSAGES });
    const kept = await fetch.receipts();
    const amounts = kept.map(({ envelope }) => envelope.receipt).sort((one, other) => Number(one.seq - other.seq));
    expect(amounts.map(({ amount }) => amount)).to.deep.equal([costs(USUAL), costs(DEAR), costs(USUAL)]);
    expect(kept.map(({ faults }) => faults)).to.deep.equal([[], [], []]);
  });

  it("sends buyers away while it is drained, with the time to come again, and says so on its card", async () => {
    expect((await card()).active).to.equal(true);
    await instruct("drain");
    const refused = await ask();
    expect([refused.status, refused.headers.get("retry-after")]).to.deep.equal([503, "30"]);
    expect((await refused.json()).error).to.include({ code: "DRAINING" });
    const { active, touchstone } = await card();
    expect([active, touchstone.drained]).to.deep.equal([false, true]);
    await instruct("resume");
    expect((await ask()).status).to.equal(402);
    const resumed = await card();
    expect([resumed.active, resumed.touchstone.drained]).to.deep.equal([true, false]);
  });

  it("finishes the call that runs when it is drained", async () => {
    const { fetch, openai } = buyers.open();
    seller.become({ msPerToken: 50 });
    const stream = await openai.chat.completions.create({ model: "small", messages: MESSAGES, stream: true });
    await instruct("drain");
    expect((await textOf(stream)).text.split(" ")).to.have.length(8);
    expect((await fetch.receipts()).map(({ faults }) => faults)).to.deep.equal([[]]);
  });

  it("refuses what is no instruction, whoever sends it", async () => {
    const { instruction, ...rest } = await sign("prices");
    const cheap = { ...instruction, prices: { ...instruction.prices, pricePerItem: "-1" } };
    const stranger = { ...rest, instruction, signer: world.buyer.address };
    const cases: [Promise<Response>, number, string][] = [
      [post("{"), 400, "BODY_NOT_JSON"],
      [post("{}"), 400, "INVALID_DATA"],
      [post(JSON.stringify({ ...rest, instruction: cheap })), 400, "INVALID_DATA"],
      [post(JSON.stringify(stranger)), 403, "INSTRUCTION_NOT_OWNER"],
      [post(JSON.stringify({ ...rest, instruction: { ...instruction, issuedAt: 1 } })), 422, "INSTRUCTION_STALE"],
      [post("drain", "text/plain"), 415, "BODY_TYPE_UNSUPPORTED"],
      [post(JSON.stringify({ ...rest, note: "x".repeat(40_000) })), 413, "BODY_TOO_LARGE"],
    ];
    for (const [asked, status, code] of cases) {
      const answer = await asked;
      expect([answer.status, (await answer.json()).error.code]).to.deep.equal([status, code]);
    }
    expect((await getNodeTerms({ url: seller.url })).prices.pricePerItem).to.equal("0");
  });

  it("lets no address instruct it without end", async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 25; count++) {
      statuses.push((await post("{}")).status);
    }
    expect(statuses.at(-1)).to.equal(429);
    const failure = await failureOf(sendInstruction({ url: seller.url, instruction: await sign("drain"), retries: 0 }));
    expect(failure).to.be.instanceOf(HttpError);
    expect(failure).to.include({ remoteCode: "RATE_LIMITED", retryable: true });
  });
});
