import type { ContractEventArgsFromTopics, Hex, Log } from "viem";
import { getAbiItem, parseEventLogs, toEventSelector } from "viem";
import { courtAbi } from "./generated/abi.ts";

/** The events that tell a case's life. */
export const CASE_EVENTS = [
  "CaseOpened",
  "CasePinned",
  "CaseSeated",
  "WordCommitted",
  "WordRevealed",
  "SeatDenounced",
  "SeatPenalised",
  "CaseAppealed",
  "CaseClosed",
] as const;
export type CaseEventName = (typeof CASE_EVENTS)[number];

/** One event of a case, with its place on the chain. Narrow it by `eventName`. */
export type CaseEvent = {
  readonly [Name in CaseEventName]: {
    readonly eventName: Name;
    readonly caseId: Hex;
    readonly args: ContractEventArgsFromTopics<typeof courtAbi, Name, true>;
    readonly blockNumber: bigint;
    readonly blockHash: Hex;
    readonly transactionHash: Hex;
    /** Position in the block. */
    readonly logIndex: number;
  };
}[CaseEventName];

/** The one event of which the case is not the first indexed argument but the second. */
export const PENALTY_EVENT = "SeatPenalised" satisfies CaseEventName;

/** The first topics of case events. */
export function caseEventSelectors(names: readonly CaseEventName[] = CASE_EVENTS): Hex[] {
  return names.map((eventName) => toEventSelector(getAbiItem({ abi: courtAbi, name: eventName })));
}

/** The case events among mined logs of a court, in their order. Other logs are passed over. */
export function parseCaseEvents(logs: readonly Log[]): CaseEvent[] {
  const parsed = parseEventLogs({ abi: courtAbi, eventName: [...CASE_EVENTS], logs: [...logs] });
  return parsed.map((log) => {
    const { eventName, args, blockNumber, blockHash, transactionHash, logIndex } = log;
    return { eventName, caseId: args.caseId, args, blockNumber, blockHash, transactionHash, logIndex } as CaseEvent;
  });
}
