import { DISTANCE_SCALE, decodeWord, FAULT_WORD, MARGIN_SCALE } from "@touchstone/sdk";
import type { Hex } from "viem";

/** What a word says, in the units in which it was measured. */
export interface WordStatistics {
  /** Trace entries judged. */
  readonly tokens: number;
  /** Tokens that the seat's model would have chosen otherwise. */
  readonly mismatches: number;
  /** Mean change of logits that would explain the tokens, each clipped at 1. */
  readonly margin: number;
  /** Root mean square between the provider's logits and the seat's, in the worst window. */
  readonly distance: number;
  /** Whether the claim contradicts itself: the model was not even run. */
  readonly isFault: boolean;
}

/** Reads a word, and says it in a line. */
export function statisticsOf(hex: Hex): WordStatistics & { readonly line: string } {
  const word = decodeWord(hex);
  const { tokens, mismatches } = word;
  const margin = word.margin / MARGIN_SCALE;
  const distance = word.distance / DISTANCE_SCALE;
  const isFault = tokens === 0 && word.margin === FAULT_WORD.margin;
  const line = isFault
    ? "the claim contradicts itself"
    : `${mismatches} of ${tokens} tokens differ, margin ${margin.toFixed(5)}, distance ${distance.toFixed(3)}`;
  return { tokens, mismatches, margin, distance, isFault, line };
}
