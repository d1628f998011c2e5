import { type Address, type Hex, padHex } from "viem";
import type { JobError } from "../errors.ts";
import {
  foldJobEvents,
  type JobEvent,
  type JobSummary,
  jobEventSelectors,
  parseJobEvents,
} from "../protocol/job-events.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { inParallel } from "./internal/in-parallel.ts";
import { getLogsInRange, latestBlockNumber, type Topics } from "./internal/logs.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface ListJobsParameters extends WithHistory {
  /** Only jobs of this client. */
  readonly client?: Address | undefined;
  /** Only jobs that name this provider or that it accepted. */
  readonly provider?: Address | undefined;
  /** Only jobs for this model. */
  readonly model?: Hex | undefined;
}

/** Oldest first. */
export type ListJobsReturnType = readonly JobSummary[];

export type ListJobsErrorType = ReadErrorType | JobError;

/** Job ids that one query of logs names; servers bound the length of such lists. */
const IDS_PER_QUERY = 100;
const PARALLEL_QUERIES = 2;

/**
 * Lists jobs with their status, rebuilt from events. Give `fromBlock`: a long history takes long.
 *
 * @example
 * const jobs = await client.listJobs({ client: buyer.account.address });
 */
export async function listJobs(client: ReadClient, parameters: ListJobsParameters): Promise<ListJobsReturnType> {
  const { market, fromBlock = 0n, model } = parameters;
  const toBlock = await latestBlockNumber(client);
  const read = async (topics: Topics): Promise<JobEvent[]> =>
    parseJobEvents(await getLogsInRange(client, { address: market, topics, fromBlock, toBlock }));

  const found = (await inParallel(queriesOf(parameters), PARALLEL_QUERIES, read)).flat();
  const ids = [...new Set(found.map(({ job }) => job))];
  const batches = Array.from({ length: Math.ceil(ids.length / IDS_PER_QUERY) }, (_, batch) =>
    ids.slice(batch * IDS_PER_QUERY, (batch + 1) * IDS_PER_QUERY),
  );
  const events = (await inParallel(batches, PARALLEL_QUERIES, (batch) => read([jobEventSelectors(), batch]))).flat();
  const byJob = Map.groupBy(events, ({ job }) => job);
  const jobs = [...byJob.values()].flatMap((ofJob) => foldJobEvents(ofJob) ?? []);
  const { client: buyer } = parameters;
  return jobs.filter(
    ({ spec }) =>
      (model === undefined || spec.model === model.toLowerCase()) &&
      (buyer === undefined || spec.client.toLowerCase() === buyer.toLowerCase()),
  );
}

/** The queries that find the ids of the jobs asked for. A provider is named in the spec, or it accepted. */
function queriesOf({ client, provider }: ListJobsParameters): Topics[] {
  const posted = jobEventSelectors(["JobPosted"]);
  const topicOf = (address: Address | undefined) => (address === undefined ? null : padHex(address, { size: 32 }));
  if (provider === undefined) {
    return [[posted, null, topicOf(client)]];
  }
  return [
    [posted, null, topicOf(client), topicOf(provider)],
    [jobEventSelectors(["JobAccepted"]), null, topicOf(provider)],
  ];
}
