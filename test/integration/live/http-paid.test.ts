import {
  ChatAssembler,
  checkReceipt,
  decodeEnvelopeHeader,
  decodeSettleResponse,
  PAYMENT_SIGNATURE_HEADER,
  RECEIPT_FULL,
  RECEIPT_HEADER,
  type ReceiptEnvelope,
  SEALED_MEDIA_TYPE,
  sealRequest,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { zeroHash } from "viem";
import { placeStandIns } from "../../../scripts/network/stand-ins.ts";
import { type NodeUnderTest, runNode, settingsFor, until } from "../node/support/running.ts";
import { World } from "../node/support/world.ts";
import { type OpenNode, openNode } from "./support/open-node.ts";
import { mint, Payer } from "./support/payer.ts";
import { eventsOf } from "./support/sse.ts";
import { openStoryteller, type Storyteller } from "./support/storyteller.ts";

/** A token is a unit. */
const PRICES = { pricePerItem: 100n, pricePerMillionInputTokens: 1_000_000n, pricePerMillionOutputTokens: 1_000_000n };
const DEPOSIT = 1_000_000n;
const STEP = 2_000n;
const LIFETIME = 86_400;
const ROUTE = "/v1/chat/completions";

const chat = (maxTokens: number, fields: object = {}) => ({
  model: "storyteller",
  messages: [{ role: "user", content: "Tell a story about a brave fox and a lost key" }],
  max_tokens: maxTokens,
  ...fields,
});
const bytesOf = (body: object) => new TextEncoder().encode(JSON.stringify(body));

describe("a node that sells calls by HTTP", () => {
  let world: World;
  let storyteller: Storyteller;
  let node: NodeUnderTest;
  let shown: OpenNode;
  let payer: Payer;
  let ceiling: bigint;

  before(async () => {
    [world, storyteller] = await Promise.all([World.start(), openStoryteller()]);
    await placeStandIns(world.chain.rpcUrl);
    await mint(world, world.buyer);
    const settings = { ...PRICES, live: true };
    node = await runNode(world, [storyteller.engine], settings);
    await until(
      () => node.health().isSynced,
      (isSynced) => isSynced,
    );
    shown = await openNode(node, [storyteller.engine], { ...settingsFor(world), ...settings });
    payer = new Payer(world, node.live!);
    ceiling = STEP;
    const opened = await post(chat(1), await payer.deposit(DEPOSIT, ceiling));
    expect([opened.status, (await opened.json()).choices.length]).to.deep.equal([200, 1]);
  });

  after(async () => {
    await shown.close();
    await node.stop();
    await storyteller.close();
    await world.close();
  });

  /** A voucher that pays one more call. */
  const pay = () => {
    ceiling += STEP;
    return payer.voucher(ceiling);
  };

  function post(body: object | Uint8Array, payment: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(shown.url + ROUTE, {
      method: "POST",
      headers: { "content-type": "application/json", [PAYMENT_SIGNATURE_HEADER]: payment, ...headers },
      body: (body instanceof Uint8Array ? body : bytesOf(body)) as BodyInit,
    });
  }

  /** What the one channel of these tests was charged so far. */
  const charged = () => node.health().live!.charged;

  async function faultsOf(envelope: ReceiptEnvelope, request: object, received: object) {
    return await checkReceipt(envelope, {
      chainId: world.chain.client.chain.id,
      market: world.market,
      lifetime: LIFETIME,
      provider: world.provider.address,
      operators: [world.operator.address],
      payer: payer.config.payer,
      model: storyteller.engine.model.id,
      channelId: payer.id,
      requestBytes: bytesOf(request),
      pricing: PRICES,
      reserve: STEP,
      seq: { least: 1n, most: 1_000n },
      charged: { least: 0n, most: DEPOSIT },
      now: await world.now(),
      ...received,
    });
  }

  it("answers whole, charges the tokens used, and signs what was received", async () => {
    const before = charged();
    const response = await post(chat(24), await pay(), { [RECEIPT_HEADER]: RECEIPT_FULL });
    const assembler = new ChatAssembler();
    assembler.take(await response.json());
    assembler.takeReceipt(decodeEnvelopeHeader(response.headers.get(RECEIPT_HEADER)!));
    const received = assembler.received();
    const { usage, receipt } = received;
    const price = 100n + BigInt(usage!.promptTokens + usage!.completionTokens);
    expect(charged()).to.equal(before + price);
    const settled = decodeSettleResponse(response.headers.get("payment-response")!);
    expect(settled.extra).to.deep.include({ chargedAmount: price.toString() });
    expect(receipt!.receipt.resultRoot).to.not.equal(zeroHash);
    expect(await faultsOf(receipt!, chat(24), received)).to.deep.equal([]);
    const other = { ...received, text: `${received.text}.` };
    expect((await faultsOf(receipt!, chat(24), other)).map(({ code }) => code)).to.deep.equal(["RECEIPT_OUTPUT"]);
  });

  it("streams, and the receipt at the end is for the text that came", async () => {
    const wish = chat(24, { stream: true });
    const assembler = new ChatAssembler();
    for (const { event, data } of await eventsOf(await post(wish, await pay(), { [RECEIPT_HEADER]: RECEIPT_FULL }))) {
      assembler.takeEvent({ event, data: data! });
    }
    const received = assembler.received();
    expect(received.isDone).to.equal(true);
    expect(await faultsOf(received.receipt!, wish, received)).to.deep.equal([]);
  });

  it("charges a reader that leaves for what it was sent, and never more than it made", async () => {
    const before = charged();
    const response = await post(chat(1_000, { stream: true, temperature: 1, seed: 1 }), await pay());
    let seen = 0;
    for await (const bytes of response.body!) {
      seen += new TextDecoder().decode(bytes).match(/"content":"[^"]/g)?.length ?? 0;
      if (seen >= 5) {
        break;
      }
    }
    const after = await until(charged, (amount) => amount > before);
    const { promptTokens } = (await storyteller.engine.read({ messages: chat(1).messages as never }, [])) as never;
    expect(after - before).to.be.within(100n + BigInt(promptTokens) + BigInt(seen), 100n + BigInt(promptTokens) + 999n);
  });

  it("serves one of two that bring the same payment at once, and gives the other the same answer later", async () => {
    const payment = await pay();
    const wish = chat(40);
    const both = await Promise.all([post(wish, payment), post(wish, payment)]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    const served = both.find(({ status }) => status === 200)!;
    const waiting = both.find(({ status }) => status === 409)!;
    expect(Number(waiting.headers.get("retry-after"))).to.be.greaterThan(0);
    expect((await waiting.json()).error).to.include({ code: "CALL_RUNNING", type: "conflict_error" });
    const again = await post(wish, payment);
    expect((await again.json()).choices).to.deep.equal((await served.json()).choices);
    const [one, same] = [served, again].map(({ headers }) => decodeEnvelopeHeader(headers.get(RECEIPT_HEADER)!));
    expect(same).to.deep.equal(one);
    const other = await post(chat(41), payment);
    expect([other.status, (await other.json()).error.code]).to.deep.equal([402, "PAYMENT_USED"]);
  });

  it("opens what was sealed for the key on its card", async () => {
    const binding = { model: storyteller.engine.model.id, provider: world.provider.address };
    const sealed = await sealRequest(bytesOf(chat(8)), shown.card.encryptionKey!, binding);
    const response = await post(sealed, await pay(), { "content-type": SEALED_MEDIA_TYPE });
    expect(response.status).to.equal(200);
    const envelope = decodeEnvelopeHeader(response.headers.get(RECEIPT_HEADER)!);
    expect((await faultsOf(envelope, chat(8), {})).map(({ code }) => code)).to.deep.equal([]);
  });

  it("sells embeddings whose receipts no court is asked about", async () => {
    const response = await fetch(`${shown.url}/v1/embeddings`, {
      method: "POST",
      headers: { "content-type": "application/json", [PAYMENT_SIGNATURE_HEADER]: await pay() },
      body: JSON.stringify({ model: "storyteller", input: ["A fox.", "An owl."] }),
    });
    const { data, usage } = await response.json();
    const { receipt } = decodeEnvelopeHeader(response.headers.get(RECEIPT_HEADER)!);
    expect([data.length, receipt.resultRoot, receipt.completionTokens]).to.deep.equal([2, zeroHash, 0]);
    expect(receipt.amount).to.equal(100n + BigInt(usage.prompt_tokens));
  });

  it("gives what is left in a channel back to who asks by GET", async () => {
    const amount = charged();
    const payment = await payer.refund(amount);
    const response = await fetch(shown.url + ROUTE, { headers: { [PAYMENT_SIGNATURE_HEADER]: payment } });
    expect(response.status).to.equal(200);
    expect(decodeSettleResponse(response.headers.get("payment-response")!).amount).to.equal(String(DEPOSIT - amount));
  });
});
