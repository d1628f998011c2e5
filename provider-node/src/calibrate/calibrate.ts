import { isNear, isOver, type Tolerances } from "@touchstone/sdk/protocol";
import type { Engine } from "../engine/engine.ts";
import type { ResolvedModel } from "../engine/models.ts";
import { NodeError } from "../errors.ts";
import type { Machine } from "./machine.ts";
import { type CaseObservation, observeCase } from "./observe-case.ts";
import { openRemoteEngine } from "./remote-engine.ts";
import { chooseTolerances } from "./thresholds.ts";

export interface CalibrateOptions {
  /** Cases to run, each as long as a court's, at least 2: the first half sets the tolerances, the other half tries them. */
  readonly cases: number;
  /** Names the claims; another set has other claims. */
  readonly set: string;
  readonly onCase?: (done: number) => void;
}

/** What a calibration found. */
export interface Calibration {
  readonly tolerances: Tolerances;
  /** On claims that set no tolerance. */
  readonly tried: {
    /** Words of seats on honest claims, and how many spoke against the provider. */
    readonly words: number;
    readonly over: number;
    /** Words of seats on any claims, and how many lay too far from their panel's median. */
    readonly seats: number;
    readonly far: number;
  };
}

/**
 * Runs a model honestly and falsely on several machines, each judging what each wrote, and chooses the limits between
 * what machines differ by and what providers may not.
 *
 * @param machines At least two whose numbers differ.
 * @throws NodeError `ENGINE_UNAVAILABLE` if there are fewer.
 */
export async function calibrate(
  model: ResolvedModel,
  machines: readonly Machine[],
  { cases, set, onCase }: CalibrateOptions,
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
      observed.push(await observeCase(engines, set, index));
      onCase?.(index + 1);
    }
    const half = Math.ceil(cases / 2);
    const tolerances = chooseTolerances(observed.slice(0, half));
    return { tolerances, tried: tryTolerances(observed.slice(half), tolerances) };
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
}

function tryTolerances(cases: readonly CaseObservation[], tolerances: Tolerances): Calibration["tried"] {
  const seats = cases.flatMap(({ words, median }) => words.map((word) => ({ word, median })));
  const words = cases.filter(({ isHonest }) => isHonest).flatMap((one) => one.words);
  return {
    words: words.length,
    over: words.filter((word) => isOver(word, tolerances)).length,
    seats: seats.length,
    far: seats.filter(({ word, median }) => !isNear(word, median, tolerances)).length,
  };
}
