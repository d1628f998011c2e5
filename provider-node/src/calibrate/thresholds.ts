import { type Tolerances, type Word, wordOfMeasures } from "@touchstone/sdk/protocol";
import type { EntryCheck } from "../engine/engine.ts";
import { summarise } from "../verify/statistics.ts";
import type { CaseObservation } from "./observe-case.ts";

/** By how much limits lie above the most that was seen: tails go on beyond what a calibration sees. */
const SAFETY = 2;

/** Share of honest windows that may lie above a threshold before {@link SAFETY} is put on it. */
const FALSE_POSITIVES = 1e-4;

/** Entries of the windows by which thresholds are set, for jobs may be as short as one token. */
const LENGTHS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] as const;

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
 * Tolerances and thresholds that fit what was seen. A tolerance is twice the furthest that an honest seat lay from the
 * median of its panel, whatever the claim; a threshold is twice what at most one in ten thousand honest windows of any
 * length reaches, and above the tolerance, as the court demands.
 *
 * @param honest What machines said of honest claims, run by run.
 */
export function chooseTolerances(
  cases: readonly CaseObservation[],
  honest: readonly (readonly EntryCheck[])[],
): Tolerances {
  const spreads = cases.flatMap(({ words, median }) => words.map((word) => spreadOf(word, median)));
  const furthest = (key: keyof Spread) => Math.max(1, ...spreads.map((spread) => spread[key]));
  const marginTolerance = Math.min(LARGEST.lane - 1, SAFETY * furthest("margin"));
  const traceTolerance = Math.min(LARGEST.lane - 1, SAFETY * furthest("distance"));
  const threshold = (key: "margin" | "distance", tolerance: number) =>
    Math.min(LARGEST.lane, Math.max(SAFETY * reached(honest, key), tolerance + 1));
  return {
    marginTolerance,
    marginThreshold: threshold("margin", marginTolerance),
    traceTolerance,
    traceThreshold: threshold("distance", traceTolerance),
    probeTolerance: Math.min(LARGEST.probes, SAFETY ** 2 * furthest("squares")),
  };
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
