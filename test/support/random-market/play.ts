import { CASE_PLAYS } from "./case-plays.ts";
import { type Ground, Refused } from "./ground.ts";
import { JOB_PLAYS } from "./job-plays.ts";
import { MONEY_PLAYS } from "./money-plays.ts";
import type { Play, Playwright, Wait } from "./play-types.ts";
import { RECEIPT_PLAYS } from "./receipt-plays.ts";
import { SEAT_PLAYS } from "./seat-plays.ts";

/** Everything that can happen in a market. */
export const PLAYS: Readonly<Record<string, Playwright>> = {
  ...JOB_PLAYS,
  ...MONEY_PLAYS,
  ...CASE_PLAYS,
  ...RECEIPT_PLAYS,
  ...SEAT_PLAYS,
};

export interface PlayOptions {
  /** How many transactions, at least; every play is begun once, and those that have begun are led to their end. */
  readonly actions: number;
  /** Leaves what is under way as it is: jobs are open then, and cases. Default: no. */
  readonly isBrokenOff?: boolean;
  /** Names of the plays; all by default. */
  readonly plays?: readonly string[];
  /** Called after every step: to index, or to look. */
  readonly onStep?: () => Promise<void>;
  /** How many plays go on at the same time. */
  readonly atOnce?: number;
}

interface Staged {
  readonly name: string;
  readonly play: Play;
  wait: Wait;
}

/** How often each play was begun, and why some ended before their end. */
export interface Playbill {
  readonly begun: Map<string, number>;
  readonly broken: { readonly play: string; readonly reason: string }[];
}

/**
 * Lets many plays go on at the same time, step by step in random order. Where all wait, time or blocks come until the first may go
 * on. Every play has begun once before one begins twice.
 */
export async function play(ground: Ground, options: PlayOptions): Promise<Playbill> {
  const { actions, isBrokenOff = false, plays = Object.keys(PLAYS), onStep, atOnce = 10 } = options;
  const end = ground.counts.done + ground.counts.refused + actions;
  const bill: Playbill = { begun: new Map(), broken: [] };
  const stage: Staged[] = [];
  let bag: string[] = [];
  for (;;) {
    const isOver = bill.begun.size === plays.length && ground.counts.done + ground.counts.refused >= end;
    if (!isOver && stage.filter(({ wait }) => wait === undefined).length < atOnce && stage.length < 3 * atOnce) {
      if (bag.length === 0) bag = ground.random.shuffled(plays);
      const name = bag.pop() as string;
      stage.push({ name, play: (PLAYS[name] as Playwright)(ground), wait: undefined });
      bill.begun.set(name, (bill.begun.get(name) ?? 0) + 1);
    }
    if (stage.length === 0 || (isOver && isBrokenOff)) return bill;
    const next = await nextOf(ground, stage);
    if (await isDone(next, bill)) stage.splice(stage.indexOf(next), 1);
    await onStep?.();
  }
}

async function isDone(staged: Staged, bill: Playbill): Promise<boolean> {
  try {
    const { done, value } = await staged.play.next();
    staged.wait = done ? undefined : (value ?? undefined);
    return done === true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    bill.broken.push({ play: staged.name, reason: error.message });
    return true;
  }
}

/** One of those that may go on; where there is none, the first that may after a wait. */
async function nextOf(ground: Ground, stage: readonly Staged[]): Promise<Staged> {
  const block = await ground.blockNumber();
  const ready = stage.filter(({ wait }) => {
    return wait === undefined || ("time" in wait ? wait.time <= ground.time : wait.block <= block);
  });
  if (ready.length > 0) return ground.random.pick(ready);
  const blocks = stage.filter(({ wait }) => wait !== undefined && "block" in wait);
  const [first] = blocks.length > 0 ? blocks : stage.toSorted((a, b) => Number(timeOf(a) - timeOf(b)));
  const { wait } = first as Staged;
  if (wait !== undefined && "block" in wait) await ground.mine(Number(wait.block - block));
  else if (wait !== undefined) ground.waitUntil(wait.time);
  return first as Staged;
}

function timeOf({ wait }: Staged): bigint {
  return wait !== undefined && "time" in wait ? wait.time : 0n;
}
