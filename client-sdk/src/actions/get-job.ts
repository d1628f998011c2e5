import type { Hex } from "viem";
import { JobError } from "../errors.ts";
import { EMPTY_FROZEN, frozenDigest } from "../protocol/frozen.ts";
import { JobStatus } from "../protocol/generated/enums.ts";
import { jobId } from "../protocol/job.ts";
import type { JobSummary } from "../protocol/job-events.ts";
import { chainIdOf, type ReadClient, type WithHistory } from "./internal/clients.ts";
import { readJobSummary } from "./internal/job-state.ts";
import { latestBlockNumber } from "./internal/logs.ts";
import { type ReadErrorType, readMarket } from "./internal/transact.ts";

export interface GetJobParameters extends WithHistory {
  readonly job: Hex;
}

export interface GetJobReturnType extends JobSummary {
  /** When the status, or the submit behind it, came about. Unix seconds. */
  readonly since: number;
  /** What is in time before this, and whose exit opens then: accept, submit or settlement. Unix seconds; none once over. */
  readonly deadline: number | undefined;
}

export type GetJobErrorType = ReadErrorType | JobError;

const HAS_DIGEST: readonly JobStatus[] = [JobStatus.Accepted, JobStatus.Submitted, JobStatus.InCase];

/**
 * Reads a job: its status, its spec and frozen values rebuilt from its events, and how it ended.
 *
 * What the events tell is checked against the job id and the digest that the market keeps.
 *
 * @example
 * const { status, spec, frozen, ending } = await client.getJob({ job });
 */
export async function getJob(client: ReadClient, parameters: GetJobParameters): Promise<GetJobReturnType> {
  const { market, job } = parameters;
  const blockNumber = await latestBlockNumber(client);
  const [summary, stored, chainId] = await Promise.all([
    readJobSummary(client, parameters, blockNumber),
    readMarket(client, { market, functionName: "jobOf", args: [job], blockNumber }),
    chainIdOf(client),
  ]);
  const { spec, status, frozen = EMPTY_FROZEN } = summary;
  const { since, digest } = stored;
  const fits =
    stored.status === status &&
    jobId({ chainId, market, spec }) === job.toLowerCase() &&
    (!HAS_DIGEST.includes(status) || digest === frozenDigest(frozen));
  if (!fits) {
    const sentence = `The events of job ${job} do not fit what the market keeps: the RPC server left some out, or lies.`;
    throw new JobError("JOB_EVENTS_INCONSISTENT", sentence, job, { details: { summary, stored } });
  }
  return { ...summary, since, deadline: deadlineOf(summary, since) };
}

function deadlineOf({ status, spec }: JobSummary, since: number): number | undefined {
  switch (status) {
    case JobStatus.Open:
      return spec.acceptBy;
    case JobStatus.Accepted:
      return since + spec.submitWithin;
    case JobStatus.Submitted:
      return since + spec.challengeWindow;
    default:
      return undefined;
  }
}
