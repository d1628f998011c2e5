import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ChatOpenAI } from "@langchain/openai";
import { type EndedCall, LiveError, memoryChannelStore, testTokenAbi } from "@touchstone/sdk";
import { generateText, streamText } from "ai";
import { expect } from "chai";
import { createWalletClient, http } from "viem";
import type { World } from "../node/support/world.ts";
import { Buyers, MESSAGES, textOf } from "./support/buyers.ts";
import { type Seller, startLiveWorld, startSeller } from "./support/seller.ts";

/** What the buyer has in its wallet. */
function tokensOf({ chain, token, buyer }: World): Promise<bigint> {
  const call = { address: token, abi: testTokenAbi, functionName: "balanceOf", args: [buyer.address] } as const;
  return chain.client.readContract(call);
}

describe("SDK, live: buying from nodes", () => {
  let world: World;
  let seller: Seller;
  let buyers: Buyers;
  before(async () => {
    world = await startLiveWorld();
    seller = await startSeller(world);
    buyers = new Buyers(world);
  });
  after(async () => {
    await buyers?.close();
    await seller?.stop();
    await world?.close();
  });

  it("answers the official client, whole, and keeps a sound receipt of what it cost", async () => {
    const { fetch, openai } = buyers.open();
    const answer = await openai.chat.completions.create({ model: "small", messages: MESSAGES });
    expect(answer.choices[0]?.message.content?.split(" ")).to.have.length(8);
    expect(answer).not.to.have.property("touchstone");
    const [kept] = await fetch.receipts();
    expect(kept).to.deep.include({ faults: [], recheck: undefined });
    const { charged, deposited } = (await fetch.status()).channels[0]!;
    expect(charged).to.equal(kept?.envelope.receipt.amount);
    expect(Number(deposited)).to.be.greaterThan(Number(charged));
  });

  it("streams to the official client, with usage, and shows it nothing of the receipt", async () => {
    const { fetch, openai } = buyers.open();
    await openai.chat.completions.create({ model: "small", messages: MESSAGES }); // the first call waits for its deposit
    const options = { include_usage: true };
    const body = { model: "small", messages: MESSAGES, stream: true, stream_options: options } as const;
    const { data: stream, response } = await openai.chat.completions.create(body).withResponse();
    expect(response.headers.get("touchstone-provider")).to.equal(seller.account.address);
    const { text, usage } = await textOf(stream);
    expect([text.split(" ").length, usage?.completion_tokens]).to.deep.equal([8, 8]);
    expect((await fetch.receipts()).map(({ faults }) => faults)).to.deep.equal([[], []]);
    expect((await fetch.status()).records.values().next().value?.firstTokenMs).to.be.a("number");
  });

  it("serves the AI SDK, whole and streamed", async () => {
    const { fetch } = buyers.open();
    const provider = createOpenAICompatible({ name: "touchstone", baseURL: "https://any.invalid/v1", fetch });
    const model = provider("small");
    const whole = await generateText({ model, prompt: "Tell a story" });
    expect(whole.text.split(" ")).to.have.length(8);
    const streamed = streamText({ model, prompt: "Tell a story" });
    expect((await streamed.text).split(" ")).to.have.length(8);
    expect((await fetch.receipts()).map(({ faults }) => faults)).to.deep.equal([[], []]);
  });

  it("serves LangChain, whole and streamed", async () => {
    const { fetch } = buyers.open();
    const configuration = { baseURL: "https://any.invalid/v1", fetch };
    const chat = new ChatOpenAI({ model: "small", apiKey: "none", configuration });
    const whole = await chat.invoke("Tell a story");
    expect(whole.text.split(" ")).to.have.length(8);
    let text = "";
    for await (const chunk of await chat.stream("Tell a story")) {
      text += chunk.text;
    }
    expect(text.split(" ")).to.have.length(8);
    expect((await fetch.receipts()).map(({ faults }) => faults)).to.deep.equal([[], []]);
  });

  it("serves the Responses API, whole and streamed", async () => {
    const { fetch, openai } = buyers.open();
    const whole = await openai.responses.create({ model: "small", input: "Tell a story" });
    expect(whole.output_text.split(" ")).to.have.length(8);
    let text = "";
    for await (const event of await openai.responses.create({ model: "small", input: "Tell a story", stream: true })) {
      text += event.type === "response.output_text.delta" ? event.delta : "";
    }
    expect(text.split(" ")).to.have.length(8);
    expect((await fetch.receipts()).map(({ faults }) => faults)).to.deep.equal([[], []]);
  });

  it("buys embeddings, with a receipt of what they cost", async () => {
    const embed = (texts: readonly string[]) =>
      Promise.resolve({ vectors: texts.map(() => Float32Array.of(0.5, -1)), promptTokens: 3 });
    Object.assign(seller.engine, { embed });
    const { fetch, openai } = buyers.open();
    const { data } = await openai.embeddings.create({ model: "small", input: ["a fox", "an owl"] });
    expect(data.map(({ embedding }) => embedding)).to.deep.equal([
      [0.5, -1],
      [0.5, -1],
    ]);
    const [kept] = await fetch.receipts();
    expect(kept).to.deep.include({ faults: [], output: undefined });
    expect(kept?.envelope.receipt).to.include({ promptTokens: 3, completionTokens: 0 });
  });

  it("is paid by a wallet that signs elsewhere", async () => {
    const account = world.buyer;
    const client = createWalletClient({
      account,
      chain: world.chain.client.chain,
      transport: http(world.chain.rpcUrl),
    });
    const { fetch, openai } = buyers.open({ wallet: client, rpcUrl: undefined });
    await openai.chat.completions.create({ model: "small", messages: MESSAGES });
    expect((await fetch.receipts()).map(({ faults }) => faults)).to.deep.equal([[]]);
  });

  it("lists the models of the market", async () => {
    const { openai } = buyers.open();
    const { data } = await openai.models.list();
    expect(data.map(({ id, owned_by }) => [id, owned_by])).to.deep.equal([["small", "touchstone"]]);
    expect((await openai.models.retrieve(seller.engine.model.id)).id).to.equal("small");
  });

  it("runs calls side by side on one channel with one deposit, and charges each once", async () => {
    const { fetch, openai } = buyers.open({ policy: { depositMultiple: 100n } });
    const asked = Array.from({ length: 12 }, (_, index) =>
      openai.chat.completions.create({ model: "small", messages: [{ role: "user", content: `Story ${index}` }] }),
    );
    await Promise.all(asked);
    const receipts = await fetch.receipts();
    expect(receipts.flatMap(({ faults }) => faults)).to.deep.equal([]);
    expect(new Set(receipts.map(({ envelope }) => envelope.receipt.seq)).size).to.equal(12);
    const { channels, spent } = await fetch.status();
    const sum = receipts.reduce((total, { envelope }) => total + envelope.receipt.amount, 0n);
    expect([channels.length, channels[0]?.charged, spent]).to.deep.equal([1, sum, sum]);
  });

  it("tops a channel up when it runs low", async () => {
    const { fetch, openai } = buyers.open({ policy: { depositMultiple: 3n } });
    const deposits: bigint[] = [];
    for (let call = 0; call < 7; call += 1) {
      const messages = [{ role: "user" as const, content: "word ".repeat(200) }];
      await openai.chat.completions.create({ model: "small", messages });
      deposits.push((await fetch.status()).deposited);
    }
    expect(deposits.at(-1)! > deposits[0]!).to.equal(true);
    expect((await fetch.receipts()).flatMap(({ faults }) => faults)).to.deep.equal([]);
  });

  it("refuses what goes beyond the budget with a status that clients do not retry", async () => {
    const asked = { model: "small", messages: MESSAGES };
    const limits = [
      [{ total: 100n }, "BUDGET_TOTAL"],
      [{ total: 1_000_000n, perCall: 10n }, "BUDGET_CALL"],
      [{ total: 1_000_000n, perProvider: 100n }, "BUDGET_PROVIDER"],
    ] as const;
    for (const [budget, code] of limits) {
      const { openai, fetch } = buyers.open({ budget, maxRetries: 2 });
      const error = await openai.chat.completions.create(asked).catch((thrown: unknown) => thrown);
      expect(error).to.include({ status: 402, code });
      expect((await fetch.status()).spent).to.equal(0n);
    }
    const { openai } = buyers.open();
    const headers = { "touchstone-max-price": "5" };
    const error = await openai.chat.completions.create(asked, { headers }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ status: 402, code: "BUDGET_CALL" });
  });

  it("never spends more than the budget, however many calls come at once", async () => {
    const total = 1_200n;
    const { openai, fetch } = buyers.open({ budget: { total } });
    const asked = Array.from({ length: 20 }, () =>
      openai.chat.completions.create({ model: "small", messages: MESSAGES }).catch((error: unknown) => error),
    );
    const outcomes = await Promise.all(asked);
    const refused = outcomes.filter((outcome) => outcome instanceof Error);
    expect(refused.length).to.be.greaterThan(0).and.lessThan(20);
    const { spent, deposited } = await fetch.status();
    expect([spent <= total, deposited <= total]).to.deep.equal([true, true]);
  });

  it("says which model nobody offers, and which policy nobody fits", async () => {
    const { openai } = buyers.open();
    const ask = (model: string, client = openai) =>
      client.chat.completions.create({ model, messages: MESSAGES }).catch((error: unknown) => error);
    expect(await ask("large")).to.include({ status: 404, code: "MODEL_NOT_OFFERED" });
    const { openai: rich } = buyers.open({ policy: { minBond: 10n ** 12n } });
    expect(await ask("small", rich)).to.include({ status: 404, code: "NO_OFFER_FITS" });
    const { openai: wary } = buyers.open({ policy: { requireVerified: true } });
    expect(await ask("small", wary)).to.include({ status: 404, code: "NO_OFFER_FITS" });
  });

  it("shows the client what the provider says of a bad request, and pays nothing for it", async () => {
    const { openai, fetch } = buyers.open();
    const bad = openai.chat.completions.create({ model: "small", messages: MESSAGES, temperature: 7 });
    expect(await bad.catch((error: unknown) => error)).to.include({ status: 400, code: "REQUEST_INVALID_FIELD" });
    expect((await fetch.status()).spent).to.equal(0n);
  });

  it("tells of each call that was paid, under the caller's name for it", async () => {
    const ended: EndedCall[] = [];
    const { openai, fetch } = buyers.open({ onCall: (call) => ended.push(call) });
    const headers = { "touchstone-call-id": "call 7" };
    await openai.chat.completions.create({ model: "small", messages: MESSAGES }, { headers });
    await fetch.receipts();
    expect(ended).to.have.length(1);
    expect(ended[0]).to.deep.include({ callId: "call 7", provider: seller.account.address, isCut: false, faults: [] });
    expect(ended[0]?.amount).to.equal(ended[0]?.envelope?.receipt.amount);
  });

  it("goes on with its channel after a restart, without another deposit", async () => {
    const channels = memoryChannelStore();
    const first = buyers.open({ channels, name: "restarted" });
    await first.openai.chat.completions.create({ model: "small", messages: MESSAGES });
    await first.fetch.close();
    const before = await first.fetch.status();
    const second = buyers.open({ channels, name: "restarted" });
    await second.openai.chat.completions.create({ model: "small", messages: MESSAGES });
    const [kept] = await second.fetch.receipts();
    expect(kept).to.deep.include({ faults: [] });
    expect(kept?.envelope.receipt.seq).to.equal(2n);
    expect((await second.fetch.status()).deposited).to.equal(before.deposited);
  });

  it("finds a channel again whose store was lost, and learns from the provider what was charged", async () => {
    const first = buyers.open({ name: "forgetful" });
    await first.openai.chat.completions.create({ model: "small", messages: MESSAGES });
    const [kept] = await first.fetch.receipts();
    const second = buyers.open({ name: "forgetful" });
    await second.openai.chat.completions.create({ model: "small", messages: [{ role: "user", content: "And now?" }] });
    const [next] = await second.fetch.receipts();
    expect(next).to.deep.include({ faults: [] });
    const { cumulative, amount } = next!.envelope.receipt;
    expect(cumulative).to.equal(kept!.envelope.receipt.amount + amount);
    const [channel] = (await second.fetch.status()).channels;
    expect([channel?.charged, channel?.dropped]).to.deep.equal([cumulative, undefined]);
  });

  it("gets the rest of its channels back when it is closed with a refund", async () => {
    const { openai, fetch } = buyers.open();
    await openai.chat.completions.create({ model: "small", messages: MESSAGES });
    const before = await tokensOf(world);
    const { deposited } = await fetch.status();
    await fetch.close({ refund: true });
    expect((await tokensOf(world)) - before).to.equal(deposited - 11n);
    const late = await fetch("https://x.invalid/v1/models");
    expect(late.status).to.equal(503);
  });

  it("takes the rest back by the chain alone, once the delay of the channel is over", async () => {
    const { openai, fetch } = buyers.open();
    await openai.chat.completions.create({ model: "small", messages: MESSAGES });
    const [asked] = await fetch.withdraw();
    expect(asked).to.include({ state: "requested" });
    await world.chain.client.increaseTime({ seconds: 86_401 });
    await world.chain.client.mine({ blocks: 1 });
    const [done] = await fetch.withdraw();
    expect(done).to.include({ state: "withdrawn", amount: asked?.amount });
    expect(await fetch.withdraw()).to.deep.equal([]);
  });

  it("is an error with a code where it cannot be answered at all", async () => {
    const { fetch } = buyers.open();
    const lost = await fetch("https://x.invalid/v1/files", { method: "POST", body: "{}" });
    expect([lost.status, (await lost.json()).error.code]).to.deep.equal([404, "ROUTE_UNKNOWN"]);
    const empty = await fetch("https://x.invalid/v1/chat/completions", { method: "POST", body: "{}" });
    expect([empty.status, (await empty.json()).error.code]).to.deep.equal([400, "CALL_INVALID"]);
    expect(new LiveError("ROUTE_UNKNOWN", "").retryable).to.equal(false);
  });
});
