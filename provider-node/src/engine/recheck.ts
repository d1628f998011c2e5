import { MAX_TRACE_LOGIT, type TraceEntry } from "@touchstone/sdk/protocol";
import type { EntryCheck } from "./engine.ts";
import type { SamplingJudge } from "./judge.ts";
import type { Candidate } from "./sampler.ts";

/** No difference of logits counts for more. */
const MAX_DIFFERENCE = 8;

/** Traces clip what lies beyond, which is no provider's fault. */
const clip = (logit: number) => Math.max(-MAX_TRACE_LOGIT, Math.min(MAX_TRACE_LOGIT, logit));

/** Compares one claimed entry with the reference's candidates for the same position. */
export function checkEntry(
  judge: SamplingJudge,
  position: number,
  { token, candidates: committed }: TraceEntry,
  reference: readonly Candidate[],
): EntryCheck {
  const { isChosen, margin } = judge(position, reference, token);
  return { matches: isChosen, margin: Math.min(1, margin), distance: distanceOf(committed, reference) };
}

/**
 * Root mean square of the differences between committed logits and the reference's, less their mean: a shift of all
 * logits changes no probability. A committed id that is not even among the reference's candidates differs by the most:
 * counted by any smaller bound, ids that nobody can look up would be the cheapest to commit to.
 */
export function distanceOf(committed: readonly Candidate[], reference: readonly Candidate[]): number {
  const logits = new Map(reference.map(({ id, logit }) => [id, clip(logit)]));
  const differences = committed.flatMap(({ id, logit }) => {
    const own = logits.get(id);
    return own === undefined ? [] : [logit - own];
  });
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / Math.max(1, differences.length);
  const squares = differences.reduce(
    (sum, difference) => sum + Math.min(MAX_DIFFERENCE, Math.abs(difference - mean)) ** 2,
    (committed.length - differences.length) * MAX_DIFFERENCE ** 2,
  );
  return Math.sqrt(squares / committed.length);
}
