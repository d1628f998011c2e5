import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import { DRAW_KEY } from "../protocol/generated/constants.ts";
import type { CaseStep } from "./internal/case-state.ts";
import type { WriteClient } from "./internal/clients.ts";
import { courtEventIn, courtEventsIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export type SeatPanelParameters = CaseStep;

export interface SeatPanelReturnType extends Transacted {
  readonly caseId: Hex;
  /** The seats in order of their positions, zero where nobody sits; none where the case was pinned anew. */
  readonly seats: readonly number[];
}

export type SeatPanelErrorType = TransactErrorType | JobError;

/**
 * Draws the panel of a case that waits for its block, or has a later block draw it where that one can no longer be read.
 * Anyone may call.
 *
 * @example
 * const { seats } = await client.seatPanel({ job });
 */
export async function seatPanel(client: WriteClient, parameters: SeatPanelParameters): Promise<SeatPanelReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, key = DRAW_KEY } = parameters;
  const done = await transactCourt(client, { market, functionName: "seatPanel", args: [spec, frozen, key] });
  const [seated] = courtEventsIn(done, "CaseSeated");
  const { caseId } = seated ?? courtEventIn(done, "CasePinned");
  return { ...done, caseId, seats: seated?.seats ?? [] };
}
