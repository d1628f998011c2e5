import { type Tolerances, type Word, wordOfMeasures } from "@touchstone/sdk/protocol";
import type { EntryCheck } from "../engine/engine.ts";
import { summarise } from "../verify/statistics.ts";
import type { CaseObservation } from "./observe-case.ts";

/** By how much thresholds lie above what was seen: tails go on beyond what a calibration sees. */
const SAFETY = 2;

/** By how much the probes of seats may lie further apart than was seen; a guessed word is off by hundreds of times that. */
const PROBE_SAFETY = 4;

/** Two of eight logits whose root mean square difference is 1 differ by at most so much, if all of it lies in these two. */
const FLIP = 4;

/** Share of honest windows that may lie above a threshold before {@link SAFETY} is put on it. */
const FALSE_POSITIVES = 1e-4;

/** Entries of the windows by which thresholds are set, for jobs may be as short as one token. */
const LENGTHS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] as const;

/** A threshold that no lane can pass would convict nobody. */
const LARGEST = { lane: 32_766, probes: 2 ** 32 - 1 } as const;

/** By how much a word lies from the median, in the terms of tolerances. */
export interface Spread {
  readonly margin: number;
  readonly distance: number;
  /** Sum of the squared differences of the probes. */
  readonly squares: number;
}

/** The differences between a word and the median of its panel. */
export function spreadOf(word: Word, median: Word): Spread {
  return {
    margin: Math.abs(word.margin - median.margin),
    distance: Math.abs(word.distance - median.distance),
    squares: word.probes.reduce((sum, probe, index) => sum + (probe - (median.probes[index] ?? 0)) ** 2, 0),
  };
}

/**
 * Tolerances and thresholds that fit what was seen.
 *
 * A threshold is twice what at most one in ten thousand honest windows of any length reaches. Honest flips of a token are
 * so rare that a calibration may see none of the greater ones; but a flip's margin is bounded by the distance at that
 * token, and distances are seen at every token: the threshold leaves room for the greatest flip at a distance that one
 * token in ten thousand reaches. A tolerance is twice the furthest that a seat lay from the median of its panel, whatever
 * the claim, and at least half of the threshold: the median decides, so it need not be narrow. The threshold lies above
 * it, as the court demands.
 *
 * @param honest What machines said of honest claims, run by run.
 */
export function chooseTolerances(
  cases: readonly CaseObservation[],
  honest: readonly (readonly EntryCheck[])[],
): Tolerances {
  const spreads = cases.flatMap(({ words, median }) => words.map((word) => spreadOf(word, median)));
  const furthest = (key: keyof Spread) => Math.max(1, ...spreads.map((spread) => spread[key]));
  const margin = limits(furthest("margin"), Math.max(SAFETY * reached(honest, "margin"), flipLane(honest)));
  const trace = limits(furthest("distance"), SAFETY * reached(honest, "distance"));
  return {
    marginTolerance: margin.tolerance,
    marginThreshold: margin.threshold,
    traceTolerance: trace.tolerance,
    traceThreshold: trace.threshold,
    probeTolerance: Math.min(LARGEST.probes, PROBE_SAFETY ** 2 * furthest("squares")),
  };
}

/** A tolerance and a threshold above it. */
function limits(furthest: number, least: number): { readonly tolerance: number; readonly threshold: number } {
  const tolerance = Math.min(LARGEST.lane - 1, Math.max(SAFETY * furthest, Math.ceil(least / 2)));
  return { tolerance, threshold: Math.min(LARGEST.lane, Math.max(least, tolerance + 1)) };
}

/** The margin lane of a window with the greatest flip at a distance that a share of {@link FALSE_POSITIVES} of tokens reaches. */
function flipLane(honest: readonly (readonly EntryCheck[])[]): number {
  const distances = honest.flatMap((run) => run.map(({ distance }) => distance)).sort((a, b) => b - a);
  const distance = distances[Math.floor(distances.length * FALSE_POSITIVES)] ?? 0;
  return laneOf([{ matches: false, margin: Math.min(1, FLIP * distance), distance }], "margin");
}

/** What a lane of honest windows stays below but for a share of {@link FALSE_POSITIVES}, at the length where it is most. */
export function reached(runs: readonly (readonly EntryCheck[])[], key: "margin" | "distance"): number {
  return Math.max(
    ...LENGTHS.map((length) => {
      const lanes = runs.flatMap((run) => windowsOf(run, length).map((window) => laneOf(window, key)));
      lanes.sort((a, b) => b - a);
      return lanes[Math.floor(lanes.length * FALSE_POSITIVES)] ?? 0;
    }),
  );
}

/** Cuts runs into disjoint windows. */
export function windowsOf(run: readonly EntryCheck[], length: number): (readonly EntryCheck[])[] {
  return Array.from({ length: Math.floor(run.length / length) }, (_, window) =>
    run.slice(window * length, (window + 1) * length),
  );
}

function laneOf(window: readonly EntryCheck[], key: "margin" | "distance"): number {
  return wordOfMeasures({ ...summarise(window), probes: [] })[key];
}
