import { expect } from "chai";
import fc from "fast-check";
import { type Address, bytesToHex, getAddress, type Hex } from "viem";
import {
  decodeEnvelope,
  decodeEnvelopeHeader,
  encodeEnvelope,
  encodeEnvelopeHeader,
  type ReceiptEnvelope,
} from "./receipt-envelope.ts";

const bytes = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value) => bytesToHex(value));
const address: fc.Arbitrary<Address> = bytes(20).map((value) => getAddress(value));
const hash = bytes(32);
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const count = fc.nat(2 ** 32 - 1);

const envelope: fc.Arbitrary<ReceiptEnvelope> = fc.record(
  {
    receipt: fc.record({
      ...{ provider: address, payer: address, model: hash, channelId: hash, seq: uint64, cumulative: uint64 },
      ...{ requestHash: hash, resultRoot: hash, promptTokens: count, completionTokens: count, amount: uint64 },
      issuedAt: fc.nat(2 ** 40 - 1),
    }),
    operator: address,
    signature: bytes(65),
    outputHash: hash,
    traceRoot: hash,
    finishReason: fc.constantFrom("stop" as const, "length" as const, "tool_calls" as const),
    tokens: fc.array(count),
  },
  { requiredKeys: ["receipt", "operator", "signature", "outputHash", "traceRoot"], noNullPrototype: true },
);

const codeOf = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("envelopes of receipts", () => {
  it("travel as JSON", () => {
    fc.assert(
      fc.property(envelope, (value) => {
        expect(decodeEnvelope(encodeEnvelope(value))).to.deep.equal(value);
      }),
    );
  });

  it("travel in headers without their tokens", () => {
    fc.assert(
      fc.property(envelope, (value) => {
        const { tokens: _, ...rest } = value;
        const header = encodeEnvelopeHeader(value);
        expect(header).to.match(/^[A-Za-z0-9_-]+$/);
        expect(decodeEnvelopeHeader(header)).to.deep.equal(rest);
      }),
    );
  });

  it("are refused where they are anything else", () => {
    const [value] = fc.sample(envelope, { numRuns: 1, seed: 1 }) as [ReceiptEnvelope];
    const wire = JSON.parse(encodeEnvelope(value)) as { receipt: Record<string, unknown> };
    const changed = (changes: object) => JSON.stringify({ ...wire, receipt: { ...wire.receipt, ...changes } });
    const bad = [
      ...["", "null", "[]", "{}", changed({ seq: 1 }), changed({ seq: "18446744073709551616" })],
      ...[changed({ amount: "-1" }), changed({ issuedAt: 2 ** 40 }), changed({ tip: "1" }), changed({ payer: "0x12" })],
      ...[JSON.stringify({ ...wire, tokens: [-1] }), JSON.stringify({ ...wire, finishReason: "tired" })],
    ];
    for (const text of bad) {
      expect(
        codeOf(() => decodeEnvelope(text)),
        text,
      ).to.equal("INVALID_DATA");
    }
    const header = encodeEnvelopeHeader(value);
    for (const text of ["", "!", `${header}=`, header.slice(1), `${header}A`, "A".repeat(2 ** 24 + 1)]) {
      expect(
        codeOf(() => decodeEnvelopeHeader(text)),
        text.slice(0, 9),
      ).to.equal("INVALID_DATA");
    }
  });
});
