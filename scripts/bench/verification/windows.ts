import { isOver, type Tolerances, wordOfMeasures } from "@touchstone/sdk/protocol";
import type { EntryCheck } from "../../../provider-node/src/engine/engine.ts";
import { summarise } from "../../../provider-node/src/verify/statistics.ts";

/** How many disjoint windows there were, and in how many the claim was refused. */
export interface Count {
  readonly windows: number;
  readonly over: number;
}

/** Cuts checked entries into disjoint windows of `tokens` and holds each against the thresholds, as a court holds a word. */
export function countOver(entries: readonly EntryCheck[], tokens: number, tolerances: Tolerances): Count {
  const windows = Math.floor(entries.length / tokens);
  let over = 0;
  for (let window = 0; window < windows; window++) {
    const measures = summarise(entries.slice(window * tokens, (window + 1) * tokens));
    over += isOver(wordOfMeasures({ ...measures, probes: [] }), tolerances) ? 1 : 0;
  }
  return { windows, over };
}

/** Sums counts up. */
export function addCounts(counts: readonly Count[]): Count {
  const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
  return { windows: sum("windows"), over: sum("over") };
}

/**
 * The rate that honest windows exceed the thresholds at, at most, with 95 % confidence: where none did, 3 over their
 * number (the rule of three); else the upper end of a Poisson interval in its normal approximation.
 */
export function rateBound({ windows, over }: Count): number {
  const events = over === 0 ? 3 : over + 1.645 * Math.sqrt(over) + 2;
  return windows === 0 ? 1 : Math.min(1, events / windows);
}
