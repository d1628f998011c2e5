import { judgeEvidence } from "@touchstone/sdk";
import {
  chatOfResponses,
  decodeEnvelopeHeader,
  PAYMENT_SIGNATURE_HEADER,
  parseRequest,
  RECEIPT_EVENT,
  RECEIPT_FULL,
  RECEIPT_HEADER,
  type ReceiptEnvelope,
  receiptEvidence,
  SEALED_MEDIA_TYPE,
  sealRequest,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { keccak256, zeroHash } from "viem";
import { resultJudge } from "../../../provider-node/src/verify/result-judge.ts";
import { placeStandIns } from "../../../scripts/network/stand-ins.ts";
import { type NodeUnderTest, runNode, settingsFor, until } from "../node/support/running.ts";
import { World } from "../node/support/world.ts";
import { type OpenNode, openNode } from "./support/open-node.ts";
import { mint, Payer } from "./support/payer.ts";
import { eventsOf } from "./support/sse.ts";
import { openStoryteller, type Storyteller } from "./support/storyteller.ts";

/** A token is a unit. */
const PRICES = { pricePerItem: 100n, pricePerMillionInputTokens: 1_000_000n, pricePerMillionOutputTokens: 1_000_000n };
const DEPOSIT = 100_000_000n;
const STEP = 5_000n;
const LIFETIME = 86_400;
const CHAT = "/v1/chat/completions";
const RUNS = 60;

const contents = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom(
    "",
    " ",
    "\n",
    "\u0000",
    "é",
    "e\u0301",
    "\u00a0\u2028",
    "🦊",
    "Tell a story.",
    "</s>",
    "<|im_end|>",
    "{{ x }}",
  ),
  fc.array(
    fc.string({ maxLength: 4 }).map((text) => ({ type: "text", text })),
    { minLength: 1, maxLength: 3 },
  ),
);
const messages = fc.array(
  fc.record({ role: fc.constantFrom("user", "system", "developer", "assistant"), content: contents }),
  { minLength: 1, maxLength: 3 },
);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(fc.option(of, { nil: null }), { nil: undefined });
const stops = fc.oneof(
  fc.constantFrom(" ", "a", "the", ".", "\n", "🦊", "e "),
  fc.uniqueArray(fc.constantFrom(" t", "o", "he", ",", "ing", "fox "), { minLength: 1, maxLength: 4 }),
);
const fields = {
  seed: orNull(fc.oneof(fc.integer(), fc.constantFrom(0, -0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER))),
  temperature: orNull(fc.constantFrom(0, 1e-9, 0.1, 0.7, 1, 2)),
  top_p: orNull(fc.constantFrom(0, 1e-9, 0.5, 0.9, 1)),
  max_tokens: maybe(fc.constantFrom(null, 1, 2, 3, 16)),
  max_completion_tokens: fc.constantFrom(1, 2, 5, 16),
  stop: orNull(stops),
  n: orNull(fc.constant(1)),
  user: maybe(fc.string({ maxLength: 5 })),
  metadata: maybe(fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }), { maxKeys: 2 })),
  presence_penalty: orNull(fc.constantFrom(0, -0)),
  response_format: orNull(fc.constant({ type: "text" })),
  tools: orNull(fc.constant([])),
  store: orNull(fc.boolean()),
};
const wishes = fc.record({ ...fields, messages, stream: fc.boolean(), logprobs: orNull(fc.boolean()) });

const encode = (body: object) => new TextEncoder().encode(JSON.stringify(body));

/** Responses have parts of other types. */
const textOnly = ({ role, content }: { readonly role: string; readonly content: unknown }) => ({
  role,
  content: typeof content === "string" ? content : "part",
});

/** How the same JSON may be written otherwise. */
const spellings: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) => `\r\n\t ${json} \n`,
  (json) => `{"seed":99,"temperature":0.123,"stop":"q",${json.slice(1)}`, // Keys twice: the last one counts.
  (json) => `${json.slice(0, -1)},"seed":1e2,"messages":[{"role":"user","content":"\\u0054ell"}]}`,
  (json) => json.replaceAll("e", "\\u0065").replaceAll("tru\\u0065", "true").replaceAll("fals\\u0065", "false"),
];

describe("what a node signs for the oddest requests", () => {
  let world: World;
  let storyteller: Storyteller;
  let node: NodeUnderTest;
  let shown: OpenNode;
  let payer: Payer;
  let ceiling = STEP;
  let judged = 0;

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
    const body = JSON.stringify({ model: "storyteller", messages: [{ role: "user", content: "hi" }], max_tokens: 1 });
    expect((await post(CHAT, body, await payer.deposit(DEPOSIT, ceiling))).status).to.equal(200);
  });

  after(async () => {
    await shown.close();
    await node.stop();
    await storyteller.close();
    await world.close();
  });

  async function post(route: string, body: string | Uint8Array, payment: string, type = "application/json") {
    return await fetch(shown.url + route, {
      method: "POST",
      headers: { "content-type": type, [PAYMENT_SIGNATURE_HEADER]: payment, [RECEIPT_HEADER]: RECEIPT_FULL },
      body: body as BodyInit,
    });
  }

  /** Buys a call; nothing where it is refused as a bad request. */
  async function buy(route: string, body: string | Uint8Array, type?: string): Promise<ReceiptEnvelope | undefined> {
    ceiling += STEP;
    const response = await post(route, body, await payer.voucher(ceiling), type);
    if (response.status === 400) {
      await response.arrayBuffer();
      return undefined;
    }
    expect(
      response.status,
      new TextDecoder().decode(typeof body === "string" ? new TextEncoder().encode(body) : body),
    ).to.equal(200);
    const header = response.headers.get(RECEIPT_HEADER);
    if (header !== null) {
      await response.arrayBuffer();
      return decodeEnvelopeHeader(header);
    }
    const last = (await eventsOf(response)).find(({ event }) => event === RECEIPT_EVENT);
    return decodeEnvelopeHeader(Buffer.from(last!.data!).toString("base64url"));
  }

  /** What a seat finds that fetches what the node kept. */
  async function judge({ receipt, outputHash }: ReceiptEnvelope) {
    const { market } = world;
    const reference = { chainId: world.chain.client.chain.id, market, receipt, lifetime: LIFETIME };
    const [request, output] = await Promise.all([node.blobs.get(receipt.requestHash), node.blobs.get(outputHash)]);
    const bare = receiptEvidence({
      ...reference,
      verified: true,
      request: request!,
      output: output!,
      trace: new Uint8Array(),
    });
    const [item] = node.desk.results(bare.job)!.items;
    const trace = item!.traceHash === zeroHash ? new Uint8Array() : await node.blobs.get(item!.traceHash!);
    const evidence = receiptEvidence({
      ...reference,
      verified: true,
      request: request!,
      output: output!,
      trace: trace!,
    });
    const signal = new AbortController().signal;
    return await judgeEvidence(evidence, resultJudge(storyteller.engine, { wordSeed: bare.job, signal }));
  }

  async function expectSound(envelope: ReceiptEnvelope | undefined, request: Uint8Array): Promise<void> {
    if (envelope === undefined) {
      return;
    }
    judged += 1;
    expect(envelope.receipt.requestHash).to.equal(keccak256(request));
    expect(envelope.receipt.resultRoot).not.to.equal(zeroHash);
    const { verdict, faults } = await judge(envelope);
    expect({ verdict, faults }, new TextDecoder().decode(request)).to.deep.equal({ verdict: "confirmed", faults: [] });
  }
  it("is found sound by who judges it, whatever was asked and however it was written", async () => {
    const bodies = fc.tuple(wishes, fc.nat({ max: spellings.length - 1 }));
    await fc.assert(
      fc.asyncProperty(bodies, async ([wish, spelling]) => {
        const text = spellings[spelling]!(JSON.stringify({ model: "storyteller", ...wish }));
        await expectSound(await buy(CHAT, text), new TextEncoder().encode(text));
      }),
      { numRuns: RUNS },
    );
    expect(judged).to.be.greaterThan(RUNS / 4);
  });

  it("is found sound where it was asked for as a response, or sealed", async () => {
    const binding = { model: storyteller.engine.model.id, provider: world.provider.address };
    const asked = fc.record({
      input: fc.oneof(
        fc.string({ minLength: 1, maxLength: 8 }),
        messages.map((all) => all.map(textOnly)),
      ),
      instructions: orNull(fc.string({ maxLength: 5 })),
      max_output_tokens: fc.constantFrom(1, 3, 16),
      temperature: fields.temperature,
      top_p: fields.top_p,
      metadata: fields.metadata,
      stream: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(asked, async (wish) => {
        const body = new TextEncoder().encode(JSON.stringify({ model: "storyteller", ...wish }));
        const envelope = await buy("/v1/responses", body);
        await expectSound(envelope, envelope === undefined ? body : chatOfResponses(body));
      }),
      { numRuns: RUNS / 3 },
    );
    await fc.assert(
      fc.asyncProperty(wishes, async (wish) => {
        const body = new TextEncoder().encode(JSON.stringify({ model: "storyteller", ...wish }));
        const sealed = await sealRequest(body, shown.card.encryptionKey!, binding);
        await expectSound(await buy(CHAT, sealed, SEALED_MEDIA_TYPE), body);
      }),
      { numRuns: RUNS / 3 },
    );
  });

  it("is found sound for the longest prompt that is taken", async () => {
    const { contextLength } = storyteller.engine.model;
    const bodyOf = (words: number) =>
      encode({ model: "storyteller", messages: [{ role: "user", content: "fox ".repeat(words) }], max_tokens: 1 });
    let [taken, tooMany] = [1, contextLength];
    while (tooMany - taken > 1) {
      const middle = (taken + tooMany) >> 1;
      const reading = await storyteller.engine.read(parseRequest(bodyOf(middle)), []);
      [taken, tooMany] = "error" in reading ? [taken, middle] : [middle, tooMany];
    }
    const envelope = await buy(CHAT, bodyOf(taken));
    expect(envelope!.receipt.promptTokens).to.be.within(contextLength - 2, contextLength);
    await expectSound(envelope, bodyOf(taken));
    expect(await buy(CHAT, bodyOf(tooMany))).to.equal(undefined);
  });

  it("is of a whole answer or of none, whenever its reader leaves", async () => {
    const body = encode({
      model: "storyteller",
      messages: [{ role: "user", content: "Tell of a fox" }],
      max_tokens: 16,
      stream: true,
    });
    const outcomes = new Set<string>();
    for (let delay = 0; delay < 60; delay += 2) {
      ceiling += STEP;
      const payment = await payer.voucher(ceiling);
      const headers = { "content-type": "application/json", [PAYMENT_SIGNATURE_HEADER]: payment };
      const signal = AbortSignal.timeout(delay);
      await fetch(shown.url + CHAT, { method: "POST", headers, body: body as BodyInit, signal })
        .then((response) => response.arrayBuffer())
        .catch(() => undefined);
      const again = await until(
        () => post(CHAT, body, payment),
        ({ status }) => status !== 409,
      );
      outcomes.add(String(again.status));
      if (again.status === 200) {
        const last = (await eventsOf(again)).find(({ event }) => event === RECEIPT_EVENT);
        await expectSound(decodeEnvelopeHeader(Buffer.from(last!.data!).toString("base64url")), body);
      } else {
        expect((await again.json()).error.code).to.equal("PAYMENT_USED");
      }
    }
    expect(outcomes).to.include("402");
  });
});
