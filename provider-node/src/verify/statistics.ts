import { MAX_CASE_TOKENS } from "@touchstone/sdk/protocol";
import type { EntryCheck } from "../engine/engine.ts";

/** What a check of a case found, for people and for `accumulate`. */
export interface Statistics {
  /** Trace entries judged. */
  readonly tokens: number;
  /** Tokens that the reference would have chosen otherwise. */
  readonly mismatches: number;
  /** Mean margin, each clipped at 1, as if a case shorter than {@link MAX_CASE_TOKENS} were right in the rest. */
  readonly margin: number;
  /** Greatest distance to the trace of a window of {@link WINDOW} entries. */
  readonly distance: number;
}

/** Entries over which distances to the trace are averaged: what one token's numbers happen to be says little. */
export const WINDOW = 16;

/**
 * Sums entries up, in order of the case's walk. One honest flip weighs the same in a short case as in a long one, so the
 * threshold need not make room for the short ones.
 */
export function summarise(entries: readonly EntryCheck[]): Statistics {
  const margins = entries.reduce((sum, { margin }) => sum + margin, 0);
  return {
    tokens: entries.length,
    mismatches: entries.filter(({ matches }) => !matches).length,
    margin: margins / Math.max(MAX_CASE_TOKENS, entries.length),
    distance: Math.max(0, ...windowDistances(entries)),
  };
}

/**
 * Root mean square of the distances in each window; what is left at the end belongs to the last. The greatest is what
 * a word holds: a mean over the case would let a provider dilute a few windows of a cheaper model with honest ones.
 */
export function windowDistances(entries: readonly EntryCheck[]): number[] {
  const count = Math.max(Math.floor(entries.length / WINDOW), Math.min(1, entries.length));
  return Array.from({ length: count }, (_, window) => {
    const end = window === count - 1 ? entries.length : (window + 1) * WINDOW;
    const part = entries.slice(window * WINDOW, end);
    return Math.sqrt(part.reduce((sum, { distance }) => sum + distance ** 2, 0) / part.length);
  });
}
