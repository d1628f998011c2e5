import type { Hex } from "viem";
import type { TouchstoneError } from "../errors.ts";
import { type JobEvent, jobEventSelectors, parseJobEvents } from "../protocol/job-events.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { type JobCriteria, JobFilter } from "./internal/job-filter.ts";
import { type WatchOptions, watchEvents } from "./internal/watch-events.ts";

export interface WatchJobsParameters extends WithHistory, JobCriteria, WatchOptions {
  /** Only this job. */
  readonly job?: Hex | undefined;
}

/** Ends when its signal is aborted or its loop is left. */
export type WatchJobsReturnType = AsyncGenerator<JobEvent, void, void>;

/** The watch itself throws nothing; `onError` is told these. */
export type WatchJobsErrorType = TouchstoneError;

/**
 * Yields the events of jobs as they happen, in order, each once. A failing RPC server delays it and ends nothing.
 *
 * An event that a reorganisation took back for good is not taken back here: ask for `confirmations`, or read `getJob`
 * before you act on much money.
 *
 * @example
 * for await (const { eventName, job } of client.watchJobs({ provider, signal })) {
 *   console.log(job, eventName);
 * }
 */
export function watchJobs(client: ReadClient, parameters: WatchJobsParameters): WatchJobsReturnType {
  const { market, job = null } = parameters;
  const filter = new JobFilter(client, parameters);
  return watchEvents(client, {
    ...parameters,
    name: "watchJobs",
    address: async () => market,
    topics: [jobEventSelectors(), job],
    parse: parseJobEvents,
    matches: (event) => filter.matches(event),
    // A job's transition happens once in a transaction.
    keyOf: ({ transactionHash, eventName, job }) => `${transactionHash}:${eventName}:${job}`,
  });
}
