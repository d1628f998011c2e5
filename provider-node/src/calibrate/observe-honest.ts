import { decodeTrace } from "@touchstone/sdk/protocol";
import type { Engine, EntryCheck } from "../engine/engine.ts";
import { orderOf } from "./orders.ts";

/** Entries of a run: as many as a court's case covers. */
const RUN = 512;

const signal = new AbortController().signal;

/** A machine that writes and one that judges. */
interface Pair {
  readonly writer: Engine;
  readonly seat: Engine;
  spentMs: number;
}

/**
 * Has machines write honestly and others judge it. The next run goes to the pair that has worked least so far, so that
 * slow machines take part without holding up the others.
 *
 * @param set Names the claims.
 * @returns What was found, run by run.
 */
export async function observeHonest(
  engines: readonly Engine[],
  { set, runs, onRun }: { readonly set: string; readonly runs: number; readonly onRun?: () => void },
): Promise<(readonly EntryCheck[])[]> {
  const pairs = engines.flatMap((writer) =>
    engines.filter((seat) => seat !== writer).map((seat): Pair => ({ writer, seat, spentMs: 0 })),
  );
  const found: (readonly EntryCheck[])[] = [];
  for (let run = 0; run < runs; run++) {
    const pair = pairs.reduce((least, other) => (other.spentMs < least.spentMs ? other : least));
    const start = performance.now();
    found.push(await observeRun(pair, `${set}/${run}`));
    pair.spentMs += performance.now() - start;
    onRun?.();
  }
  return found;
}

async function observeRun({ writer, seat }: Pair, set: string): Promise<readonly EntryCheck[]> {
  const entries: EntryCheck[] = [];
  for (let item = 0; entries.length < RUN; item++) {
    const { request, seed } = orderOf(set, item);
    const { trace } = await writer.generate(request, { seed, signal });
    const claim = { trace: decodeTrace(trace), seed };
    entries.push(...(await seat.recheck(request, claim, { lookups: [], signal })).entries);
  }
  return entries;
}
