import type { Hex } from "viem";
import { getBlock } from "viem/actions";
import type { JobError } from "../errors.ts";
import type { JobEvent } from "../protocol/job-events.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { inParallel } from "./internal/in-parallel.ts";
import { readJobEvents, throwUnknown } from "./internal/job-state.ts";
import { latestBlockNumber } from "./internal/logs.ts";
import { chainCall, type ReadErrorType } from "./internal/transact.ts";

export interface GetJobHistoryParameters extends WithHistory {
  readonly job: Hex;
}

/** A job's events, oldest first, each with the time of its block in unix seconds. */
export type GetJobHistoryReturnType = readonly (JobEvent & { readonly time: number })[];

export type GetJobHistoryErrorType = ReadErrorType | JobError;

const PARALLEL_READS = 4;

/**
 * Reads what happened to a job and when.
 *
 * @example
 * for (const { eventName, time, transactionHash } of await client.getJobHistory({ job })) {
 *   console.log(new Date(time * 1000), eventName, transactionHash);
 * }
 */
export async function getJobHistory(
  client: ReadClient,
  parameters: GetJobHistoryParameters,
): Promise<GetJobHistoryReturnType> {
  const events = await readJobEvents(client, parameters, await latestBlockNumber(client));
  if (events.length === 0) {
    throwUnknown(parameters.job);
  }
  return inParallel(events, PARALLEL_READS, async (event) => {
    const { blockNumber } = event;
    const block = await chainCall("eth_getBlockByNumber", () => getBlock(client, { blockNumber }));
    return { ...event, time: Number(block.timestamp) };
  });
}
