import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { type Hex, isHash } from "viem";
import { TouchstoneError } from "../errors.ts";

/** The Merkle root over leaves of 32 bytes in the given order, pairs hashed sorted, as OpenZeppelin's `MerkleProof` does. */
export function merkleRoot(leaves: readonly Hex[]): Hex {
  const [only, ...others] = leaves;
  // The root of one leaf is the leaf: so it is in every live call, where building a tree would take time.
  return only !== undefined && others.length === 0 && isHash(only) ? lowerCase(only) : (treeOf(leaves).root as Hex);
}

/** The siblings from a leaf to the root: what `MerkleProof.verify` wants. */
export function merkleProof(leaves: readonly Hex[], index: number): Hex[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new TouchstoneError(`There is no leaf ${index} among ${leaves.length}.`, {
      code: "MERKLE_NO_SUCH_LEAF",
      details: { index, leaves: leaves.length },
    });
  }
  return treeOf(leaves).getProof(index) as Hex[];
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
  return SimpleMerkleTree.verify(root, leaf, [...proof]);
}

function lowerCase(hash: Hex): Hex {
  return hash.toLowerCase() as Hex;
}

function treeOf(leaves: readonly Hex[]): SimpleMerkleTree {
  if (leaves.length === 0) {
    throw new TouchstoneError("A Merkle tree needs at least one leaf. A job has at least one item.", {
      code: "MERKLE_NO_LEAVES",
    });
  }
  return SimpleMerkleTree.of([...leaves], { sortLeaves: false });
}
