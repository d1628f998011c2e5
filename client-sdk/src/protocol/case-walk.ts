/** Trace entries that a case covers at least, if the job has so many. */
export const CASE_ENTRIES = 512;

/** Items that a case covers at most. */
export const CASE_ITEMS = 12;

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
  const isDone = entries >= CASE_ENTRIES || covered.length >= Math.min(items, CASE_ITEMS);
  return isDone ? undefined : (startItem + covered.length) % items;
}

/** The items of a case in order, given how many trace entries each item of the job has. */
export function caseItems(entries: readonly number[], startItem: number): number[] {
  const walked: number[] = [];
  for (;;) {
    const covered = walked.map((item) => entries[item] ?? 0);
    const next = nextCaseItem({ items: entries.length, startItem, covered });
    if (next === undefined) {
      return walked;
    }
    walked.push(next);
  }
}
