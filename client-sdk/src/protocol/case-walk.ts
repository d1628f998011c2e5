import { MAX_CASE_ITEMS, MAX_CASE_TOKENS } from "./generated/constants.ts";
import { traceChunkCount } from "./trace.ts";

/** How far the walk of a case has come. */
export interface CaseWalk {
  /** Items of the job. */
  readonly items: number;
  /** Where the case begins. */
  readonly startItem: number;
  /** Trace entries of the items walked so far, in order. */
  readonly covered: readonly number[];
}

/**
 * The item that a case covers next, or nothing if it covers enough. Items go from the start on, round the end; each is
 * covered whole and once.
 */
export function nextCaseItem({ items, startItem, covered }: CaseWalk): number | undefined {
  const entries = covered.reduce((sum, count) => sum + count, 0);
  const isDone = entries >= MAX_CASE_TOKENS || covered.length >= Math.min(items, MAX_CASE_ITEMS);
  return isDone ? undefined : (startItem + covered.length) % items;
}

/**
 * Whether the last of these items still belongs to the case: with it the case has no more chunks than can be demanded. An
 * item that does not ends the walk, and is left out; the first always belongs.
 *
 * @param covered Trace entries of the items in order, the last one included.
 */
export function isCovered(covered: readonly number[]): boolean {
  const chunks = covered.reduce((sum, entries) => sum + Math.max(1, traceChunkCount(entries)), 0);
  return covered.length === 1 || chunks <= MAX_CASE_ITEMS;
}

/** The items of a case in order, given how many trace entries each item of the job has. */
export function caseItems(entries: readonly number[], startItem: number): number[] {
  const walked: number[] = [];
  for (;;) {
    const covered = walked.map((item) => entries[item] ?? 0);
    const next = nextCaseItem({ items: entries.length, startItem, covered });
    if (next === undefined || !isCovered([...covered, entries[next] ?? 0])) {
      return walked;
    }
    walked.push(next);
  }
}
