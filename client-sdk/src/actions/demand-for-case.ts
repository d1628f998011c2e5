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
}

export interface DemandForCaseReturnType extends Transacted {
  /** What is demanded: the item, and which chunk of it. */
  readonly item: number;
  readonly chunk: number;
  /** The provider answers before this, or anyone may call `defaultDemand`. Unix seconds. */
  readonly answerBy: number;
}

export type DemandForCaseErrorType = TransactErrorType | JobError;

/**
 * Demands, for a seat that cannot fetch what it has to check, what comes next in the order of the case: items from the
 * first on, chunk by chunk, from where the last answer ended; earlier answers are in the events. The clock of the
 * commits stands still until the answer. The deposit comes from the free balance of the seat's account and comes back
 * with the answer.
 *
 * @example
 * const { item, chunk, answerBy } = await seat.demandForCase({ job, position: 1 });
 */
export async function demandForCase(
  client: WriteClient,
  parameters: DemandForCaseParameters,
): Promise<DemandForCaseReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, key = DRAW_KEY, position } = parameters;
  const args = [spec, frozen, key, BigInt(position)] as const;
  const done = await transactCourt(client, { market, functionName: "demandForCase", args });
  const { item, chunk, answerBy } = courtEventIn(done, "Demanded");
  return { ...done, item: Number(item), chunk: Number(chunk), answerBy: Number(answerBy) };
}
