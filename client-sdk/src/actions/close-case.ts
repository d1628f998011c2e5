import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import { caseId } from "../protocol/case.ts";
import { DRAW_KEY } from "../protocol/generated/constants.ts";
import { Verdict } from "../protocol/generated/enums.ts";
import type { CaseStep } from "./internal/case-state.ts";
import type { WriteClient } from "./internal/clients.ts";
import { courtEventsIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export type CloseCaseParameters = CaseStep;

export interface CloseCaseReturnType extends Transacted {
  readonly caseId: Hex;
  /** `None` if the case goes on in tier two. */
  readonly verdict: Verdict;
  /** What the provider lost, token units. */
  readonly slashed: bigint;
}

export type CloseCaseErrorType = TransactErrorType | JobError;

/**
 * Ends a tier of a case whose words are all revealed, or whose time for them is over: gives the verdict, or has tier
 * two drawn. Anyone may call.
 *
 * @example
 * const { verdict, slashed } = await client.closeCase({ job });
 */
export async function closeCase(client: WriteClient, parameters: CloseCaseParameters): Promise<CloseCaseReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, job, key = DRAW_KEY } = parameters;
  const done = await transactCourt(client, { market, functionName: "close", args: [spec, frozen, key] });
  const [closed] = courtEventsIn(done, "CaseClosed");
  const { verdict, slashed } = closed ?? { verdict: Verdict.None, slashed: 0n };
  return { ...done, caseId: caseId({ job, key }), verdict: verdict as Verdict, slashed };
}
