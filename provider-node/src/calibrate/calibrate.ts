import { isNear, isOver, type Tolerances, wordOfMeasures } from "@touchstone/sdk/protocol";
import type { Engine, EntryCheck } from "../engine/engine.ts";
import type { ResolvedModel } from "../engine/models.ts";
import { NodeError } from "../errors.ts";
import { summarise } from "../verify/statistics.ts";
import type { Machine } from "./machine.ts";
import { type CaseObservation, observeCase } from "./observe-case.ts";
import { observeHonest } from "./observe-honest.ts";
import { openRemoteEngine } from "./remote-engine.ts";
import { chooseTolerances, windowsOf } from "./thresholds.ts";

export interface CalibrateOptions {
  /** Honest runs of a court's length, at least 2: the first half sets the thresholds, the other half tries them. */
  readonly runs: number;
  /** Cases that all machines judge, false ones among them, at least 2: the first half sets the tolerances. */
  readonly cases: number;
  /** Names the claims; another set has other claims. */
  readonly set: string;
  readonly onStep?: () => void;
}

/** What a calibration found. */
export interface Calibration {
  readonly tolerances: Tolerances;
  /** On claims that set no tolerance. */
  readonly tried: {
    /** Honest windows of {@link TRIED_WINDOW} entries, and how many spoke against the provider. */
    readonly windows: number;
    readonly over: number;
    /** Words of seats on any claims, and how many lay too far from their panel's median. */
    readonly words: number;
    readonly far: number;
  };
}

/** A short answer: the shorter, the more a single rounded token weighs. */
const TRIED_WINDOW = 50;

/**
 * Runs a model honestly and falsely on several machines, has them judge each other, and chooses the limits between what
 * machines differ by and what providers may not.
 *
 * @param machines At least two whose numbers differ.
 * @throws NodeError `ENGINE_UNAVAILABLE` if there are fewer.
 */
export async function calibrate(
  model: ResolvedModel,
  machines: readonly Machine[],
  { runs, cases, set, onStep }: CalibrateOptions,
): Promise<Calibration> {
  if (machines.length < 2) {
    const sentence = "A calibration compares machines, and all that this computer can stand for compute the same.";
    throw new NodeError("ENGINE_UNAVAILABLE", sentence, { details: { machines: machines.map(({ name }) => name) } });
  }
  const engines: Engine[] = [];
  try {
    for (const machine of machines) {
      engines.push(await openRemoteEngine({ machine, model }));
    }
    const observed: CaseObservation[] = [];
    for (let index = 0; index < cases; index++) {
      observed.push(await observeCase(engines, `${set}/cases`, index));
      onStep?.();
    }
    const honest = await observeHonest(engines, { set: `${set}/runs`, runs, ...(onStep && { onRun: onStep }) });
    const [caseHalf, runHalf] = [Math.ceil(cases / 2), Math.ceil(runs / 2)];
    const tolerances = chooseTolerances(observed.slice(0, caseHalf), honest.slice(0, runHalf));
    return { tolerances, tried: tryTolerances(observed.slice(caseHalf), honest.slice(runHalf), tolerances) };
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
}

function tryTolerances(
  cases: readonly CaseObservation[],
  honest: readonly (readonly EntryCheck[])[],
  tolerances: Tolerances,
): Calibration["tried"] {
  const seats = cases.flatMap(({ words, median }) => words.map((word) => ({ word, median })));
  const windows = honest.flatMap((run) => windowsOf(run, TRIED_WINDOW));
  const isRefused = (window: readonly EntryCheck[]) =>
    isOver(wordOfMeasures({ ...summarise(window), probes: [] }), tolerances);
  return {
    windows: windows.length,
    over: windows.filter(isRefused).length,
    words: seats.length,
    far: seats.filter(({ word, median }) => !isNear(word, median, tolerances)).length,
  };
}
