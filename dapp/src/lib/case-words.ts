import { DISTANCE_SCALE, decodeWord, isOver, MARGIN_SCALE, type Tolerances } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";

/** What a seat measured, as people can read it. */
export interface SeatMeasure {
  /** Tokens that it looked at. */
  readonly tokens: number;
  /** Of them, those that its own model would have chosen otherwise. */
  readonly mismatches: number;
  /** How unlikely the answer is under the model: the mean Gumbel margin a token. */
  readonly margin: number;
  /** How far the provider's trace lies from the model's. */
  readonly distance: number;
  /** Whether one of the two lies over what an honest machine can show. */
  readonly isOver: boolean;
}

/** Reads a seat's word, and holds it against the model's thresholds. */
export function measureOf(word: Hex, tolerances: Tolerances): SeatMeasure {
  const said = decodeWord(word);
  const { tokens, mismatches, margin, distance } = said;
  return {
    tokens,
    mismatches,
    margin: margin / MARGIN_SCALE,
    distance: distance / DISTANCE_SCALE,
    isOver: isOver(said, tolerances),
  };
}

/** The threshold of margin and of distance, in the same units as {@link SeatMeasure}. */
export function thresholdsOf({ marginThreshold, traceThreshold }: Tolerances) {
  return { margin: marginThreshold / MARGIN_SCALE, distance: traceThreshold / DISTANCE_SCALE };
}

/** A step of a case in words. */
export const CASE_STEPS: Readonly<Record<string, string>> = {
  CaseOpened: "The case was opened",
  CasePinned: "A coming block was named to draw the seats",
  CaseSeated: "Seats were drawn",
  WordCommitted: "A seat committed to what it measured",
  WordRevealed: "A seat revealed what it measured",
  SeatDenounced: "A seat had told its word too early and lost its place",
  SeatPenalised: "A seat was fined",
  CaseAppealed: "The client appealed: nine other seats check again",
  CaseClosed: "The verdict",
};
