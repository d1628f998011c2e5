import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import type { JobSpec } from "../protocol/job.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface DemandItemParameters extends WithHistory {
  readonly job: Hex;
  readonly item: number;
  /** 0: the request, the output and the first chunk of the trace. n: chunk n of the trace alone. Default 0. */
  readonly chunk?: number | undefined;
  /** Default: from the job's events. */
  readonly spec?: JobSpec | undefined;
  /** As frozen by the submit. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export interface DemandItemReturnType extends Transacted {
  /** The provider answers before this, or anyone may call `defaultDemand`. Unix seconds. */
  readonly answerBy: number;
}

export type DemandItemErrorType = TransactErrorType | JobError;

/**
 * Demands an item of a job of the caller on chain, because its provider did not hand it out. The deposit comes from the
 * caller's free balance and goes to whoever answers.
 *
 * @example
 * const { answerBy } = await buyer.demandItem({ job, item: 0 });
 */
export async function demandItem(client: WriteClient, parameters: DemandItemParameters): Promise<DemandItemReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, item, chunk = 0 } = parameters;
  const done = await transactCourt(client, { market, functionName: "demand", args: [spec, frozen, item, chunk] });
  const { answerBy } = courtEventIn(done, "Demanded");
  return { ...done, answerBy: Number(answerBy) };
}
