import type { JobError } from "../errors.ts";
import { DRAW_KEY } from "../protocol/generated/constants.ts";
import type { CaseStep } from "./internal/case-state.ts";
import type { WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface DemandForCaseParameters extends CaseStep {
  /** The position at which the caller's seat, or the seat it acts for, sits. */
  readonly position: number;
  /** One of the items that the case is about. */
  readonly item: number;
  /** 0: the request, the output and the first chunk of the trace. n: chunk n of the trace alone. Default 0. */
  readonly chunk?: number | undefined;
}

export interface DemandForCaseReturnType extends Transacted {
  /** The provider answers before this, or anyone may call `defaultDemand`. Unix seconds. */
  readonly answerBy: number;
}

export type DemandForCaseErrorType = TransactErrorType | JobError;

/**
 * Demands an item for a seat that has to check it and cannot fetch it; the clock of the commits stands still until the answer. The
 * deposit comes from the free balance of the seat's account and is credited back with the answer.
 *
 * @example
 * const { answerBy } = await seat.demandForCase({ job, position: 1, item: 4 });
 */
export async function demandForCase(
  client: WriteClient,
  parameters: DemandForCaseParameters,
): Promise<DemandForCaseReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, key = DRAW_KEY, position, item, chunk = 0 } = parameters;
  const args = [spec, frozen, key, BigInt(position), item, chunk] as const;
  const done = await transactCourt(client, { market, functionName: "demandForCase", args });
  const { answerBy } = courtEventIn(done, "Demanded");
  return { ...done, answerBy: Number(answerBy) };
}
