import { expect } from "chai";
import { type Address, type Hex, keccak256, stringToBytes, zeroHash } from "viem";
import { judgeEvidence } from "../actions/verify-result.ts";
import { claimsOf, decodeEvidence, encodeEvidence } from "./evidence.ts";
import { inputRoot } from "./leaf.ts";
import { encodeOutput, outputHash } from "./output.ts";
import { callSalt, receiptFrozen, receiptJob, receiptRoot, receiptSpec } from "./receipt.ts";
import { receiptEvidence } from "./receipt-evidence.ts";
import { encodeRequest } from "./request.ts";
import { callSeed } from "./seed.ts";
import { encodeTrace, type TraceEntry, traceRoot } from "./trace.ts";

const PROVIDER: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const PAYER: Address = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const MARKET: Address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const PLACE = { chainId: 31_337, market: MARKET, lifetime: 86_400 } as const;
const MODEL: Hex = `0x${"33".repeat(32)}`;
const CHANNEL: Hex = `0x${"44".repeat(32)}`;

const request = encodeRequest("hi");
const output = encodeOutput({ finishReason: "length", promptTokens: 9, text: "Once upon", tokens: [5, 6] });
const entryOf = (token: number): TraceEntry => ({
  token,
  candidates: Array.from({ length: 8 }, (_, rank) => ({ id: 100 + rank, logit: 8 - rank })),
});
const trace = encodeTrace([5, 6].map(entryOf));

const ROOTLESS = {
  ...{ provider: PROVIDER, payer: PAYER, model: MODEL, channelId: CHANNEL, seq: 3n, cumulative: 70n },
  ...{ requestHash: keccak256(request), promptTokens: 9, completionTokens: 2, amount: 30n, issuedAt: 1_790_000_000 },
};
const hashes = { outputHash: outputHash(output), traceRoot: traceRoot(trace) };
const RECEIPT = { ...ROOTLESS, resultRoot: receiptRoot({ ...PLACE, receipt: ROOTLESS, ...hashes }) };

describe("receipts as jobs of one item", () => {
  it("have a spec and frozen values that no listed job has", () => {
    const spec = receiptSpec(RECEIPT, PLACE.lifetime);
    expect(spec).to.include({ client: PAYER, provider: PROVIDER, model: MODEL, items: 1, price: 30n, flags: 2 });
    expect(spec).to.include({ acceptBy: RECEIPT.issuedAt, submitWithin: 0, challengeWindow: PLACE.lifetime });
    expect(spec.input).to.equal(inputRoot([keccak256(request)]));
    expect(spec.salt).to.equal(callSalt({ channelId: CHANNEL, seq: 3n }));
    const frozen = receiptFrozen(RECEIPT, PLACE.lifetime);
    expect(frozen).to.include({ provider: PROVIDER, price: 30n, verified: true, submitBlock: 0n });
    expect(frozen.resultRoot).to.equal(RECEIPT.resultRoot);
  });

  it("have the id that their root is made with", () => {
    const job = receiptJob({ ...PLACE, receipt: RECEIPT });
    expect(receiptJob({ ...PLACE, receipt: { ...RECEIPT, resultRoot: zeroHash, cumulative: 0n } })).to.equal(job);
    expect(receiptJob({ ...PLACE, receipt: { ...RECEIPT, seq: 4n } })).to.not.equal(job);
    expect(receiptJob({ ...PLACE, chainId: 1, receipt: RECEIPT })).to.not.equal(job);
    expect(receiptJob({ ...PLACE, lifetime: 60, receipt: RECEIPT })).to.not.equal(job);
  });
});

describe("evidence of a call", () => {
  const exhibits = { ...PLACE, receipt: RECEIPT, verified: true, request, output, trace };

  it("is checked like that of a job", async () => {
    const evidence = decodeEvidence(encodeEvidence(receiptEvidence(exhibits)));
    expect(await judgeEvidence(evidence)).to.include({ verdict: "plausible" });
    expect(claimsOf(evidence)[0]).to.include({ seed: callSeed({ ...RECEIPT }) });
  });

  it("is none with other bytes than the receipt is about", async () => {
    const other = encodeOutput({ finishReason: "stop", promptTokens: 9, text: "Once upon", tokens: [5, 6] });
    for (const change of [{ output: other }, { request: encodeRequest("ho") }, { trace: encodeTrace([entryOf(5)]) }]) {
      const failure = await judgeEvidence(receiptEvidence({ ...exhibits, ...change })).catch((error: unknown) => error);
      expect(failure).to.include({ code: "CONTENT_ROOT_MISMATCH" });
    }
  });

  it("refutes a provider that contradicts itself", async () => {
    const bytes = stringToBytes("no output");
    const resultRoot = receiptRoot({ ...PLACE, receipt: ROOTLESS, outputHash: outputHash(bytes), traceRoot: zeroHash });
    const false_ = receiptEvidence({
      ...{ ...exhibits, receipt: { ...RECEIPT, resultRoot }, output: bytes, trace: new Uint8Array() },
    });
    const { verdict, faults } = await judgeEvidence(false_);
    expect(verdict).to.equal("refuted");
    expect(faults.map(({ code }) => code)).to.deep.equal(["OUTPUT_UNREADABLE"]);
  });

  it("refutes tool calls that no token of the trace made", async () => {
    const called = { finishReason: "length", promptTokens: 9, text: "Once upon", tokens: [5, 6] } as const;
    const calls = [{ id: "c", name: "pay", arguments: "{}" }];
    const bytes = encodeOutput({ ...called, tokens: [...called.tokens], toolCalls: calls });
    const resultRoot = receiptRoot({ ...PLACE, receipt: ROOTLESS, ...hashes, outputHash: outputHash(bytes) });
    const evidence = receiptEvidence({ ...exhibits, receipt: { ...RECEIPT, resultRoot }, output: bytes });
    expect((await judgeEvidence(evidence)).faults.map(({ code }) => code)).to.deep.equal(["TEXT_WRONG"]);
  });
});
