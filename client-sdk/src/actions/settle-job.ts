import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import type { Outcome } from "../protocol/generated/enums.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { frozenOf } from "./internal/job-state.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface SettleJobParameters extends WithHistory {
  readonly job: Hex;
  /** As frozen by the submit. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export interface SettleJobReturnType extends Transacted {
  readonly outcome: Outcome;
  /** To the provider, token units. */
  readonly paid: bigint;
  /** To the market, token units. */
  readonly fee: bigint;
}

export type SettleJobErrorType = TransactErrorType | JobError;

/**
 * Pays the provider after the challenge window. Anyone may call.
 *
 * @throws ContractRevertError `JobTooEarly`; `JobDrawPending` until the block that decides is there; `JobDrawn` where
 * the draw
 *   chose the job: `openDrawnCase` then, and settle once the case is closed.
 * @example
 * const { paid, fee } = await provider.settleJob({ job });
 */
export async function settleJob(client: WriteClient, parameters: SettleJobParameters): Promise<SettleJobReturnType> {
  const { market, job } = parameters;
  const frozen = await frozenOf(client, parameters);
  const done = await transact(client, { market, functionName: "settle", args: [job, frozen] });
  const { outcome, paid, fee } = eventIn(done.receipt, market, "JobSettled");
  return { ...done, outcome: outcome as Outcome, paid, fee };
}
