import type { Hex } from "viem";
import { JobError, TouchstoneError } from "../../errors.ts";
import { EMPTY_FROZEN, type Frozen } from "../../protocol/frozen.ts";
import type { JobSpec } from "../../protocol/job.ts";
import {
  foldJobEvents,
  type JobEvent,
  type JobSummary,
  jobEventSelectors,
  parseJobEvents,
} from "../../protocol/job-events.ts";
import type { ReadClient, WithHistory } from "./clients.ts";
import { getLogsInRange, latestBlockNumber } from "./logs.ts";
import { readBroughtReceipt } from "./receipt-state.ts";

/** All events of one job up to a block, oldest first. */
export async function readJobEvents(
  client: ReadClient,
  { market, fromBlock = 0n, job }: WithHistory & { readonly job: Hex },
  toBlock: bigint,
): Promise<JobEvent[]> {
  const topics = [jobEventSelectors(), job];
  return parseJobEvents(await getLogsInRange(client, { address: market, topics, fromBlock, toBlock }));
}

/** What the events of one job tell. Throws `JOB_UNKNOWN` where there are none. */
export async function readJobSummary(
  client: ReadClient,
  query: WithHistory & { readonly job: Hex },
  toBlock?: bigint,
): Promise<JobSummary> {
  const events = await readJobEvents(client, query, toBlock ?? (await latestBlockNumber(client)));
  return foldJobEvents(events) ?? throwUnknown(query.job);
}

/** The frozen values that later steps of a job need: as given, else from its events. */
export async function frozenOf(
  client: ReadClient,
  query: WithHistory & { readonly job: Hex; readonly frozen?: Frozen | undefined },
): Promise<Frozen> {
  return query.frozen ?? (await readJobSummary(client, query)).frozen ?? EMPTY_FROZEN;
}

/** The spec and frozen values that later steps of a job need: as given, else from its events. */
export async function stepData(
  client: ReadClient,
  query: WithHistory & { readonly job: Hex; readonly spec?: JobSpec | undefined; readonly frozen?: Frozen | undefined },
): Promise<{ spec: JobSpec; frozen: Frozen }> {
  if (query.spec !== undefined && query.frozen !== undefined) {
    return { spec: query.spec, frozen: query.frozen };
  }
  const { spec, frozen = EMPTY_FROZEN } = await readWork(client, query);
  return { spec: query.spec ?? spec, frozen: query.frozen ?? frozen };
}

/** What was asked for, and what was frozen of it. */
export interface Work {
  readonly spec: JobSpec;
  /** Where the client said that its input is; may be empty. */
  readonly uri: string;
  readonly frozen?: Frozen | undefined;
}

/** A job as its events tell it, or the receipt that was brought as one. Throws `JOB_UNKNOWN` where there is neither. */
export async function readWork(client: ReadClient, query: WithHistory & { readonly job: Hex }): Promise<Work> {
  const summary = foldJobEvents(await readJobEvents(client, query, await latestBlockNumber(client)));
  return summary ?? (await receiptAsWork(client, query));
}

async function receiptAsWork(client: ReadClient, query: WithHistory & { readonly job: Hex }): Promise<Work> {
  try {
    const { spec, frozen } = await readBroughtReceipt(client, query);
    return { spec, frozen, uri: "" };
  } catch (error) {
    const isUnknown = error instanceof TouchstoneError && ["JOB_UNKNOWN", "COURT_MISSING"].includes(error.code);
    throw isUnknown ? unknownJob(query.job) : error;
  }
}

export function throwUnknown(job: Hex): never {
  throw unknownJob(job);
}

function unknownJob(job: Hex): JobError {
  return new JobError("JOB_UNKNOWN", `The market knows no job ${job}: check id, market, chain and \`fromBlock\`.`, job);
}
