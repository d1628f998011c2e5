import { type Address, type Hex, zeroAddress, zeroHash } from "viem";
import { encodeAbiParameters, keccak256, slice } from "viem/utils";
import type { JobSpec } from "./job.ts";

/** What was frozen when a job was accepted and submitted: all that its later steps need. Its events carry every part. */
export interface Frozen {
  readonly provider: Address;
  /** As in the spec, token units. */
  readonly price: bigint;
  /** As in the spec, seconds. */
  readonly submitWithin: number;
  /** As in the spec, seconds. */
  readonly challengeWindow: number;
  /** Whether the model's panel could judge when the job was accepted. */
  readonly verified: boolean;
  /** The block of the submit; zero before. */
  readonly submitBlock: bigint;
  /** Merkle root over the result leaves; zero before the submit. */
  readonly resultRoot: Hex;
}

const FROZEN = [
  { type: "address" },
  { type: "uint64" },
  { type: "uint32" },
  { type: "uint32" },
  { type: "bool" },
  { type: "uint64" },
  { type: "bytes32" },
] as const;

const DIGEST_BYTES = 26;

/** What an accept by `provider` freezes. `verified` is what `JobAccepted` says. Mirrors `Jobs._engage`. */
export function freeze(spec: JobSpec, provider: Address, verified: boolean): Frozen {
  const { price, submitWithin, challengeWindow } = spec;
  return { provider, price, submitWithin, challengeWindow, verified, submitBlock: 0n, resultRoot: zeroHash };
}

/** What a submit in block `submitBlock` makes of the frozen values. Mirrors `Jobs._deliver`. */
export function freezeResult(frozen: Frozen, submitBlock: bigint, resultRoot: Hex): Frozen {
  return { ...frozen, submitBlock, resultRoot };
}

/** Nothing frozen: what `expire` takes for a job that nobody accepted. */
export const EMPTY_FROZEN: Frozen = {
  provider: zeroAddress,
  price: 0n,
  submitWithin: 0,
  challengeWindow: 0,
  verified: false,
  submitBlock: 0n,
  resultRoot: zeroHash,
};

/** The 26 bytes by which the market remembers what was frozen. Mirrors `FrozenLib`. */
export function frozenDigest(frozen: Frozen): Hex {
  const { provider, price, submitWithin, challengeWindow, verified, submitBlock, resultRoot } = frozen;
  const members = [provider, price, submitWithin, challengeWindow, verified, submitBlock, resultRoot] as const;
  return slice(keccak256(encodeAbiParameters(FROZEN, members)), 0, DIGEST_BYTES);
}
