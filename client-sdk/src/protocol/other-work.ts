import type { Hex } from "viem";
import { keccak256 } from "viem/utils";

// Checks of work that is no text. No court judges it yet.

/** How far embeddings of one model may lie apart, as `1 - cos`: F16 on any backend. Quantised to 8 bits: 5e-4. */
export const EMBEDDING_TOLERANCE = 2e-5;

/** Whether a claimed embedding is the reference's but for rounding, and how far it lies from it. */
export interface EmbeddingCheck {
  readonly isNear: boolean;
  /** `1 - cos`, 0 to 2; infinite for vectors that cannot be compared. */
  readonly distance: number;
}

/**
 * Compares a claimed embedding with one computed anew, by their cosine.
 *
 * @param claimed As many numbers as `reference`; another number of them, or a number that is not finite, is far.
 * @param tolerance Greatest `1 - cos` that is near.
 */
export function verifyEmbedding(
  claimed: readonly number[],
  reference: readonly number[],
  tolerance = EMBEDDING_TOLERANCE,
): EmbeddingCheck {
  if (claimed.length !== reference.length) {
    return { isNear: false, distance: Number.POSITIVE_INFINITY };
  }
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, index) => sum + x * (b[index] ?? 0), 0);
  const cosine = dot(claimed, reference) / Math.sqrt(dot(claimed, claimed) * dot(reference, reference));
  const distance = Number.isFinite(cosine) ? Math.max(0, 1 - cosine) : Number.POSITIVE_INFINITY;
  return { isNear: distance <= tolerance, distance };
}

/** Whether the bytes of exact work, done anew, are those that were committed to. */
export function verifyExact(committed: Hex, recomputed: Uint8Array): boolean {
  return keccak256(recomputed) === committed.toLowerCase();
}
