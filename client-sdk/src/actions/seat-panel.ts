import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import { caseId } from "../protocol/case.ts";
import { DRAW_KEY } from "../protocol/generated/constants.ts";
import type { Verdict } from "../protocol/generated/enums.ts";
import type { CaseStep } from "./internal/case-state.ts";
import type { WriteClient } from "./internal/clients.ts";
import { courtEventsIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export type SeatPanelParameters = CaseStep;

export interface SeatPanelReturnType extends Transacted {
  readonly caseId: Hex;
  /** The seats in order of their positions, zero where nobody sits; none where no panel was drawn. */
  readonly seats: readonly number[];
  /** Where this ended the case: too few seats (`NoQuorum`), or a late draw that did not choose the job (`None`). */
  readonly verdict?: Verdict;
}

export type SeatPanelErrorType = TransactErrorType | JobError;

/**
 * Draws the panel of a case that waits for its block, or has a later block draw it where that one can no longer be
 * read. Of a case that was opened for an old job, the block first says whether the job is drawn. Anyone may call.
 *
 * @example
 * const { seats } = await client.seatPanel({ job });
 */
export async function seatPanel(client: WriteClient, parameters: SeatPanelParameters): Promise<SeatPanelReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, job, key = DRAW_KEY } = parameters;
  const done = await transactCourt(client, { market, functionName: "seatPanel", args: [spec, frozen, key] });
  const [seated] = courtEventsIn(done, "CaseSeated");
  const [closed] = courtEventsIn(done, "CaseClosed");
  const ending = closed === undefined ? {} : { verdict: closed.verdict as Verdict };
  return { ...done, caseId: caseId({ job, key }), seats: seated?.seats ?? [], ...ending };
}
