import type { ContractEventArgsFromTopics, Hex, Log } from "viem";
import { getAbiItem, parseEventLogs, toEventSelector } from "viem";
import { courtAbi } from "./generated/abi.ts";

/** The events that tell of data on demand. */
export const DEMAND_EVENTS = ["Demanded", "Answered"] as const;
export type DemandEventName = (typeof DEMAND_EVENTS)[number];

/** A demand on a job, or its answer, with its place on the chain. Narrow it by `eventName`. */
export type DemandEvent = {
  readonly [Name in DemandEventName]: {
    readonly eventName: Name;
    readonly job: Hex;
    readonly args: ContractEventArgsFromTopics<typeof courtAbi, Name, true>;
    readonly blockNumber: bigint;
    readonly blockHash: Hex;
    readonly transactionHash: Hex;
    /** Position in the block. */
    readonly logIndex: number;
  };
}[DemandEventName];

/** The first topics of demands and answers. */
export function demandEventSelectors(): Hex[] {
  return DEMAND_EVENTS.map((eventName) => toEventSelector(getAbiItem({ abi: courtAbi, name: eventName })));
}

/** The demands and answers among mined logs of a court, in their order. Other logs are passed over. */
export function parseDemandEvents(logs: readonly Log[]): DemandEvent[] {
  const parsed = parseEventLogs({ abi: courtAbi, eventName: [...DEMAND_EVENTS], logs: [...logs] });
  return parsed.map((log) => {
    const { eventName, args, blockNumber, blockHash, transactionHash, logIndex } = log;
    return { eventName, job: args.job, args, blockNumber, blockHash, transactionHash, logIndex } as DemandEvent;
  });
}
