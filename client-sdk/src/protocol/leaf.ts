import { type Address, type Hex, zeroHash } from "viem";
import { inputLeafTypes, resultLeafTypes } from "./generated/typed-data.ts";
import { merkleRoot } from "./merkle.ts";
import { structHash } from "./struct-hash.ts";

/** One item of a result, without its bytes. */
export interface ResultItem {
  /** keccak256 of the exact bytes of the output. */
  readonly outputHash: Hex;
  /** Merkle root of the trace; left out or zero where the model id asks for none. */
  readonly traceRoot?: Hex;
}

/** What makes one result leaf. */
export interface ResultLeaf extends ResultItem {
  readonly job: Hex;
  readonly provider: Address;
  /** Position of the item, from zero. */
  readonly index: number;
}

/** The leaf of one request. Mirrors `LeafLib.inputLeaf`. */
export function inputLeaf({ index, requestHash }: { readonly index: number; readonly requestHash: Hex }): Hex {
  const data = { index: BigInt(index), requestHash };
  return structHash(inputLeafTypes, "InputLeaf", data);
}

/** The leaf of one result. Mirrors `LeafLib.resultLeaf`. */
export function resultLeaf({ job, provider, index, outputHash, traceRoot = zeroHash }: ResultLeaf): Hex {
  const data = { job, provider, index: BigInt(index), outputHash, traceRoot };
  return structHash(resultLeafTypes, "ResultLeaf", data);
}

/** `JobSpec.input`: the Merkle root over the input leaves of all requests, in order. At least one. */
export function inputRoot(requestHashes: readonly Hex[]): Hex {
  return merkleRoot(inputLeaves(requestHashes));
}

/** The input leaves of all requests, in order. */
export function inputLeaves(requestHashes: readonly Hex[]): Hex[] {
  return requestHashes.map((requestHash, index) => inputLeaf({ index, requestHash }));
}

/** All results of a job. */
export interface JobResults {
  readonly job: Hex;
  readonly provider: Address;
  /** In order of their index. */
  readonly items: readonly ResultItem[];
}

/** `Frozen.resultRoot`: the Merkle root over the result leaves of all items, in order. At least one. */
export function resultRoot(results: JobResults): Hex {
  return merkleRoot(resultLeaves(results));
}

/** The result leaves of all items, in order. */
export function resultLeaves({ job, provider, items }: JobResults): Hex[] {
  return items.map((item, index) => resultLeaf({ ...item, job, provider, index }));
}
