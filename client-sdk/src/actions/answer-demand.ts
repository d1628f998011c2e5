import type { Hex } from "viem";
import type { JobError } from "../errors.ts";
import type { Answer } from "../protocol/court.ts";
import type { Frozen } from "../protocol/frozen.ts";
import type { JobSpec } from "../protocol/job.ts";
import type { WithHistory, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import { stepData } from "./internal/job-state.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface AnswerDemandParameters extends WithHistory {
  readonly job: Hex;
  /** The case for which a seat demands. Default: the job, whose client demands. */
  readonly key?: Hex | undefined;
  /** What is demanded, as `answerOf` makes it. */
  readonly answer: Answer;
  /** Default: from the job's events. */
  readonly spec?: JobSpec | undefined;
  /** As frozen by the submit. Default: from the job's events. */
  readonly frozen?: Frozen | undefined;
}

export type AnswerDemandReturnType = Transacted;

export type AnswerDemandErrorType = TransactErrorType | JobError;

/**
 * Answers an open demand with the bytes and their proofs. Anyone who has them may call, and
 * gets the deposit of a client's demand.
 *
 * @example
 * const { item, chunk } = await provider.getDemand({ key: job });
 * await provider.answerDemand({ job, answer: answerOf({ job, provider, items, requestHashes, item, chunk, ...bytes })
 * });
 */
export async function answerDemand(
  client: WriteClient,
  parameters: AnswerDemandParameters,
): Promise<AnswerDemandReturnType> {
  const { spec, frozen } = await stepData(client, parameters);
  const { market, job, key = job, answer } = parameters;
  const done = await transactCourt(client, { market, functionName: "answer", args: [spec, frozen, key, answer] });
  courtEventIn(done, "Answered");
  return done;
}
