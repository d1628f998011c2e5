import type { Tolerances } from "@touchstone/sdk/protocol";
import { DISTANCE_SCALE, MARGIN_SCALE } from "@touchstone/sdk/protocol";
import type { Statistics } from "./statistics.ts";

/** How a sequential test tells an honest from another source. */
export interface SequentialOptions {
  /** Share of mismatched tokens of an honest provider, at most. Default 1.5 %. */
  readonly honest?: number;
  /** Share of mismatched tokens that must not pass. Default 20 %. */
  readonly cheat?: number;
  /** Chance of convicting an honest provider. Default 1e-6. */
  readonly alpha?: number;
  /** Chance of acquitting the other. Default 1e-3. */
  readonly beta?: number;
}

/** Where a sequential test stands. */
export interface SequentialResult {
  readonly decision: "honest" | "cheat" | "undecided";
  /** Tokens that it took; all, while undecided. */
  readonly tokens: number;
}

/**
 * Wald's sequential probability ratio test over tokens in order: it ends as soon as the evidence is enough, for a
 * blatant cheat after some tens of tokens.
 *
 * Source: A. Wald, "Sequential tests of statistical hypotheses", Ann. Math. Statist. 16 (1945).
 *
 * @param matches For each token, whether the reference chooses it too.
 */
export function testSequentially(matches: readonly boolean[], options: SequentialOptions = {}): SequentialResult {
  const { honest = 0.015, cheat = 0.2, alpha = 1e-6, beta = 1e-3 } = options;
  const [onMismatch, onMatch] = [Math.log(cheat / honest), Math.log((1 - cheat) / (1 - honest))];
  const [upper, lower] = [Math.log((1 - beta) / alpha), Math.log(beta / (1 - alpha))];
  let ratio = 0;
  for (const [index, isMatch] of matches.entries()) {
    ratio += isMatch ? onMatch : onMismatch;
    if (ratio >= upper || ratio <= lower) {
      return { decision: ratio >= upper ? "cheat" : "honest", tokens: index + 1 };
    }
  }
  return { decision: "undecided", tokens: matches.length };
}

/** What all checks of one provider together say. */
export interface Evidence {
  readonly checks: number;
  readonly tokens: number;
  /** Means over all checks, weighted by their tokens. */
  readonly margin: number;
  readonly distance: number;
  /** Whether the provider is worth a challenge, though no single check may be over its threshold. */
  readonly isSuspect: boolean;
}

/**
 * Lets borderline evidence add up. What honest machines of a class differ by has a bound, the tolerance; chance lifts a
 * single check above it, but the mean of `n` checks by only `1/sqrt(n)` of that. So the limit falls from the threshold
 * to the tolerance as checks come in. It is a reason to challenge, never a verdict.
 */
export function accumulate(history: readonly Statistics[], tolerances: Tolerances): Evidence {
  const tokens = history.reduce((sum, one) => sum + one.tokens, 0);
  const mean = (value: (one: Statistics) => number) =>
    history.reduce((sum, one) => sum + value(one) * one.tokens, 0) / Math.max(1, tokens);
  const [margin, distance] = [mean((one) => one.margin), mean((one) => one.distance)];
  const { marginTolerance, marginThreshold, traceTolerance, traceThreshold } = tolerances;
  const limit = (tolerance: number, threshold: number) =>
    tolerance + (threshold - tolerance) / Math.sqrt(Math.max(1, history.length));
  const isSuspect =
    margin * MARGIN_SCALE > limit(marginTolerance, marginThreshold) ||
    distance * DISTANCE_SCALE > limit(traceTolerance, traceThreshold);
  return { checks: history.length, tokens, margin, distance, isSuspect };
}
