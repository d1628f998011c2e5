import {
  type ContractEventArgsFromTopics,
  type ContractEventName,
  type Hex,
  type PublicClient,
  parseEventLogs,
  type Transaction,
} from "viem";
import { courtAbi, marketAbi } from "../../../client-sdk/src/protocol/generated/abi.ts";
import type { Contracts } from "../random-market/ground.ts";

const EVENTS = [...marketAbi, ...courtAbi] as const;

export type EventName = ContractEventName<typeof EVENTS>;

/** A log of market or court, decoded. */
export interface Told<Name extends EventName = EventName> {
  readonly eventName: Name;
  readonly args: ContractEventArgsFromTopics<typeof EVENTS, Name, true>;
  readonly block: bigint;
  /** Of its block. Unix seconds. */
  readonly timestamp: bigint;
  readonly transaction: Hex;
  /** What the transaction called. */
  readonly input: Hex;
  readonly logIndex: number;
}

/** All that market and court ever told, in order. */
export class Records {
  readonly all: readonly Told[];
  readonly #byName: ReadonlyMap<EventName, readonly Told[]>;

  constructor(all: readonly Told[]) {
    this.all = all;
    this.#byName = Map.groupBy(all, ({ eventName }) => eventName);
  }

  of<Name extends EventName>(name: Name): readonly Told<Name>[] {
    return (this.#byName.get(name) ?? []) as unknown as readonly Told<Name>[];
  }
}

/** Reads the chain's raw logs. */
export async function readRecords(client: PublicClient, { market, court }: Contracts): Promise<Records> {
  const logs = await client.getLogs({ address: [market, court], fromBlock: 0n, toBlock: "latest" });
  const times = new Map<bigint, bigint>();
  const inputs = new Map<Hex, Hex>();
  for (const blockNumber of new Set(logs.map((log) => log.blockNumber))) {
    const { timestamp, transactions } = await client.getBlock({ blockNumber, includeTransactions: true });
    times.set(blockNumber, timestamp);
    for (const { hash, input } of transactions as Transaction[]) inputs.set(hash, input);
  }
  const told = parseEventLogs({ abi: EVENTS, logs }).map(({ eventName, args, ...log }) => ({
    eventName,
    args,
    block: log.blockNumber,
    timestamp: times.get(log.blockNumber),
    transaction: log.transactionHash,
    input: inputs.get(log.transactionHash),
    logIndex: log.logIndex,
  }));
  if (told.length !== logs.length) throw new Error("Some logs could not be decoded.");
  return new Records(told as unknown as readonly Told[]);
}

/** The sum of what each item tells. */
export function sumOf<Item>(items: readonly Item[], amount: (item: Item) => bigint): bigint {
  return items.reduce((sum, item) => sum + amount(item), 0n);
}
