import { type Address, parseEventLogs, toEventSelector } from "viem";
import { getAbiItem } from "viem/utils";
import type { ReadClient } from "../actions/internal/clients.ts";
import { courtOf } from "../actions/internal/court.ts";
import { getLogsInRange, latestBlockNumber } from "../actions/internal/logs.ts";
import { courtAbi, marketAbi } from "../protocol/generated/abi.ts";
import { greater } from "./amount.ts";

/** A provider as the chain's events have it. */
export interface PublishedProvider {
  readonly provider: Address;
  /** Where it said last that its card is. */
  readonly uri: string;
  /** How often its stake or its live bond was slashed. */
  readonly slashings: number;
}

const UPDATED = toEventSelector(getAbiItem({ abi: marketAbi, name: "ProviderUpdated" }));
const SLASHED = toEventSelector(getAbiItem({ abi: marketAbi, name: "Slashed" }));
const BOND_SLASHED = toEventSelector(getAbiItem({ abi: courtAbi, name: "BondSlashed" }));

/** Blocks read again each time, for what a small reorganisation brought late. */
const OVERLAP = 8n;

/** Providers from the events of market and court; each update reads only the blocks since the last. */
export class EventIndex {
  readonly #client: ReadClient;
  readonly #market: Address;
  #next: bigint;
  readonly #first: bigint;
  readonly #uris = new Map<Address, string>();
  /** By provider, each slashing by where it stands in the chain. */
  readonly #slashings = new Map<Address, Set<string>>();

  constructor({ client, market, fromBlock }: { client: ReadClient; market: Address; fromBlock: bigint }) {
    this.#client = client;
    this.#market = market;
    this.#first = fromBlock;
    this.#next = fromBlock;
  }

  /** Reads on to the latest block. Throws ChainError. */
  async update(): Promise<ReadonlyMap<Address, PublishedProvider>> {
    const [toBlock, court] = await Promise.all([latestBlockNumber(this.#client), courtOf(this.#client, this.#market)]);
    const fromBlock = greater(this.#next - OVERLAP, this.#first);
    const range = { fromBlock, toBlock };
    const [marketLogs, courtLogs] = await Promise.all([
      getLogsInRange(this.#client, { address: this.#market, topics: [[UPDATED, SLASHED]], ...range }),
      getLogsInRange(this.#client, { address: court, topics: [[BOND_SLASHED]], ...range }),
    ]);
    for (const { args } of parseEventLogs({ abi: marketAbi, eventName: "ProviderUpdated", logs: marketLogs })) {
      this.#uris.set(args.provider, args.uri);
    }
    const slashings = [
      ...parseEventLogs({ abi: marketAbi, eventName: "Slashed", logs: marketLogs }),
      ...parseEventLogs({ abi: courtAbi, eventName: "BondSlashed", logs: courtLogs }),
    ];
    for (const { args, transactionHash, logIndex } of slashings) {
      const known = this.#slashings.get(args.provider) ?? new Set();
      this.#slashings.set(args.provider, known.add(`${transactionHash}/${logIndex}`));
    }
    this.#next = toBlock + 1n;
    return this.#providers();
  }

  #providers(): ReadonlyMap<Address, PublishedProvider> {
    const entries = [...this.#uris].map(([provider, uri]) => {
      return [provider, { provider, uri, slashings: this.#slashings.get(provider)?.size ?? 0 }] as const;
    });
    return new Map(entries);
  }
}
