import { expect } from "chai";
import fc from "fast-check";
import { type Address, bytesToHex, type Hex, keccak256, zeroHash } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { encodeOutput, outputHash } from "./output.ts";
import { priceOf } from "./price.ts";
import { type Receipt, receiptRoot, receiptTypedData } from "./receipt.ts";
import { checkReceipt, type ReceiptExpectation, type ReceiptFaultCode, receiptChecks } from "./receipt-check.ts";
import type { ReceiptEnvelope } from "./receipt-envelope.ts";
import { encodeRequest } from "./request.ts";

const OPERATOR = privateKeyToAccount(`0x${"01".repeat(32)}`);
const STRANGER = privateKeyToAccount(generatePrivateKey());
const PROVIDER: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const PAYER: Address = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const MARKET: Address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const MODEL: Hex = `0x${"33".repeat(32)}`;
const CHANNEL: Hex = `0x${"44".repeat(32)}`;
const REQUEST = encodeRequest("Tell me a story.");
const PRICING = { pricePerItem: 5n, pricePerMillionInputTokens: 400_000n, pricePerMillionOutputTokens: "900000" };
const NOW = 1_790_000_000;
const PLACE = { chainId: 31_337, market: MARKET, lifetime: 86_400 } as const;

/** What is told of one answer. */
interface Told {
  readonly text: string;
  readonly tokens: readonly number[];
  readonly promptTokens: number;
  readonly finishReason: "stop" | "length";
  readonly seq: bigint;
  readonly charged: bigint;
  readonly traceRoot: Hex;
}

const told: fc.Arbitrary<Told> = fc.record({
  text: fc.string({ unit: "grapheme", minLength: 1 }),
  tokens: fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
  promptTokens: fc.nat(4000),
  finishReason: fc.constantFrom("stop" as const, "length" as const),
  seq: fc.bigInt({ min: 1n, max: 1000n }),
  charged: fc.bigInt({ min: 0n, max: 10n ** 9n }),
  traceRoot: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToHex(bytes)),
});

const TOLD: Told = {
  ...{ text: "Once upon a time", tokens: [7, 8, 9], promptTokens: 12, finishReason: "stop", seq: 4n, charged: 900n },
  traceRoot: zeroHash,
};

/** What an honest provider fills in, but for the root. */
function honestReceipt({ tokens, promptTokens, seq, charged }: Told): Omit<Receipt, "resultRoot"> {
  const size = { items: 1, inputTokens: promptTokens, outputTokens: tokens.length };
  const amount = priceOf(PRICING, size);
  return {
    ...{ provider: PROVIDER, payer: PAYER, model: MODEL, channelId: CHANNEL, seq, cumulative: charged + amount },
    ...{ requestHash: keccak256(REQUEST), promptTokens, completionTokens: tokens.length, amount, issuedAt: NOW - 3 },
  };
}

/** A receipt as the provider's operator signs it; `changes` are those of a provider that lies. */
async function envelopeOf(
  call: Told,
  changes: Partial<Receipt> = {},
  told: Partial<ReceiptEnvelope> = {},
): Promise<ReceiptEnvelope> {
  const { text, tokens, promptTokens, finishReason, traceRoot } = call;
  const hash = outputHash(encodeOutput({ finishReason, promptTokens, text, tokens: [...tokens] }));
  const rootless = honestReceipt(call);
  const resultRoot = receiptRoot({ ...PLACE, receipt: rootless, outputHash: hash, traceRoot });
  const receipt = { ...rootless, resultRoot, ...changes };
  const signature = await OPERATOR.signTypedData(receiptTypedData({ ...PLACE, receipt }));
  return {
    ...{ receipt, operator: OPERATOR.address, signature, outputHash: hash, traceRoot, finishReason, tokens },
    ...told,
  };
}

/** What the buyer knows, with one call at a time. */
function expected({ text, finishReason, seq, charged }: Told): ReceiptExpectation {
  return {
    ...{ ...PLACE, provider: PROVIDER, payer: PAYER, model: MODEL, channelId: CHANNEL },
    ...{ operators: [OPERATOR.address], requestBytes: REQUEST, text, finishReason, pricing: PRICING, now: NOW },
    ...{ seq: { least: seq, most: seq }, charged: { least: charged, most: charged } },
  };
}

const codesOf = async (envelope: ReceiptEnvelope, expectation: ReceiptExpectation) =>
  (await checkReceipt(envelope, expectation)).map(({ code }) => code);

const OTHER_HASH: Hex = `0x${"99".repeat(32)}`;

/** What a provider may change before it signs, and what finds it. */
const LIES: readonly (readonly [keyof Receipt, (honest: Receipt) => Partial<Receipt>, ReceiptFaultCode])[] = [
  ["provider", () => ({ provider: STRANGER.address }), "RECEIPT_PARTY"],
  ["payer", () => ({ payer: STRANGER.address }), "RECEIPT_PARTY"],
  ["model", () => ({ model: OTHER_HASH }), "RECEIPT_PARTY"],
  ["channelId", () => ({ channelId: OTHER_HASH }), "RECEIPT_PARTY"],
  ["seq", ({ seq }) => ({ seq: seq + 1n }), "RECEIPT_SEQ"],
  ["cumulative", ({ cumulative }) => ({ cumulative: cumulative + 1n }), "RECEIPT_CUMULATIVE"],
  ["requestHash", () => ({ requestHash: OTHER_HASH }), "RECEIPT_REQUEST"],
  ["resultRoot", () => ({ resultRoot: OTHER_HASH }), "RECEIPT_OUTPUT"],
  ["promptTokens", ({ promptTokens }) => ({ promptTokens: promptTokens + 10 }), "RECEIPT_AMOUNT"],
  ["completionTokens", ({ completionTokens }) => ({ completionTokens: completionTokens + 1 }), "RECEIPT_AMOUNT"],
  ["amount", ({ amount }) => ({ amount: amount + 1n }), "RECEIPT_AMOUNT"],
  ["issuedAt", () => ({ issuedAt: NOW + 31 }), "RECEIPT_TIME"],
];

describe("receipts that are checked", () => {
  it("have no fault where the provider is honest", () =>
    fc.assert(
      fc.asyncProperty(told, async (call) => {
        expect(await checkReceipt(await envelopeOf(call), expected(call))).to.deep.equal([]);
      }),
      { numRuns: 50 },
    ));

  it("cannot have any field changed after they were signed", () =>
    fc.assert(
      fc.asyncProperty(told, fc.constantFrom(...LIES), async (call, [, change]) => {
        const honest = await envelopeOf(call);
        const receipt = { ...honest.receipt, ...change(honest.receipt) };
        expect(await codesOf({ ...honest, receipt }, expected(call))).to.include("RECEIPT_SIGNATURE");
      }),
      { numRuns: 50 },
    ));

  for (const [field, change, code] of LIES) {
    it(`are found where the provider signs another ${field}`, () =>
      fc.assert(
        fc.asyncProperty(told, async (call) => {
          const { receipt } = await envelopeOf(call);
          const codes = await codesOf(await envelopeOf(call, change(receipt)), expected(call));
          expect(codes).to.include(code).and.not.include("RECEIPT_SIGNATURE");
        }),
        { numRuns: 10 },
      ));
  }

  for (const field of ["seq", "cumulative", "amount", "issuedAt"] as const) {
    it(`are found where the provider signs another ${field} and fits the root to it`, async () => {
      const [, change, code] = LIES.find(([name]) => name === field) as (typeof LIES)[number];
      const honest = await envelopeOf(TOLD);
      const lie = { ...honest.receipt, ...change(honest.receipt) };
      const { outputHash, traceRoot } = honest;
      const resultRoot = receiptRoot({ ...PLACE, receipt: lie, outputHash, traceRoot });
      expect(await codesOf(await envelopeOf(TOLD, { ...lie, resultRoot }), expected(TOLD))).to.include.members([code]);
      expect(await codesOf(await envelopeOf(TOLD, { ...lie, resultRoot }), expected(TOLD))).not.to.include(
        "RECEIPT_OUTPUT",
      );
    });
  }

  for (const [name, lie, code] of [
    ["another signer", { operator: STRANGER.address }, "RECEIPT_SIGNATURE"],
    ["no signature", { signature: "0x" }, "RECEIPT_SIGNATURE"],
    ["another output", { outputHash: OTHER_HASH }, "RECEIPT_OUTPUT"],
    ["another trace", { traceRoot: OTHER_HASH }, "RECEIPT_OUTPUT"],
    ["other tokens", { tokens: [7, 8, 10] }, "RECEIPT_OUTPUT"],
    ["no tokens", { tokens: [] }, "RECEIPT_OUTPUT"],
    ["another reason to end", { finishReason: "length" }, "RECEIPT_OUTPUT"],
  ] as const) {
    it(`are found with ${name} beside them`, async () => {
      expect(await codesOf(await envelopeOf(TOLD, {}, lie), expected(TOLD))).to.include(code);
    });
  }

  it("must be signed by a key of the provider, where those are known", async () => {
    const envelope = await envelopeOf(TOLD);
    const { operators: _, ...unknown } = expected(TOLD);
    expect(await codesOf(envelope, unknown)).to.deep.equal([]);
    expect(await codesOf(envelope, { ...unknown, operators: [] })).to.deep.equal(["RECEIPT_SIGNATURE"]);
  });

  it("may be signed by a contract, which the caller asks", async () => {
    const envelope = await envelopeOf(TOLD, {}, { operator: PROVIDER, signature: "0x1271" });
    const asking = (isRight: boolean) => ({ ...expected(TOLD), verifySignature: () => Promise.resolve(isRight) });
    expect(await codesOf(envelope, asking(true))).to.deep.equal([]);
    expect(await codesOf(envelope, asking(false))).to.deep.equal(["RECEIPT_SIGNATURE"]);
    expect(await codesOf(envelope, expected(TOLD))).to.deep.equal(["RECEIPT_SIGNATURE"]);
  });

  it("are found with another text, one letter of it", () =>
    fc.assert(
      fc.asyncProperty(told, async (call) => {
        const received = { ...expected(call), text: `${call.text}.` };
        expect(await codesOf(await envelopeOf(call), received)).to.deep.equal(["RECEIPT_OUTPUT"]);
      }),
      { numRuns: 20 },
    ));

  it("need the tokens, unless the engine tells none", async () => {
    const { tokens: _, ...envelope } = await envelopeOf(TOLD);
    expect(await codesOf(envelope, expected(TOLD))).to.deep.equal(["RECEIPT_OUTPUT"]);
    expect(await codesOf(envelope, { ...expected(TOLD), tokens: TOLD.tokens })).to.deep.equal([]);
    const bare = { ...TOLD, tokens: [] };
    const untold = { ...expected(bare), isUntokenised: true };
    expect(await codesOf(await envelopeOf(bare), untold)).to.deep.equal([]);
    expect(await codesOf(await envelopeOf(bare), expected(bare))).to.deep.equal(["RECEIPT_OUTPUT"]);
  });

  it("commit to nothing where the buyer left before the end, and only there", async () => {
    const cut = await envelopeOf(TOLD, { resultRoot: zeroHash }, { outputHash: zeroHash, traceRoot: zeroHash });
    const { text: _, ...left } = expected(TOLD);
    expect(await codesOf(cut, left)).to.deep.equal([]);
    expect(await codesOf(cut, expected(TOLD))).to.deep.equal(["RECEIPT_OUTPUT"]);
  });

  it("are shown line by line as they are checked: each lie fails one line, by the fault's sentence", async () => {
    const honest = receiptChecks(await checkReceipt(await envelopeOf(TOLD), expected(TOLD)));
    expect(honest.map(({ isPassed }) => isPassed)).to.deep.equal(Array.from({ length: 8 }, () => true));
    for (const [, change] of LIES) {
      const { receipt } = await envelopeOf(TOLD);
      const faults = await checkReceipt(await envelopeOf(TOLD, change(receipt)), expected(TOLD));
      const lines = receiptChecks(faults).filter(({ isPassed }) => !isPassed);
      expect(lines.map(({ sentence }) => sentence)).to.deep.equal(faults.map(({ message }) => message));
      expect(faults).to.not.deep.equal([]);
    }
  });

  it("cost no more than the reserve", async () => {
    const envelope = await envelopeOf(TOLD);
    const { amount } = envelope.receipt;
    expect(await codesOf(envelope, { ...expected(TOLD), reserve: amount })).to.deep.equal([]);
    expect(await codesOf(envelope, { ...expected(TOLD), reserve: amount - 1n })).to.deep.equal(["RECEIPT_AMOUNT"]);
  });

  it("share neither number nor money with others of the channel", async () => {
    const envelope = await envelopeOf(TOLD);
    const { amount, cumulative, seq } = envelope.receipt;
    const { seq: _, charged: __, ...loose } = expected(TOLD);
    const withOther = (other: { seq: bigint; cumulative: bigint; amount: bigint }) =>
      codesOf(envelope, { ...loose, others: [other] });
    const next = { seq: seq + 1n, cumulative: cumulative + 7n, amount: 7n };
    expect(await withOther(next)).to.deep.equal([]);
    expect(await withOther({ seq: seq - 1n, cumulative: cumulative - amount, amount: 1n })).to.deep.equal([]);
    expect(await withOther({ ...next, seq })).to.deep.equal(["RECEIPT_SEQ"]);
    expect(await withOther({ ...next, amount: 8n })).to.deep.equal(["RECEIPT_CUMULATIVE"]);
    expect(await withOther({ seq: seq - 1n, cumulative, amount })).to.deep.equal(["RECEIPT_CUMULATIVE"]);
  });

  it("have numbers from one, and cannot charge more than all", async () => {
    const { seq: _, charged: __, ...loose } = expected(TOLD);
    expect(await codesOf(await envelopeOf({ ...TOLD, seq: 0n }), loose)).to.deep.equal(["RECEIPT_SEQ"]);
    expect(await codesOf(await envelopeOf(TOLD, { cumulative: 0n }), loose)).to.deep.equal(["RECEIPT_CUMULATIVE"]);
  });
});
