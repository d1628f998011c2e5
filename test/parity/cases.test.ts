import {
  caseId,
  commitmentOf,
  DRAW_KEY,
  isDrawn,
  proveChunk,
  slotOf,
  startItem,
  TRACE_CHUNK_BYTES,
  traceChunks,
  traceLeaf,
  traceRoot,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import fc from "fast-check";
import { keccak256, zeroHash } from "viem";
import { address, hash, RUNS, uint } from "./support/arbitraries.ts";
import { type Harness, startHarness } from "./support/harness.ts";

const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

/** Amounts that draw about every second time. */
const amount = fc.bigInt({ min: 0n, max: 20n });

/** Numbers of items up to the largest, and few. */
const items = fc.oneof(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 30 }));

describe("parity: cases", () => {
  let harness: Harness;
  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());

  const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => Promise<void>) =>
    fc.assert(fc.asyncProperty(arbitrary, holds), { numRuns: RUNS });

  it("names every case as CaseLib does", () =>
    check(fc.tuple(hash, fc.oneof(uint256, fc.constant(DRAW_KEY))), async ([job, key]) => {
      expect(caseId({ job, key })).to.equal(await harness.solidity("caseId", job, key));
    }));

  it("takes the draw's case where no key is given", async () => {
    expect(caseId({ job: zeroHash })).to.equal(await harness.solidity("caseId", zeroHash, 2n ** 256n - 1n));
  });

  it("draws as CaseLib does", async () => {
    const seen = new Set<boolean>();
    await check(fc.tuple(hash, hash, amount, amount), async ([seed, job, price, above]) => {
      const auditValue = price + above + 1n;
      const drawn = isDrawn({ seed, job, price, auditValue });
      seen.add(drawn);
      expect(drawn).to.equal(await harness.solidity("isDrawn", seed, job, price, auditValue));
    });
    expect([...seen]).to.have.members([true, false]);
  });

  it("draws every job at a price of the audit value and none at zero", () =>
    check(fc.tuple(hash, hash, fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })), async ([seed, job, auditValue]) => {
      expect(isDrawn({ seed, job, price: auditValue, auditValue })).to.equal(true);
      expect(isDrawn({ seed, job, price: 0n, auditValue })).to.equal(false);
      expect(await harness.solidity("isDrawn", seed, job, auditValue, auditValue)).to.equal(true);
      expect(await harness.solidity("isDrawn", seed, job, 0n, auditValue)).to.equal(false);
    }));

  it("starts at the item and the slot at which CaseLib does", () =>
    check(fc.tuple(hash, hash, items, uint(4), uint(9), fc.integer({ min: 1, max: 256 })), async (drawn) => {
      const [seed, job, count, position, attempt, slots] = drawn;
      expect(startItem({ seed, job, items: count })).to.equal(await harness.solidity("startItem", seed, job, count));
      const slot = slotOf({ seed, caseId: job, position, attempt, slots });
      const expected = await harness.solidity("slotOf", seed, job, BigInt(position), BigInt(attempt), BigInt(slots));
      expect(BigInt(slot)).to.equal(expected);
    }));

  it("commits to words as CaseLib does", () =>
    check(fc.tuple(address, hash, uint(4), uint(21), hash, hash), async (members) => {
      const [court, id, position, seat, word, salt] = members;
      const expected = await harness.solidity("commitment", court, id, BigInt(position), seat, word, salt);
      expect(commitmentOf({ court, caseId: id, position, seat, word, salt })).to.equal(expected);
    }));

  it("hashes every chunk of a trace as LeafLib does", () =>
    check(fc.tuple(uint(32), hash), async ([chunk, chunkHash]) => {
      const expected = await harness.solidity("traceLeaf", BigInt(chunk), chunkHash);
      expect(traceLeaf({ chunk, chunkHash })).to.equal(expected);
    }));

  it("roots a trace so that the last chunk is proven and not full", async () => {
    const whole = Number(TRACE_CHUNK_BYTES);
    expect(traceRoot(new Uint8Array())).to.equal(zeroHash);
    for (const length of [52, whole - 52, whole, whole + 52, 2 * whole]) {
      const trace = Uint8Array.from({ length }, (_, index) => index % 253);
      const chunks = traceChunks(trace);
      expect(Buffer.concat(chunks)).to.deep.equal(Buffer.from(trace));
      expect(chunks.at(-1)!.length).to.be.lessThan(whole);
      for (const chunk of chunks.keys()) {
        const { proof } = proveChunk(trace, chunk);
        const leaf = await harness.solidity("traceLeaf", BigInt(chunk), keccak256(chunks[chunk]!));
        expect(await harness.solidity("verifyProof", proof, traceRoot(trace), leaf)).to.equal(true);
      }
    }
  });
});
