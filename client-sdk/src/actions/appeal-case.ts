import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import { DRAW_KEY } from "../protocol/generated/constants.ts";
import type { CaseStep } from "./internal/case-state.ts";
import type { WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export type AppealCaseParameters = CaseStep;

export interface AppealCaseReturnType extends Transacted {
  readonly caseId: Hex;
}

export type AppealCaseErrorType = TransactErrorType | JobError;

/**
 * Takes an acquittal of tier one to tier two, where nine fresh seats judge. Only the job's client, within the appeal
 * window; another bond comes from its free balance, with the fate of a challenge's.
 *
 * @example
 * await buyer.appealCase({ job });
 */
export async function appealCase(client: WriteClient, parameters: AppealCaseParameters): Promise<AppealCaseReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, key = DRAW_KEY } = parameters;
  const done = await transactCourt(client, { market, functionName: "appeal", args: [spec, frozen, key] });
  const { caseId } = courtEventIn(done, "CaseAppealed");
  return { ...done, caseId };
}
