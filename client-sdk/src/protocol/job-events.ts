import type { ContractEventArgsFromTopics, Hex, Log } from "viem";
import { getAbiItem, parseEventLogs, toEventSelector, zeroAddress } from "viem";
import { JobError } from "../errors.ts";
import { type Frozen, freeze, freezeResult } from "./frozen.ts";
import { marketAbi } from "./generated/abi.ts";
import { JobStatus, type Outcome } from "./generated/enums.ts";
import type { JobSpec } from "./job.ts";

/** The events that tell a job's life; `JobSkipped` is no part of it. */
export const JOB_EVENTS = [
  "JobPosted",
  "JobAccepted",
  "JobSubmitted",
  "JobLocked",
  "JobReleased",
  "JobSettled",
  "JobRefunded",
] as const;
export type JobEventName = (typeof JOB_EVENTS)[number];

/** One event of a job, with its place on the chain. Narrow it by `eventName`. */
export type JobEvent = {
  readonly [Name in JobEventName]: {
    readonly eventName: Name;
    readonly job: Hex;
    readonly args: ContractEventArgsFromTopics<typeof marketAbi, Name, true>;
    readonly blockNumber: bigint;
    readonly blockHash: Hex;
    readonly transactionHash: Hex;
    /** Position in the block. */
    readonly logIndex: number;
  };
}[JobEventName];

/** How a job ended, in token units. */
export interface JobEnding {
  readonly outcome: Outcome;
  /** To the provider. */
  readonly paid: bigint;
  /** To the market. */
  readonly fee: bigint;
  /** To the client, of the price. */
  readonly refund: bigint;
  /** To the client, from the provider's stake: a fifth of what a no-show or a late decline costs. */
  readonly penalty: bigint;
}

/** What the events of a job tell. */
export interface JobSummary {
  readonly job: Hex;
  readonly status: JobStatus;
  readonly spec: JobSpec;
  /** Where the input may be fetched; may be empty. */
  readonly uri: string;
  /** Once accepted. */
  readonly frozen?: Frozen;
  /** Once over. */
  readonly ending?: JobEnding;
}

/** The first topics of job events. */
export function jobEventSelectors(names: readonly JobEventName[] = JOB_EVENTS): Hex[] {
  return names.map((eventName) => toEventSelector(getAbiItem({ abi: marketAbi, name: eventName })));
}

/** The job events among mined logs of a market, in their order. Other logs are passed over. */
export function parseJobEvents(logs: readonly Log[]): JobEvent[] {
  const parsed = parseEventLogs({ abi: marketAbi, eventName: [...JOB_EVENTS], logs: [...logs] });
  return parsed.map((log) => {
    const { eventName, args, blockNumber, blockHash, transactionHash, logIndex } = log;
    return { eventName, job: args.id, args, blockNumber, blockHash, transactionHash, logIndex } as JobEvent;
  });
}

/**
 * Folds the events of one job, oldest first, into what they tell.
 *
 * @returns Nothing where there is no `JobPosted`.
 */
export function foldJobEvents(events: readonly JobEvent[]): JobSummary | undefined {
  return events.reduce<JobSummary | undefined>(step, undefined);
}

/** What one more event makes of a job. Mirrors the transitions of `Jobs`. */
function step(summary: JobSummary | undefined, event: JobEvent): JobSummary | undefined {
  if (event.eventName === "JobPosted") {
    return { job: event.job, status: JobStatus.Open, spec: specOf(event.args), uri: event.args.uri };
  }
  if (summary === undefined || summary.job !== event.job) {
    throw inconsistent(event);
  }
  switch (event.eventName) {
    case "JobAccepted": {
      const { provider, verified } = event.args;
      return { ...summary, status: JobStatus.Accepted, frozen: freeze(summary.spec, provider, verified) };
    }
    case "JobSubmitted": {
      if (summary.frozen === undefined) {
        throw inconsistent(event);
      }
      const frozen = freezeResult(summary.frozen, event.blockNumber, event.args.resultRoot);
      return { ...summary, status: JobStatus.Submitted, frozen };
    }
    case "JobLocked":
      return { ...summary, status: JobStatus.InCase };
    case "JobReleased":
      return { ...summary, status: JobStatus.Submitted };
    case "JobSettled": {
      const { outcome, paid, fee } = event.args;
      const ending = { outcome: outcome as Outcome, paid, fee, refund: 0n, penalty: 0n };
      return { ...summary, status: JobStatus.Settled, ending };
    }
    case "JobRefunded": {
      const { outcome, refund, penalty } = event.args;
      const status = summary.status === JobStatus.InCase ? JobStatus.Rejected : JobStatus.Refunded;
      return { ...summary, status, ending: { outcome: outcome as Outcome, paid: 0n, fee: 0n, refund, penalty } };
    }
  }
}

/** The spec that a `JobPosted` event tells: its reserved fields are zero. */
export function specOf(args: ContractEventArgsFromTopics<typeof marketAbi, "JobPosted", true>): JobSpec {
  const { id: _, uri: __, ...fields } = args;
  return { ...fields, callback: zeroAddress, callbackGas: 0 };
}

function inconsistent(event: JobEvent): JobError {
  const sentence = `The RPC server left out events of job ${event.job} before ${event.eventName}. Ask another one.`;
  return new JobError("JOB_EVENTS_INCONSISTENT", sentence, event.job, { details: { event } });
}
