import type { Hex } from "viem";
import type { Obstacle } from "../protocol/generated/enums.ts";
import { type JobSpec, jobId } from "../protocol/job.ts";
import { chainIdOf, type OnMarket, type WriteClient } from "./internal/clients.ts";
import { eventsIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface PostJobsParameters extends OnMarket {
  /** Specs as `prepareJob` makes them, each with where its input may be fetched. */
  readonly jobs: readonly { readonly spec: JobSpec; readonly uri?: string | undefined }[];
}

export interface PostJobsReturnType extends Transacted {
  /** In the order given. What was posted before or is past its `acceptBy` is passed over, and says why. */
  readonly jobs: readonly { readonly job: Hex; readonly spec: JobSpec; readonly obstacle?: Obstacle }[];
}

export type PostJobsErrorType = TransactErrorType;

/**
 * Posts several jobs of the caller in one transaction.
 *
 * @example
 * const specs = await Promise.all(drafts.map((draft) => buyer.prepareJob(draft)));
 * const { jobs } = await buyer.postJobs({ jobs: specs.map(({ spec }) => ({ spec, uri })) });
 */
export async function postJobs(client: WriteClient, { market, jobs }: PostJobsParameters): Promise<PostJobsReturnType> {
  const specs = jobs.map(({ spec }) => spec);
  const uris = jobs.map(({ uri = "" }) => uri);
  const chainId = await chainIdOf(client);
  const done = await transact(client, { market, functionName: "postMany", args: [specs, uris] });
  const skipped = eventsIn(done.receipt, market, "JobSkipped");
  const told = specs.map((spec) => {
    const job = jobId({ chainId, market, spec });
    const skip = skipped.find(({ id }) => id === job);
    return { job, spec, ...(skip && { obstacle: skip.obstacle as Obstacle }) };
  });
  return { ...done, jobs: told };
}
