import { concat, type Hex, isHash, keccak256 } from "viem";
import { TouchstoneError } from "../errors.ts";

// Trees as OpenZeppelin's `@openzeppelin/merkle-tree` makes them of leaves in their own order; tests compare.

/** The Merkle root over leaves of 32 bytes in the given order, pairs hashed sorted, as OpenZeppelin's `MerkleProof` does. */
export function merkleRoot(leaves: readonly Hex[]): Hex {
  return nodeAt(treeOf(leaves), 0);
}

/** The siblings from a leaf to the root: what `MerkleProof.verify` wants. */
export function merkleProof(leaves: readonly Hex[], index: number): Hex[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new TouchstoneError(`There is no leaf ${index} among ${leaves.length}.`, {
      code: "MERKLE_NO_SUCH_LEAF",
      details: { index, leaves: leaves.length },
    });
  }
  const tree = treeOf(leaves);
  const proof: Hex[] = [];
  for (let at = tree.length - 1 - index; at > 0; at = Math.floor((at - 1) / 2)) {
    proof.push(nodeAt(tree, at % 2 === 0 ? at - 1 : at + 1));
  }
  return proof;
}

/** Whether a leaf is under a root. Mirrors OpenZeppelin's `MerkleProof.verify`. */
export function verifyProof({
  root,
  leaf,
  proof,
}: {
  readonly root: Hex;
  readonly leaf: Hex;
  readonly proof: readonly Hex[];
}): boolean {
  return proof.map(lowerCase).reduce(hashPair, lowerCase(leaf)) === lowerCase(root);
}

/** A binary heap: the children of node `i` are `2i + 1` and `2i + 2`, and the leaves are its end, the last one first. */
function treeOf(leaves: readonly Hex[]): readonly Hex[] {
  if (leaves.length === 0) {
    throw new TouchstoneError("A Merkle tree needs at least one leaf. A job has at least one item.", {
      code: "MERKLE_NO_LEAVES",
    });
  }
  const invalid = leaves.findIndex((leaf) => !isHash(leaf));
  if (invalid >= 0) {
    throw new TouchstoneError(`Leaf ${invalid} is not 32 bytes in hex.`, {
      code: "MERKLE_LEAF_INVALID",
      details: { index: invalid },
    });
  }
  const tree = [...new Array<Hex>(leaves.length - 1).fill("0x"), ...leaves.toReversed().map(lowerCase)];
  for (let at = leaves.length - 2; at >= 0; at -= 1) {
    tree[at] = hashPair(nodeAt(tree, 2 * at + 1), nodeAt(tree, 2 * at + 2));
  }
  return tree;
}

function nodeAt(tree: readonly Hex[], index: number): Hex {
  return tree[index] as Hex;
}

/** Sorted, so that a proof need not say on which side it is. */
function hashPair(a: Hex, b: Hex): Hex {
  return keccak256(concat(a < b ? [a, b] : [b, a]));
}

function lowerCase(hash: Hex): Hex {
  return hash.toLowerCase() as Hex;
}
