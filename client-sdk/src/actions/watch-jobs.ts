import type { Hex } from "viem";
import type { TouchstoneError } from "../errors.ts";
import { type JobEvent, jobEventSelectors, parseJobEvents } from "../protocol/job-events.ts";
import { asTouchstoneError } from "./internal/chain-errors.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { type JobCriteria, JobFilter } from "./internal/job-filter.ts";
import { getLogsInRange, latestBlockNumber } from "./internal/logs.ts";
import { pause } from "./internal/pause.ts";

export interface WatchJobsParameters extends WithHistory, JobCriteria {
  /** Only this job. */
  readonly job?: Hex | undefined;
  /** Blocks that an event must have above it before it is told. Default 0. */
  readonly confirmations?: number | undefined;
  /** The first block whose events are told. Default: the next one. */
  readonly since?: bigint | undefined;
  /** Milliseconds between looks. Default: the client's. */
  readonly pollingInterval?: number | undefined;
  /** Told of failures of the RPC server; the watch goes on. */
  readonly onError?: ((error: TouchstoneError) => void) | undefined;
  /** Ends the watch. */
  readonly signal?: AbortSignal | undefined;
}

/** Ends when its signal is aborted or its loop is left. */
export type WatchJobsReturnType = AsyncGenerator<JobEvent, void, void>;

/** The watch itself throws nothing; `onError` is told these. */
export type WatchJobsErrorType = TouchstoneError;

/** Blocks looked at again each time, for events that a small reorganisation, or a server behind another, brought late. */
const OVERLAP = 8n;

/** Blocks after which an event is not told apart from a new one any more. */
const MEMORY = 512n;

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
export async function* watchJobs(client: ReadClient, parameters: WatchJobsParameters): WatchJobsReturnType {
  const { market, job = null, confirmations = 0, pollingInterval = client.pollingInterval } = parameters;
  const { signal, onError } = parameters;
  const filter = new JobFilter(client, parameters);
  const topics = [jobEventSelectors(), job];
  const seen = new Map<string, bigint>();
  let first = parameters.since;
  let next = first ?? 0n;

  while (!signal?.aborted) {
    const fresh: JobEvent[] = [];
    try {
      const head = (await latestBlockNumber(client)) - BigInt(confirmations);
      first ??= head < 0n ? 0n : head + 1n; // a chain may be shorter than the confirmations
      const from = next - OVERLAP > first ? next - OVERLAP : first;
      const logs = await getLogsInRange(client, { address: market, topics, fromBlock: from, toBlock: head });
      for (const event of parseJobEvents(logs)) {
        if (!seen.has(keyOf(event)) && (await filter.matches(event))) {
          fresh.push(event);
        }
      }
      next = head + 1n > next ? head + 1n : next;
    } catch (error) {
      onError?.(asTouchstoneError(error, "watchJobs")); // `next` did not move: what was not read now is read again
    }
    for (const event of fresh) {
      seen.set(keyOf(event), event.blockNumber);
      yield event;
    }
    forget(seen, next - MEMORY);
    await pause(pollingInterval, signal);
  }
}

/** The same for an event that a reorganisation moved to another block: a job's transition happens once in a transaction. */
function keyOf({ transactionHash, eventName, job }: JobEvent): string {
  return `${transactionHash}:${eventName}:${job}`;
}

function forget(seen: Map<string, bigint>, before: bigint): void {
  for (const [key, blockNumber] of seen) {
    if (blockNumber < before) {
      seen.delete(key);
    }
  }
}
