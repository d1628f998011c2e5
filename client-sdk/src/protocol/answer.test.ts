import { expect } from "chai";
import { type Hex, zeroAddress, zeroHash } from "viem";
import { bytesToHex, keccak256 } from "viem/utils";
import { answerOf } from "./answer.ts";
import { TRACE_CHUNK_BYTES } from "./generated/constants.ts";
import { inputLeaf, inputRoot, resultLeaf, resultRoot } from "./leaf.ts";
import { verifyProof } from "./merkle.ts";
import { traceLeaf, traceRoot } from "./trace.ts";

const JOB: Hex = `0x${"11".repeat(32)}`;
const REQUEST = Uint8Array.of(1, 2);
const OUTPUT = Uint8Array.of(3, 4);
const TRACE = Uint8Array.from({ length: Number(TRACE_CHUNK_BYTES) + 52 }, (_, index) => index % 251);
const requestHashes = [zeroHash, keccak256(REQUEST), zeroHash];

function sourceWith(trace: Uint8Array, chunk: number) {
  const item = { outputHash: keccak256(OUTPUT), traceRoot: traceRoot(trace) };
  const items = [{ outputHash: zeroHash }, item, { outputHash: zeroHash }];
  const bytes = { request: REQUEST, output: OUTPUT, trace };
  return { job: JOB, provider: zeroAddress, items, requestHashes, item: 1, chunk, ...bytes };
}

describe("answers", () => {
  it("bring request, output and the first chunk of the trace, each with its proof", () => {
    const source = sourceWith(TRACE, 0);
    const answer = answerOf(source);
    expect(answer).to.include({ request: bytesToHex(REQUEST), output: bytesToHex(OUTPUT), traceChunk: 0 });
    const { outputHash, traceRoot: root, resultProof, inputProof, traceProof, trace } = answer;
    const result = resultLeaf({ job: JOB, provider: zeroAddress, index: 1, outputHash, traceRoot: root });
    expect(verifyProof({ root: resultRoot(source), leaf: result, proof: resultProof })).to.equal(true);
    const request = inputLeaf({ index: 1, requestHash: keccak256(REQUEST) });
    expect(verifyProof({ root: inputRoot(requestHashes), leaf: request, proof: inputProof })).to.equal(true);
    const chunk = traceLeaf({ chunk: 0, chunkHash: keccak256(trace) });
    expect(verifyProof({ root, leaf: chunk, proof: traceProof })).to.equal(true);
  });

  it("bring a later chunk alone, and the last one where there are fewer", () => {
    const second = answerOf(sourceWith(TRACE, 1));
    expect(second).to.include({ request: "0x", output: "0x", traceChunk: 1 });
    expect(second.inputProof).to.deep.equal([]);
    expect(second.trace).to.equal(bytesToHex(TRACE.subarray(-52)));
    expect(answerOf(sourceWith(TRACE, 9))).to.deep.equal(second);
  });

  it("bring no trace where there is none", () => {
    for (const chunk of [0, 1]) {
      const answer = answerOf(sourceWith(new Uint8Array(), chunk));
      expect(answer).to.include({ trace: "0x", traceRoot: zeroHash, traceChunk: 0 });
      expect(answer.traceProof).to.deep.equal([]);
    }
  });

  it("say that the job has no such item", () => {
    expect(() => answerOf({ ...sourceWith(TRACE, 0), item: 3 }))
      .to.throw()
      .with.property("code", "MERKLE_NO_SUCH_LEAF");
  });
});
