import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import { type Frozen, freezeResult } from "../protocol/frozen.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { frozenOf } from "./internal/job-state.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface SubmitResultParameters extends WithHistory {
  readonly job: Hex;
  /** `resultRoot` over all items. */
  readonly resultRoot: Hex;
  /** As frozen by the accept. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export interface SubmitResultReturnType extends Transacted {
  /** What `settleJob` needs. */
  readonly frozen: Frozen;
}

export type SubmitResultErrorType = TransactErrorType | JobError;

/**
 * Posts the Merkle root over the results of an accepted job.
 *
 * @example
 * await provider.submitResult({ job, resultRoot: resultRoot({ job, provider, items }) });
 */
export async function submitResult(
  client: WriteClient,
  parameters: SubmitResultParameters,
): Promise<SubmitResultReturnType> {
  const { market, job, resultRoot } = parameters;
  const before = await frozenOf(client, parameters);
  const done = await transact(client, { market, functionName: "submit", args: [job, before, resultRoot] });
  eventIn(done.receipt, market, "JobSubmitted");
  return { ...done, frozen: freezeResult(before, done.receipt.blockNumber, resultRoot) };
}
