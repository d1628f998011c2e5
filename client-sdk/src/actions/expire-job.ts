import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import type { Outcome } from "../protocol/generated/enums.ts";
import type { JobSpec } from "../protocol/job.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { stepData } from "./internal/job-state.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface ExpireJobParameters extends WithHistory {
  readonly job: Hex;
  /** Default: from the job's events. */
  readonly spec?: JobSpec | undefined;
  /** As frozen by the accept. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export interface ExpireJobReturnType extends Transacted {
  /** `NotAccepted` or `NoShow`. */
  readonly outcome: Outcome;
  /** Back to the client, token units. */
  readonly refund: bigint;
  /** From the provider's stake to the client, token units. */
  readonly penalty: bigint;
}

export type ExpireJobErrorType = TransactErrorType | JobError;

/**
 * Ends a job whose accept or submit is overdue and repays the client. Anyone may call.
 *
 * @example
 * const { refund, penalty } = await buyer.expireJob({ job });
 */
export async function expireJob(client: WriteClient, parameters: ExpireJobParameters): Promise<ExpireJobReturnType> {
  const { market } = parameters;
  const { spec, frozen } = await stepData(client, parameters);
  const done = await transact(client, { market, functionName: "expire", args: [spec, frozen] });
  const { outcome, refund, penalty } = eventIn(done.receipt, market, "JobRefunded");
  return { ...done, outcome: outcome as Outcome, refund, penalty };
}
