import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Frozen } from "../protocol/frozen.ts";
import type { JobSpec } from "../protocol/job.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface ChallengeResultParameters extends WithHistory {
  readonly job: Hex;
  /** The first item that the case is about. */
  readonly item: number;
  /** Default: from the job's events. */
  readonly spec?: JobSpec | undefined;
  /** As frozen by the submit. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export interface ChallengeResultReturnType extends Transacted {
  readonly caseId: Hex;
  /** Names the case among those of its job, for the later steps. */
  readonly key: bigint;
}

export type ChallengeResultErrorType = TransactErrorType | JobError;

/**
 * Opens a case on items of a job of the caller from `item` on, within the challenge window. The bond, `challengeBond`
 * or a tenth of the price if that is more, comes from the caller's free balance. It is lost if the provider is
 * acquitted; if neither side is proven right, the fees of the seats are taken from it.
 *
 * @example
 * const { key } = await buyer.challengeResult({ job, item: 3 });
 * const { ending } = await buyer.waitForCase({ job, key, until: "closed" });
 */
export async function challengeResult(
  client: WriteClient,
  parameters: ChallengeResultParameters,
): Promise<ChallengeResultReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, item } = parameters;
  const done = await transactCourt(client, { market, functionName: "challenge", args: [spec, frozen, item] });
  const { caseId, key } = courtEventIn(done, "CaseOpened");
  return { ...done, caseId, key };
}
