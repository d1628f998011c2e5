import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import type { JobSpec } from "../protocol/job.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { stepData } from "./internal/job-state.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface DeclineJobParameters extends WithHistory {
  readonly job: Hex;
  /** Default: from the job's events. */
  readonly spec?: JobSpec | undefined;
  /** Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export interface DeclineJobReturnType extends Transacted {
  /** Back to the client, token units. */
  readonly refund: bigint;
  /** From the provider's stake to the client; zero within the grace period. Token units. */
  readonly penalty: bigint;
}

export type DeclineJobErrorType = TransactErrorType | JobError;

/**
 * Gives an accepted job back for good: free within the grace period, then for a small fee from the stake.
 *
 * @example
 * const { penalty } = await provider.declineJob({ job });
 */
export async function declineJob(
  client: WriteClient,
  { market, ...parameters }: DeclineJobParameters,
): Promise<DeclineJobReturnType> {
  const { spec, frozen } = await stepData(client, { market, ...parameters });
  const done = await transact(client, { market, functionName: "decline", args: [spec, frozen] });
  const { refund, penalty } = eventIn(done.receipt, market, "JobRefunded");
  return { ...done, refund, penalty };
}
