import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import type { Obstacle, Outcome } from "../protocol/generated/enums.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { inParallel } from "./internal/in-parallel.ts";
import { frozenOf } from "./internal/job-state.ts";
import { eventsIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface SettleJobsParameters extends WithHistory {
  /** Frozen values that are left out come from the jobs' events. */
  readonly jobs: readonly { readonly job: Hex; readonly frozen?: Frozen | undefined }[];
}

export interface SettleJobsReturnType extends Transacted {
  /** Amounts in token units. */
  readonly settled: readonly {
    readonly job: Hex;
    readonly outcome: Outcome;
    readonly paid: bigint;
    readonly fee: bigint;
  }[];
  /** What could not be settled now, and why. */
  readonly skipped: readonly { readonly job: Hex; readonly obstacle: Obstacle }[];
}

export type SettleJobsErrorType = TransactErrorType | JobError;

const PARALLEL_READS = 8;

/**
 * Settles several jobs in one transaction; those that cannot be settled now are passed over. `Obstacle.Drawn`: the draw
 * chose the job, so `openDrawnCase` comes first. Anyone may call.
 *
 * @example
 * const { settled, skipped } = await provider.settleJobs({ jobs: [{ job }, { job: another }] });
 */
export async function settleJobs(
  client: WriteClient,
  { market, fromBlock, jobs }: SettleJobsParameters,
): Promise<SettleJobsReturnType> {
  const records = await inParallel(jobs, PARALLEL_READS, async ({ job, frozen }) => ({
    id: job,
    frozen: await frozenOf(client, { market, fromBlock, job, frozen }),
  }));
  const done = await transact(client, { market, functionName: "settleMany", args: [records] });
  return {
    ...done,
    settled: eventsIn(done.receipt, market, "JobSettled").map(({ id, outcome, paid, fee }) => {
      return { job: id, outcome: outcome as Outcome, paid, fee };
    }),
    skipped: eventsIn(done.receipt, market, "JobSkipped").map(({ id, obstacle }) => {
      return { job: id, obstacle: obstacle as Obstacle };
    }),
  };
}
