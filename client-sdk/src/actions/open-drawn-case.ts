import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import type { JobSpec } from "../protocol/job.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface OpenDrawnCaseParameters extends WithHistory {
  readonly job: Hex;
  /** Default: from the job's events. */
  readonly spec?: JobSpec | undefined;
  /** As frozen by the submit. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export interface OpenDrawnCaseReturnType extends Transacted {
  readonly caseId: Hex;
}

export type OpenDrawnCaseErrorType = TransactErrorType | JobError;

/**
 * Opens the case of a job that the draw chose: its payment is held until the case is over. Anyone may call, and is
 * credited a reward: `claimCredit` pays it. Where the hash of the draw can no longer be read, a later block draws,
 * nobody is rewarded, and `seatPanel` says more.
 *
 * @example
 * if ((await client.getDraw({ job })) === Draw.Drawn) await client.openDrawnCase({ job });
 */
export async function openDrawnCase(
  client: WriteClient,
  parameters: OpenDrawnCaseParameters,
): Promise<OpenDrawnCaseReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market } = parameters;
  const done = await transactCourt(client, { market, functionName: "openDrawn", args: [spec, frozen] });
  const { caseId } = courtEventIn(done, "CaseOpened");
  return { ...done, caseId };
}
