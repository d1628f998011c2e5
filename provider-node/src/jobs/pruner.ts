import type { Hex } from "viem";
import type { Clock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { JobRow } from "../store/jobs.ts";
import type { Store } from "../store/store.ts";

/** What is kept for how long, seconds. */
export interface PrunerOptions {
  readonly store: Store;
  /** Of inputs that no job uses, by the wall clock. */
  readonly uploadTtl: number;
  /** Of all that belongs to a job that is over, by chain time. */
  readonly retention: number;
  readonly clock: Clock;
  /** Chain time, unix seconds. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** More transactions than a reorg can take back. */
const KEPT_INTENTS = 1_000;

/** Deletes what nobody needs any more: uploads that became no job, and jobs that were over long ago. */
export async function prune({ store, uploadTtl, retention, clock, now, logger }: PrunerOptions): Promise<void> {
  const old = store.jobs.retired().filter((job) => lastTouched(job) + retention <= now());
  for (const job of old) {
    await pruneJob(store, job);
  }
  const uploads = store.inputs.olderThan(clock.unixTime() - uploadTtl).filter((root) => !store.jobs.usesInput(root));
  for (const root of uploads) {
    await store.inputs.delete(root);
  }
  store.intents.prune(KEPT_INTENTS);
  if (old.length + uploads.length > 0) {
    logger.info("pruned", { jobs: old.length, uploads: uploads.length, usedBytes: store.blobs.usedBytes });
  }
}

function lastTouched({ spec, state }: JobRow): number {
  return Math.max(spec.acceptBy, ...state.history.map(({ at }) => at));
}

/** Blobs first and the row last, so that a crash leaves nothing that is not found again. */
async function pruneJob(store: Store, { id, spec }: JobRow): Promise<void> {
  for (const { outputHash, traceHash } of store.results.of(id).values()) {
    await dropUnshared(store, outputHash, id);
    await dropUnshared(store, traceHash, id);
  }
  if (!store.jobs.usesInput(spec.input, id)) {
    await store.inputs.delete(spec.input);
  }
  store.transaction(() => {
    store.results.delete(id);
    store.jobs.delete(id);
  });
}

async function dropUnshared(store: Store, blob: Hex, job: Hex): Promise<void> {
  if (!store.results.isShared(blob, job)) {
    await store.blobs.delete(blob);
  }
}
