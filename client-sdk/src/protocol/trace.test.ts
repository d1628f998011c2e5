import { expect } from "chai";
import { type Hex, zeroHash } from "viem";
import { keccak256 } from "viem/utils";
import { TouchstoneError } from "../errors.ts";
import { merkleRoot, verifyProof } from "./merkle.ts";
import {
  decodeTrace,
  encodeTrace,
  proveChunk,
  type TraceEntry,
  traceChunkCount,
  traceChunks,
  traceLeaf,
  traceRoot,
} from "./trace.ts";

const ENTRY: TraceEntry = {
  token: 0x01020304,
  candidates: [300, 2.001953125, 1, 0.5, 0, -0.001953125, -1, -300].map((logit, rank) => ({ id: rank, logit })),
};
const entries = (count: number): TraceEntry[] => Array.from({ length: count }, (_, token) => ({ ...ENTRY, token }));

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof TouchstoneError ? error.code : undefined;
  }
}

describe("traces", () => {
  it("take 52 bytes a token: the id, then eight ids and logits, big-endian", () => {
    const hex = Buffer.from(encodeTrace([ENTRY])).toString("hex");
    const logits = ["7fff", "0201", "0100", "0080", "0000", "ffff", "ff00", "8000"]; // halves away from zero, clipped
    expect(hex).to.equal(`01020304${logits.map((logit, rank) => `0000000${rank}${logit}`).join("")}`);
  });

  it("come back as they were, but for rounding", () => {
    const [read] = decodeTrace(encodeTrace([ENTRY]));
    expect(read?.token).to.equal(ENTRY.token);
    const logits = read?.candidates.map(({ logit }) => logit);
    expect(logits).to.deep.equal([32767 / 256, 513 / 256, 1, 0.5, 0, -1 / 256, -1, -128]);
    expect(encodeTrace(read ? [read] : [])).to.deep.equal(encodeTrace([ENTRY]));
  });

  it("have no other length than a whole number of entries, and no other number of candidates", () => {
    expect(codeOf(() => decodeTrace(new Uint8Array(53)))).to.equal("INVALID_DATA");
    expect(codeOf(() => encodeTrace([{ token: 1, candidates: [] }]))).to.equal("INVALID_DATA");
    expect(decodeTrace(new Uint8Array())).to.deep.equal([]);
  });

  it("are committed to by chunks of 1,024 entries, each of which can be proven", () => {
    const trace = encodeTrace(entries(2049));
    expect(traceChunks(trace).map(({ length }) => length)).to.deep.equal([53_248, 53_248, 52]);
    const root = traceRoot(trace);
    for (const chunk of [0, 1, 2]) {
      const { bytes, proof } = proveChunk(trace, chunk);
      const leaf = traceLeaf({ chunk, chunkHash: keccak256(bytes) });
      expect(verifyProof({ root, leaf, proof })).to.equal(true);
      const elsewhere = traceLeaf({ chunk: chunk + 1, chunkHash: keccak256(bytes) });
      expect(verifyProof({ root, leaf: elsewhere, proof })).to.equal(false);
    }
    expect(proveChunk(trace, 3)).to.deep.equal(proveChunk(trace, 2));
  });

  it("end with a chunk that is not full, so that the last one is known as such", () => {
    const lengths = (count: number) => traceChunks(encodeTrace(entries(count))).map(({ length }) => length);
    expect(lengths(1023)).to.deep.equal([53_196]);
    expect(lengths(1024)).to.deep.equal([53_248, 0]);
    expect(traceChunkCount(1024)).to.equal(2);
    expect(proveChunk(encodeTrace(entries(1024)), 9)).to.deep.include({ chunk: 1, bytes: new Uint8Array() });
    expect(proveChunk(new Uint8Array(), 1)).to.deep.equal({ chunk: 0, bytes: new Uint8Array(), proof: [] });
  });

  it("have the root that they had", () => {
    const root: Hex = traceRoot(encodeTrace([ENTRY]));
    expect(root).to.equal(merkleRoot([traceLeaf({ chunk: 0, chunkHash: keccak256(encodeTrace([ENTRY])) })]));
    expect(root).to.equal("0x2bfb59a2de9c4a752c6400f2dee4dc350c0329a448e7ab46cf9181a03f45b67a");
    expect(traceRoot(new Uint8Array())).to.equal(zeroHash);
  });
});
