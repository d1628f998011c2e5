import {
  inputLeaf,
  inputLeaves,
  inputRoot,
  merkleProof,
  merkleRoot,
  resultLeaf,
  resultLeaves,
  resultRoot,
  verifyProof,
} from "@touchstone/sdk/protocol";
import { expect } from "chai";
import fc from "fast-check";
import type { Hex } from "viem";
import { address, hash, RUNS, uint } from "./support/arbitraries.ts";
import { type Harness, startHarness } from "./support/harness.ts";

const leaves = fc.array(hash, { minLength: 1, maxLength: 70 });
const positioned = leaves.chain((list) => fc.tuple(fc.constant(list), fc.nat(list.length - 1)));

describe("parity: leaves, roots and proofs", () => {
  let harness: Harness;
  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());

  const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => Promise<void>) =>
    fc.assert(fc.asyncProperty(arbitrary, holds), { numRuns: RUNS });
  const solidityVerify = (proof: readonly Hex[], root: Hex, leaf: Hex) =>
    harness.solidity("verifyProof", proof, root, leaf);

  it("makes every input leaf as LeafLib does", () =>
    check(fc.tuple(uint(53), hash), async ([index, requestHash]) => {
      const expected = await harness.solidity("inputLeaf", BigInt(index), requestHash);
      expect(inputLeaf({ index, requestHash })).to.equal(expected);
    }));

  it("makes every result leaf as LeafLib does", () =>
    check(fc.tuple(hash, address, uint(53), hash, hash), async ([job, provider, index, outputHash, traceRoot]) => {
      const expected = await harness.solidity("resultLeaf", job, provider, BigInt(index), outputHash, traceRoot);
      expect(resultLeaf({ job, provider, index, outputHash, traceRoot })).to.equal(expected);
    }));

  it("proves every leaf to MerkleProof", () =>
    check(positioned, async ([list, index]) => {
      const root = merkleRoot(list);
      const leaf = list[index]!;
      const proof = merkleProof(list, index);
      expect(verifyProof({ root, leaf, proof })).to.equal(true);
      expect(await solidityVerify(proof, root, leaf)).to.equal(true);
    }));

  it("agrees with MerkleProof on what is no proof", () =>
    check(fc.tuple(positioned, hash), async ([[list, index], stranger]) => {
      const root = merkleRoot(list);
      const proof = merkleProof(list, index);
      const expected = await solidityVerify(proof, root, stranger);
      expect(verifyProof({ root, leaf: stranger, proof })).to.equal(expected);
      const bent = [...proof, stranger];
      expect(verifyProof({ root, leaf: list[index]!, proof: bent })).to.equal(
        await solidityVerify(bent, root, list[index]!),
      );
      expect(expected).to.equal(list[index] === stranger);
    }));

  it("proves every request to the input root, by its position", () =>
    check(positioned, async ([requestHashes, index]) => {
      const all = inputLeaves(requestHashes);
      const leaf = (await harness.solidity("inputLeaf", BigInt(index), requestHashes[index])) as Hex;
      expect(await solidityVerify(merkleProof(all, index), inputRoot(requestHashes), leaf)).to.equal(true);
    }));

  it("proves every result to the result root, by job, provider and position", () =>
    check(fc.tuple(positioned, hash, address, hash), async ([[outputs, index], job, provider, traceRoot]) => {
      const results = { job, provider, items: outputs.map((outputHash) => ({ outputHash, traceRoot })) };
      const proof = merkleProof(resultLeaves(results), index);
      const args = [job, provider, BigInt(index), outputs[index], traceRoot];
      const leaf = (await harness.solidity("resultLeaf", ...args)) as Hex;
      expect(await solidityVerify(proof, resultRoot(results), leaf)).to.equal(true);
    }));
});
