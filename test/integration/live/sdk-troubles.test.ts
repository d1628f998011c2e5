import {
  decodeEnvelope,
  decodePaymentPayload,
  type EndedCall,
  encodeEnvelope,
  encodePaymentHeader,
  getBond,
  getReceipt,
  PAYMENT_REQUIRED_HEADER,
  PAYMENT_SIGNATURE_HEADER,
  RECEIPT_EVENT,
  type ReceiptEnvelope,
  receiptTypedData,
  type TouchstoneFetchParameters,
} from "@touchstone/sdk";
import { expect } from "chai";
import OpenAI from "openai";
import { zeroHash } from "viem";
import { localCourtParameters } from "../../../scripts/network/parameters.ts";
import { until } from "../node/support/running.ts";
import type { World } from "../node/support/world.ts";
import { Buyers, type BuyerWishes, MESSAGES, textOf } from "./support/buyers.ts";
import { type Seller, startLiveWorld, startSeller, verifyModel } from "./support/seller.ts";

const STREAM = { messages: MESSAGES, stream: true, temperature: 0, seed: 7 } as const;

/** A 402 that says that the payment's channel was charged so much, and shows no voucher for it. */
function claim(payment: string, chargedCumulativeAmount: bigint, amount?: bigint): string {
  const { accepted: paid, payload } = decodePaymentPayload(payment);
  const accepted = { ...paid, amount: amount?.toString() ?? paid.amount };
  const channelId = "voucher" in payload ? payload.voucher.channelId : zeroHash;
  const amounts = { balance: "0", totalClaimed: "0", refundNonce: "0" };
  const charged = { chargedCumulativeAmount: chargedCumulativeAmount.toString() };
  const channelState = { channelId, ...amounts, ...charged, withdrawRequestedAt: 0 };
  const accepts = [{ ...accepted, extra: { ...accepted.extra, channelState } }];
  return encodePaymentHeader({ x402Version: 2, error: "too low", resource: { url: "x" }, accepts });
}

describe("SDK, live: providers in trouble, and those that lie", () => {
  let world: World;
  let buyers: Buyers;
  /** Sells the same model as `second`, for less. */
  let first: Seller;
  let second: Seller;
  before(async () => {
    world = await startLiveWorld();
    first = await startSeller(world);
    second = await startSeller(world, { price: 2_000_000n });
    await verifyModel(world, first.engine.model.id);
    buyers = new Buyers(world);
  });
  beforeEach(() => {
    first.become({ msPerToken: 0, isCheap: false, onGenerate: () => undefined });
  });
  after(async () => {
    await buyers?.close();
    await Promise.all([first?.stop(), second?.stop()]);
    await world?.close();
  });

  /** A buyer who looks at prices alone, so that the first is asked first. */
  function open(wishes: BuyerWishes = {}) {
    const policy = { weights: { latency: 0 }, recheckShare: 0, ...wishes.policy };
    return { model: "small", ...buyers.open({ ...wishes, policy }) };
  }

  /** A buyer who knows only the first. */
  function openSole(wishes: BuyerWishes = {}) {
    return open({ ...wishes, policy: { providers: [first.account.address], ...wishes.policy } });
  }

  const providerOf = ({ headers }: Response) => headers.get("touchstone-provider");

  /** What the platform's fetch brings, changed on its way. */
  function through(change: (response: Response) => Promise<Response>): TouchstoneFetchParameters["fetch"] {
    return async (input, init) => {
      const response = await globalThis.fetch(input, init);
      return init?.method === "POST" ? await change(response) : response;
    };
  }

  /** A connection that breaks after the first token. */
  function breaking() {
    return through((response) => {
      let chunks = 0;
      const cut = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          chunks += 1;
          chunks > 2 ? controller.error(new TypeError("terminated")) : controller.enqueue(chunk);
        },
      });
      return Promise.resolve(new Response(response.body?.pipeThrough(cut), response));
    });
  }

  /** A provider that sends other receipts than it should. */
  function forging(change: (envelope: ReceiptEnvelope) => ReceiptEnvelope | Promise<ReceiptEnvelope>) {
    return through(async (response) => {
      const text = await response.text();
      const [whole = "", json = ""] = new RegExp(`event: ${RECEIPT_EVENT}\ndata: (.*)\n`).exec(text) ?? [];
      const forged = encodeEnvelope(await change(decodeEnvelope(json)));
      return new Response(text.replace(whole, `event: ${RECEIPT_EVENT}\ndata: ${forged}\n`), response);
    });
  }

  it("asks the next provider where the first does not answer, and the client sees nothing of it", async () => {
    const dead: TouchstoneFetchParameters["fetch"] = (input, init) =>
      globalThis.fetch(init?.method === "POST" ? String(input).replace(first.url, "http://127.0.0.1:9") : input, init);
    const { model, openai } = open({ fetch: dead });
    const { data, response } = await openai.chat.completions.create({ model, ...STREAM }).withResponse();
    expect((await textOf(data)).text.split(" ")).to.have.length(8);
    expect(providerOf(response)).to.equal(second.account.address);
  });

  it("asks the next provider where the first fails before its first token", async () => {
    const onGenerate = () => {
      throw new Error("out of memory");
    };
    first.become({ onGenerate });
    const { model, openai } = open();
    const { data, response } = await openai.chat.completions.create({ model, ...STREAM }).withResponse();
    expect((await textOf(data)).text.split(" ")).to.have.length(8);
    expect(providerOf(response)).to.equal(second.account.address);
  });

  it("asks the next provider where the first token does not come in time", async () => {
    const { model, openai } = open({ policy: { firstTokenTimeoutMs: 300 } });
    await openai.chat.completions.create({ model, messages: MESSAGES }); // a deposit takes longer, and may
    first.become({ msPerToken: 5_000 });
    const { data, response } = await openai.chat.completions.create({ model, ...STREAM }).withResponse();
    await textOf(data);
    expect(providerOf(response)).to.equal(second.account.address);
  });

  it("says that all providers failed with a status that clients retry", async () => {
    const dead: TouchstoneFetchParameters["fetch"] = (input, init) =>
      init?.method === "POST" ? Promise.reject(new TypeError("no way there")) : globalThis.fetch(input, init);
    const ended: EndedCall[] = [];
    const { model, openai, fetch } = open({ fetch: dead, onCall: (call) => ended.push(call) });
    const error = await openai.chat.completions
      .create({ model, messages: MESSAGES })
      .catch((thrown: unknown) => thrown);
    expect(error).to.include({ status: 503, code: "PROVIDERS_FAILED" });
    await fetch.receipts();
    expect(ended.map(({ isCut, envelope }) => [isCut, envelope])).to.deep.equal([
      [true, undefined],
      [true, undefined],
    ]);
  });

  it("ends a stream that cannot go on with an error that clients show", async () => {
    const { model, openai } = open({ fetch: breaking() });
    const stream = await openai.chat.completions.create({ model, messages: MESSAGES, stream: true, max_tokens: 20 });
    const error = await textOf(stream).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(OpenAI.APIError).and.include({ code: "STREAM_BROKEN" });
  });

  it("lets the provider stop when the client leaves, and owes what was made", async () => {
    const ended: EndedCall[] = [];
    const { model, openai, fetch } = openSole({ onCall: (call) => ended.push(call) });
    first.become({ msPerToken: 30 });
    const stream = await openai.chat.completions.create({ model, ...STREAM, max_tokens: 200 });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) {
        break;
      }
    }
    const isIdle = (running: number | undefined) => running === 0;
    await until(() => first.node.health().live?.running, isIdle);
    await fetch.receipts();
    expect(ended.map(({ isCut, envelope }) => [isCut, envelope])).to.deep.equal([[true, undefined]]);
    await openai.chat.completions.create({ model, messages: MESSAGES });
    const [kept] = await fetch.receipts();
    expect(kept?.faults).to.deep.equal([]);
    expect(kept!.envelope.receipt.cumulative > kept!.envelope.receipt.amount).to.equal(true);
    const [channel] = (await fetch.status()).channels;
    expect(channel?.charged).to.equal(kept?.envelope.receipt.cumulative);
  });

  const lies: Readonly<Record<string, (envelope: ReceiptEnvelope) => ReceiptEnvelope>> = {
    RECEIPT_SIGNATURE: (envelope) => ({ ...envelope, signature: `0x${"11".repeat(64)}1b` }),
    RECEIPT_OUTPUT: (envelope) => ({ ...envelope, tokens: [...(envelope.tokens ?? []), 1] }),
    RECEIPT_AMOUNT: ({ receipt, ...rest }) => ({ ...rest, receipt: { ...receipt, amount: 2n ** 64n - 1n } }),
    OVERCHARGED: ({ receipt, ...rest }) => ({
      ...rest,
      receipt: { ...receipt, cumulative: receipt.cumulative + 9_000n },
    }),
  };
  for (const [code, lie] of Object.entries(lies)) {
    it(`buys nothing more of a provider whose receipt lies: ${code}`, async () => {
      const ended: EndedCall[] = [];
      const { model, openai, fetch } = openSole({ fetch: forging(lie), onCall: (call) => ended.push(call) });
      await textOf(await openai.chat.completions.create({ model, ...STREAM }));
      const [kept] = await fetch.receipts();
      expect(kept?.faults.map((fault) => fault.code)).to.include(code);
      expect(ended.map(({ amount }) => amount < 9_000n)).to.deep.equal([true]); // no more than was signed for
      expect((await fetch.status()).channels[0]?.dropped).to.be.a("string");
      const error = await openai.chat.completions.create({ model, ...STREAM }).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "NO_OFFER_FITS" });
    });
  }

  it("buys nothing more of a provider that sends no receipt", async () => {
    const without = through(async (response) => {
      const text = await response.text();
      return new Response(text.replace(/event: touchstone.receipt\ndata: .*\n\n/, ""), response);
    });
    const { model, openai, fetch } = openSole({ fetch: without });
    await textOf(await openai.chat.completions.create({ model, ...STREAM }));
    await fetch.receipts();
    expect((await fetch.status()).channels[0]?.dropped).to.equal("RECEIPT_MISSING");
  });

  /** A first provider that answers each payment with a 402. */
  function refusing(required: (payment: string) => string) {
    const asked: string[] = [];
    const fetch: TouchstoneFetchParameters["fetch"] = (input, init) => {
      const payment = new Headers(init?.headers).get(PAYMENT_SIGNATURE_HEADER);
      if (payment === null || !String(input).startsWith(first.url)) {
        return globalThis.fetch(input, init);
      }
      asked.push(payment);
      const headers = { [PAYMENT_REQUIRED_HEADER]: required(payment) };
      return Promise.resolve(new Response("{}", { status: 402, headers }));
    };
    return { asked, fetch };
  }

  it("pays nothing on a provider's word that more was charged, and asks the next", async () => {
    const lying = refusing((payment) => claim(payment, 100n));
    const { model, openai, fetch } = open({ fetch: lying.fetch });
    const { response } = await openai.chat.completions.create({ model, messages: MESSAGES }).withResponse();
    expect([providerOf(response), lying.asked.length]).to.deep.equal([second.account.address, 1]);
    const channel = (await fetch.status()).channels.find(({ provider }) => provider === first.account.address);
    expect(channel).to.include({ charged: 0n, dropped: "OVERCHARGED" });
  });

  it("pays no more than the card says, where the provider then asks for more, and asks the next", async () => {
    const dearer = refusing((payment) => claim(payment, 0n, 10n ** 9n));
    const { model, openai } = open({ fetch: dearer.fetch });
    const { response } = await openai.chat.completions.create({ model, messages: MESSAGES }).withResponse();
    expect([providerOf(response), dearer.asked.length]).to.deep.equal([second.account.address, 1]);
  });

  it("has answers looked at by another provider, and drops one whose model is another", async () => {
    const { model, openai, fetch } = open({ policy: { recheckShare: 1 } });
    await openai.chat.completions.create({ model, messages: MESSAGES });
    expect((await fetch.receipts()).map(({ recheck }) => recheck)).to.deep.equal(["confirmed"]);
    first.become({ isCheap: true });
    await openai.chat.completions.create({ model, messages: MESSAGES });
    const kept = (await fetch.receipts()).at(-1);
    expect([kept?.recheck, kept?.faults.map(({ code }) => code)]).to.deep.equal(["refuted", ["RECHECK_REFUTED"]]);
    const { response } = await openai.chat.completions.create({ model, messages: MESSAGES }).withResponse();
    expect(providerOf(response)).to.equal(second.account.address);
  });

  it("brings a false answer before the court where the policy says so", async () => {
    first.become({ isCheap: true });
    const { model, openai, fetch } = open({ policy: { recheckShare: 1, challenge: true } });
    await openai.chat.completions.create({ model, messages: MESSAGES });
    const [kept] = await fetch.receipts();
    const { status } = await getReceipt(world.chain.client, { market: world.market, job: kept!.job });
    expect(status).to.be.a("number");
  });

  it("buys nothing more of a provider that breaks answers off so often that it must be to keep them from the court", async () => {
    const cut = async ({ receipt: told, ...rest }: ReceiptEnvelope): Promise<ReceiptEnvelope> => {
      const receipt = { ...told, resultRoot: zeroHash };
      const typed = receiptTypedData({ chainId: world.chain.client.chain.id, market: world.market, receipt });
      return { ...rest, receipt, signature: await first.account.signTypedData(typed) };
    };
    const { model, openai, fetch } = openSole({ fetch: forging(cut) });
    const dropped: unknown[] = [];
    for (let seed = 0; seed < 3; seed++) {
      await textOf(await openai.chat.completions.create({ model, ...STREAM, seed }));
      await fetch.receipts();
      dropped.push((await fetch.status()).channels[0]?.dropped);
    }
    expect(dropped).to.deep.equal([undefined, undefined, "ANSWER_CUT"]);
  });

  it("proves two receipts with one number, and the provider is slashed at once", async () => {
    const chainId = world.chain.client.chain.id;
    const twice = async ({ receipt: told, ...rest }: ReceiptEnvelope): Promise<ReceiptEnvelope> => {
      const receipt = { ...told, seq: 1n };
      const typed = receiptTypedData({ chainId, market: world.market, receipt });
      return { ...rest, receipt, signature: await first.account.signTypedData(typed) };
    };
    const bondOf = async () =>
      (await getBond(world.chain.client, { market: world.market, provider: first.account.address })).amount;
    const before = await bondOf();
    const { model, openai, fetch } = openSole({ fetch: forging(twice), policy: { challenge: true } });
    await textOf(await openai.chat.completions.create({ model, ...STREAM }));
    expect((await fetch.receipts()).map(({ faults }) => faults)).to.deep.equal([[]]);
    await textOf(await openai.chat.completions.create({ model, ...STREAM, seed: 8 }));
    const [, second] = await fetch.receipts();
    expect(second?.faults.map(({ code }) => code)).to.include("RECEIPT_SEQ");
    expect(await bondOf()).to.equal(before - localCourtParameters.minBond);
  });

  it("seals prompts where the policy says so, with receipts over the plain bytes", async () => {
    const seen: string[] = [];
    const listening: TouchstoneFetchParameters["fetch"] = (input, init) => {
      seen.push(init?.body instanceof Uint8Array ? new TextDecoder().decode(init.body) : "");
      return globalThis.fetch(input, init);
    };
    const { model, openai, fetch } = openSole({ fetch: listening, policy: { sealed: true } });
    const messages = [{ role: "user" as const, content: "a secret word" }];
    await openai.chat.completions.create({ model, messages });
    expect((await fetch.receipts()).map(({ faults }) => faults)).to.deep.equal([[]]);
    expect(seen.join("")).to.include("touchstone_sealed").and.not.include("secret");
  });

  it("goes on at another provider where one dies amid a stream, with the very same text", async () => {
    const { model, openai, fetch } = open();
    first.become({ msPerToken: 40 });
    const stream = await openai.chat.completions.create({ model, ...STREAM, max_tokens: 20 });
    let text = "";
    const ids = new Set<string>();
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      ids.add(chunk.id);
      if (text.split(" ").length === 5) {
        await first.vanish();
      }
    }
    const [kept] = await fetch.receipts();
    expect(kept?.envelope.receipt.provider).to.equal(second.account.address);
    expect(kept?.faults).to.deep.equal([]);
    expect(JSON.parse(new TextDecoder().decode(kept?.output)).text).to.equal(text);
    expect([text.split(" ").length, ids.size]).to.deep.equal([20, 1]);
  });
});
