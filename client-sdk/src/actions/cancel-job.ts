import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { JobSpec } from "../protocol/job.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { readJobSummary } from "./internal/job-state.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface CancelJobParameters extends WithHistory {
  readonly job: Hex;
  /** Default: from the job's events. */
  readonly spec?: JobSpec | undefined;
}

export interface CancelJobReturnType extends Transacted {
  /** Back to the client, token units. */
  readonly refund: bigint;
}

export type CancelJobErrorType = TransactErrorType | JobError;

/**
 * Takes back a job of the caller that nobody accepted.
 *
 * @example
 * const { refund } = await buyer.cancelJob({ job });
 */
export async function cancelJob(client: WriteClient, parameters: CancelJobParameters): Promise<CancelJobReturnType> {
  const { market } = parameters;
  const spec = parameters.spec ?? (await readJobSummary(client, parameters)).spec;
  const done = await transact(client, { market, functionName: "cancel", args: [spec] });
  const { refund } = eventIn(done.receipt, market, "JobRefunded");
  return { ...done, refund };
}
