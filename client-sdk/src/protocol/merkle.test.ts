import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import fc from "fast-check";
import { concat, type Hex, keccak256, numberToHex } from "viem";
import { inputRoot } from "./leaf.ts";
import { merkleProof, merkleRoot, verifyProof } from "./merkle.ts";

const leaf = (value: number): Hex => keccak256(numberToHex(value));
const sorted = (a: Hex, b: Hex) => keccak256(concat(a < b ? [a, b] : [b, a]));

describe("Merkle trees", () => {
  it("have the leaf itself as the root of one", () => {
    expect(merkleRoot([leaf(1)])).to.equal(leaf(1));
    expect(merkleProof([leaf(1)], 0)).to.deep.equal([]);
  });

  it("pair neighbours in sorted order and keep the order of the leaves", () => {
    const [a, b, c, d] = [leaf(1), leaf(2), leaf(3), leaf(4)] as const;
    expect(merkleRoot([a, b])).to.equal(sorted(a, b));
    expect(merkleRoot([a, b, c, d])).to.equal(sorted(sorted(a, b), sorted(c, d)));
    expect(merkleRoot([a, c, b, d])).to.not.equal(merkleRoot([a, b, c, d]));
  });

  it("prove every position, also of leaves that are alike", () => {
    const leaves = [leaf(1), leaf(1), leaf(2)];
    const root = merkleRoot(leaves);
    for (const [index, one] of leaves.entries()) {
      expect(verifyProof({ root, leaf: one, proof: merkleProof(leaves, index) })).to.equal(true);
    }
  });

  it("are those of OpenZeppelin's library, root and proofs, whatever is in them", () =>
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 40 }), (values) => {
        const leaves = values.map(leaf);
        const theirs = SimpleMerkleTree.of(leaves, { sortLeaves: false });
        const root = merkleRoot(leaves);
        expect(root).to.equal(theirs.root);
        for (const [index, one] of leaves.entries()) {
          const proof = merkleProof(leaves, index);
          expect(proof).to.deep.equal(theirs.getProof(index));
          expect(verifyProof({ root, leaf: one, proof })).to.equal(true);
          expect(verifyProof({ root, leaf: leaf(99), proof })).to.equal(false);
        }
      }),
      { numRuns: 50 },
    ));

  it("take hashes in either case, and nothing else", () => {
    const upper = leaf(1).toUpperCase().replace("0X", "0x") as Hex;
    expect(merkleRoot([upper, leaf(2)])).to.equal(merkleRoot([leaf(1), leaf(2)]));
    expect(verifyProof({ root: merkleRoot([upper]), leaf: upper, proof: [] })).to.equal(true);
    for (const bad of ["0x12", "0x", `${leaf(1)}00`] as const) {
      expect(() => merkleRoot([leaf(1), bad]))
        .to.throw()
        .with.property("code", "MERKLE_LEAF_INVALID");
    }
  });

  it("are refused without leaves, and have no proof of a leaf that is not there", () => {
    expect(() => merkleRoot([]))
      .to.throw()
      .with.property("code", "MERKLE_NO_LEAVES");
    expect(() => inputRoot([]))
      .to.throw()
      .with.property("code", "MERKLE_NO_LEAVES");
    for (const index of [-1, 1, 0.5]) {
      expect(() => merkleProof([leaf(1)], index))
        .to.throw()
        .with.property("code", "MERKLE_NO_SUCH_LEAF");
    }
  });
});
