import type { IndexedCase, IndexedStep } from "@touchstone/sdk";
import { DISTANCE_SCALE, DRAW_KEY, decodeWord, isOver, MARGIN_SCALE, type Tolerances } from "@touchstone/sdk/protocol";
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

/** How many seats found the result wrong, in a sentence; nothing where none has spoken. */
export function countSentence(measures: readonly SeatMeasure[]): string | undefined {
  const over = measures.filter((measure) => measure.isOver).length;
  if (measures.length === 0) {
    return undefined;
  }
  return over === 0
    ? `None of the ${measures.length} seats that spoke measured more than an honest machine can show.`
    : `${over} of the ${measures.length} seats that spoke measured more than an honest machine can show.`;
}

/** Why there is a case. */
export function causeOf({ key, isReceipt }: Pick<IndexedCase, "key" | "isReceipt">): string {
  if (isReceipt) {
    return "The client doubts the answer to a live call.";
  }
  return key === DRAW_KEY
    ? "The random draw chose this job for an audit."
    : `The client challenged the result from item ${key + 1n} on.`;
}

/** Who has judged, or judges. */
export function tierWords(tier: number): string {
  return tier === 1 ? "Three seats" : "Three seats, then nine";
}

/** A step of a case in words: of one, and of so many in a row. */
const CASE_STEPS: Readonly<Record<string, (count: number) => string>> = {
  CaseOpened: () => "The case was opened",
  CasePinned: () => "The draw of the seats was set for a coming block",
  CaseSeated: () => "Seats were drawn",
  WordCommitted: (count) => `${seats(count)} committed to what they measured, without telling it yet`,
  WordRevealed: (count) => `${seats(count)} told what they measured`,
  SeatDenounced: (count) => `${seats(count)} had told their word too early and lost their place`,
  SeatPenalised: (count) => `${seats(count)} lost stake`,
  CaseAppealed: () => "The client appealed: nine other seats check again",
  CaseClosed: () => "The verdict",
};

function seats(count: number): string {
  return count === 1 ? "One seat" : `${count} seats`;
}

/** What a step of a case, or several of a kind in a row, tell. */
export function stepSentence(kind: string, count: number): string {
  const words = CASE_STEPS[kind];
  return words === undefined ? kind : words(count);
}

/** Steps of one kind in a row. */
export type StepGroup = readonly [IndexedStep, ...IndexedStep[]];

/** Puts together what several seats did one after the other. */
export function groupSteps(steps: readonly IndexedStep[]): readonly StepGroup[] {
  const groups: [IndexedStep, ...IndexedStep[]][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0].kind === step.kind) {
      last.push(step);
    } else {
      groups.push([step]);
    }
  }
  return groups;
}
