import type { Abi, AbiEvent, ContractEventArgsFromTopics, ContractEventName, Hex, Log } from "viem";
import { decodeEventLog, toEventSelector } from "viem";
import { pause } from "../../actions/internal/pause.ts";
import { courtAbi, marketAbi } from "../../protocol/generated/abi.ts";
import type { Place, State } from "./state.ts";

type MarketEventName = Exclude<ContractEventName<typeof marketAbi>, "EIP712DomainChanged">;
type CourtEventName = ContractEventName<typeof courtAbi>;
export type EventName = MarketEventName | CourtEventName;

/** What an event of the market or the court carries. */
export type EventArgs<Name extends EventName> = Name extends MarketEventName
  ? ContractEventArgsFromTopics<typeof marketAbi, Name, true>
  : Name extends CourtEventName
    ? ContractEventArgsFromTopics<typeof courtAbi, Name, true>
    : never;

/** One event of the market or the court. Narrow it by `eventName`. */
export type IndexEvent = {
  readonly [Name in EventName]: { readonly eventName: Name; readonly args: EventArgs<Name>; readonly place: Place };
}[EventName];

/** What events make of a state, which they change in place. */
export type Handlers = {
  readonly [Name in EventName]: (state: State, args: EventArgs<Name>, place: Place) => void;
};

/** A log and the time of its block, in unix seconds. */
export interface TimedLog {
  readonly log: Log<bigint, number, false>;
  readonly timestamp: number;
}

const EVENTS: ReadonlyMap<Hex, AbiEvent> = /* @__PURE__ */ bySelector([...marketAbi, ...courtAbi]);

function bySelector(abi: Abi): Map<Hex, AbiEvent> {
  const events = abi.filter((item) => item.type === "event" && item.name !== "EIP712DomainChanged") as AbiEvent[];
  return new Map(events.map((event) => [toEventSelector(event), event]));
}

/** So many logs are decoded before others get their turn: in a browser, the page. */
const SLICE = 2_000;

/** The events behind logs of a market and its court, in chain order. Logs of other events are passed over. */
export async function decodeLogs(logs: readonly TimedLog[]): Promise<IndexEvent[]> {
  const events: IndexEvent[] = [];
  let before: IndexEvent | undefined;
  for (const [index, { log, timestamp }] of logs.entries()) {
    if (index % SLICE === SLICE - 1) {
      await pause(0);
    }
    const item = EVENTS.get(log.topics[0] ?? "0x");
    if (item === undefined) {
      continue;
    }
    const { eventName, args } = decodeEventLog({ abi: [item], data: log.data, topics: log.topics });
    const { blockNumber: block, transactionHash: transaction, logIndex } = log;
    const isAfterDraw = before?.eventName === "ReserveSpent" && isNext(before.place, transaction, logIndex);
    before = {
      eventName,
      args,
      place: { block, timestamp, transaction, logIndex, isAfterDraw },
    } as unknown as IndexEvent;
    events.push(before);
  }
  return events;
}

function isNext(before: Place, transaction: Hex, logIndex: number): boolean {
  return before.transaction === transaction && before.logIndex === logIndex - 1;
}
