import type { Address, Hex } from "viem";
import { encodeAbiParameters, keccak256 } from "viem/utils";
import { DRAW_KEY, FIRST_TIER_SEATS, POSITIONS } from "./generated/constants.ts";
import { commitmentTypes } from "./generated/typed-data.ts";
import { structHash } from "./struct-hash.ts";

const CASE_ID = [{ type: "bytes32" }, { type: "uint256" }] as const;
const DRAWN = [{ type: "bytes32" }, { type: "bytes32" }, { type: "string" }] as const;
const SLOT = [{ type: "bytes32" }, { type: "bytes32" }, { type: "uint256" }, { type: "uint256" }] as const;

/** A seed and what it decides about. */
export interface Drawn {
  /** What `IRandomness.seedOf` gives for the block that decides. */
  readonly seed: Hex;
  readonly job: Hex;
}

/**
 * The id of a case: `keccak256(abi.encode(job, key))`. The key is `DRAW_KEY`, the default, for the draw's case; the
 * start item for a client's challenge. Mirrors `CaseLib.caseId`.
 */
export function caseId({ job, key = DRAW_KEY }: { readonly job: Hex; readonly key?: bigint | undefined }): Hex {
  return keccak256(encodeAbiParameters(CASE_ID, [job, key]));
}

/** What weighs in a draw, in token units. */
export interface Odds {
  /** Of the job. */
  readonly price: bigint;
  /** Of the court's parameters. */
  readonly auditValue: bigint;
}

/** Whether a seed draws a job: with probability `price / auditValue`, at most 1. Mirrors `CaseLib.isDrawn`. */
export function isDrawn({ seed, job, price, auditValue }: Drawn & Odds): boolean {
  return BigInt(keccak256(encodeAbiParameters(DRAWN, [seed, job, "draw"]))) % auditValue < price;
}

/** The first item of a drawn case, of a job with so many items. Mirrors `CaseLib.startItem`. */
export function startItem({ seed, job, items }: Drawn & { readonly items: number }): number {
  return Number(BigInt(keccak256(encodeAbiParameters(DRAWN, [seed, job, "item"]))) % BigInt(items));
}

/** Which slot of a panel of so many is tried for a position, from attempt 0 on. Mirrors `CaseLib.slotOf`. */
export function slotOf({
  seed,
  caseId,
  position,
  attempt,
  slots,
}: {
  readonly seed: Hex;
  readonly caseId: Hex;
  readonly position: number;
  readonly attempt: number;
  readonly slots: number;
}): number {
  const words = [seed, caseId, BigInt(position), BigInt(attempt)] as const;
  return Number(BigInt(keccak256(encodeAbiParameters(SLOT, words))) % BigInt(slots));
}

/** Who commits to which word, where. */
export interface WordCommitment {
  /** The `Court` contract. */
  readonly court: Address;
  readonly caseId: Hex;
  /** 0 to 2 in tier one, 3 to 11 in tier two. */
  readonly position: number;
  /** The number of the seat at the position. */
  readonly seat: number;
  /** {@link encodeWord} of the word. */
  readonly word: Hex;
  /** 32 secret bytes, kept until the reveal. */
  readonly salt: Hex;
}

/** What a seat commits to before it reveals its word. Mirrors `CaseLib.commitment`. */
export function commitmentOf({ court, caseId, position, seat, word, salt }: WordCommitment): Hex {
  const data = { court, caseId, position: BigInt(position), seat, word, salt };
  return structHash(commitmentTypes, "Commitment", data);
}

/** The positions of a tier: 0 to 2, or 3 to 11. */
export function positionsOf(tier: number): readonly number[] {
  const all = Array.from({ length: POSITIONS }, (_, position) => position);
  return tier === 1 ? all.slice(0, FIRST_TIER_SEATS) : all.slice(FIRST_TIER_SEATS);
}

/** Whether a bit of `Case.committed` or `Case.revealed` is set. */
export function hasPosition(bits: number, position: number): boolean {
  return ((bits >> position) & 1) === 1;
}
