import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import { Outcome } from "../protocol/generated/enums.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { frozenOf } from "./internal/job-state.ts";
import { eventsIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface SettleJobParameters extends WithHistory {
  readonly job: Hex;
  /** As frozen by the submit. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export interface SettleJobReturnType extends Transacted {
  /** `None` if the draw opened a case instead. */
  readonly outcome: Outcome;
  /** To the provider, token units. */
  readonly paid: bigint;
  /** To the market, token units. */
  readonly fee: bigint;
}

export type SettleJobErrorType = TransactErrorType | JobError;

/**
 * Pays the provider after the challenge window, or opens a case if the job is drawn. Anyone may call.
 *
 * @example
 * const { paid, fee } = await provider.settleJob({ job });
 */
export async function settleJob(client: WriteClient, parameters: SettleJobParameters): Promise<SettleJobReturnType> {
  const { market, job } = parameters;
  const frozen = await frozenOf(client, parameters);
  const done = await transact(client, { market, functionName: "settle", args: [job, frozen] });
  const [settled] = eventsIn(done.receipt, market, "JobSettled");
  const { outcome, paid, fee } = settled ?? { outcome: Outcome.None, paid: 0n, fee: 0n };
  return { ...done, outcome: outcome as Outcome, paid, fee };
}
