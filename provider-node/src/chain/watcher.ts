import { courtAbi, marketAbi } from "@touchstone/sdk/protocol";
import {
  type Address,
  BaseError,
  BlockNotFoundError,
  type ContractEventName,
  type Hex,
  type Log,
  type ParseEventLogsReturnType,
  type PublicClient,
  parseEventLogs,
} from "viem";
import type { Clock } from "../clock.ts";
import { NodeError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { BlockRef } from "../store/blocks.ts";
import { type FinalityRule, finalityRule } from "./finality.ts";

type EventsOf<Abi extends typeof marketAbi | typeof courtAbi> = ParseEventLogsReturnType<
  Abi,
  ContractEventName<Abi>,
  true
>[number];

/** An event of the market or of its court, decoded. No name is in both. */
export type ChainLog = EventsOf<typeof marketAbi> | EventsOf<typeof courtAbi>;

/** All that a watcher ever says. */
export type ChainEvent =
  /** A block joined the chain. In order, each on its parent; final blocks in which no contract says a thing may be left out. */
  | { readonly type: "block"; readonly block: BlockRef; readonly logs: readonly ChainLog[] }
  /** All blocks above `ancestor` left the chain. */
  | { readonly type: "reorg"; readonly ancestor: BlockRef }
  /** This block and all below it stay for ever. */
  | { readonly type: "finalized"; readonly block: BlockRef };

/** What to watch, and how. */
export interface WatcherOptions {
  readonly client: PublicClient;
  readonly market: Address;
  /** Nothing where the market has none. */
  readonly court?: Address | undefined;
  /** The chain as it was taken in before, from the last final block up; empty for a first start. */
  readonly known: readonly BlockRef[];
  /** How many blocks before the last final one a first start begins. */
  readonly lookbackBlocks: number;
  /** Blocks that are final by depth where the chain itself does not say what is final. */
  readonly finalityDepth: number;
  readonly pollIntervalMs: number;
  /** Called when all was told that the chain has up to this block. */
  readonly onLook?: (newest: number) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Longest wait before an endpoint that fails is asked again. */
const MAX_BACKOFF_MS = 10_000;
/** After so many failures in a row the operator is told. */
const FAILURES_BEFORE_ALARM = 5;
const FIRST_RANGE = 1_000;
const MAX_RANGE = 10_000;
const RANGE_GROWTH = 1.25;

/**
 * Follows the chain and tells every block, reorg and finality once, in order. Endpoints that fail or hang cost time, never
 * a block.
 *
 * @throws NodeError `REORG_PAST_FINALITY` if the chain contradicts what was final; the signal's reason when it aborts.
 */
export async function* watch(options: WatcherOptions): AsyncGenerator<ChainEvent, never> {
  const { clock, logger, pollIntervalMs, signal } = options;
  const watcher = new Watcher(options);
  let failures = 0;
  for (;;) {
    try {
      for await (const event of watcher.round()) {
        failures = 0;
        yield event;
      }
      failures = 0;
    } catch (error) {
      if (!(error instanceof BaseError || error instanceof ChainMoved)) {
        throw error;
      }
      failures += error instanceof ChainMoved ? 0 : 1;
      logger[failures === FAILURES_BEFORE_ALARM ? "error" : "debug"]("chain not readable", { failures, error });
    }
    await clock.sleep(Math.min(pollIntervalMs * 2 ** failures, Math.max(MAX_BACKOFF_MS, pollIntervalMs)), signal);
  }
}

/** The chain changed, or another endpoint answered, in the middle of a look. The next look sorts it out. */
class ChainMoved extends Error {}

class Watcher {
  readonly #options: WatcherOptions;
  /** The chain as told, from the last final block up. */
  #known: BlockRef[];
  #finality: FinalityRule | undefined;
  #range = FIRST_RANGE;
  readonly #contracts: Address[];

  constructor(options: WatcherOptions) {
    const { market, court } = options;
    this.#options = options;
    this.#contracts = court === undefined ? [market] : [market, court];
    this.#known = [...options.known];
  }

  /** Tells what happened since the last round. A failure ends it; what was told stays told. */
  async *round(): AsyncGenerator<ChainEvent> {
    const { client, finalityDepth, lookbackBlocks } = this.#options;
    this.#finality ??= await finalityRule(client, finalityDepth);
    const newest = await client.getBlock({ blockTag: "latest" });
    const head = Number(newest.number);
    const final = await this.#finality(head);
    if (this.#known.length === 0) {
      yield this.#tell(await this.#blockAt(Math.max(0, final - lookbackBlocks)));
    }
    if (!(await this.#stands(final, head, newest.hash))) {
      yield await this.#rewind(head);
    }
    while (this.#tip.number < final) {
      yield* this.#leap(final);
    }
    while (this.#tip.number < head) {
      yield await this.#step(head);
    }
    yield* this.#finalize(final);
    this.#options.onLook?.(head);
  }

  get #tip(): BlockRef {
    const tip = this.#known.at(-1);
    if (tip === undefined) {
      throw new TypeError("Nothing is known of the chain");
    }
    return tip;
  }

  /** Tells the next block, or a reorg if it does not stand on the last one told. */
  async #step(head: number): Promise<ChainEvent> {
    const block = await this.#blockAt(this.#tip.number + 1);
    return block.parentHash === this.#tip.hash ? this.#tell(block) : this.#rewind(head);
  }

  /** Tells a range of final blocks: those with logs, and its last. */
  async *#leap(final: number): AsyncGenerator<ChainEvent> {
    const from = this.#tip.number + 1;
    const to = Math.min(from + this.#range - 1, final);
    const logs = await this.#logsBetween(from, to);
    const numbers = new Set([...logs.map(({ blockNumber }) => Number(blockNumber)), to]);
    for (const number of [...numbers].sort((a, b) => a - b)) {
      const block = await this.#blockAt(number);
      const own = logs.filter(({ blockNumber }) => Number(blockNumber) === number);
      if (own.some(({ blockHash }) => blockHash !== block.hash)) {
        throw new ChainMoved(`The logs of block ${number} are another block's`);
      }
      yield this.#told(block, own);
    }
  }

  async #tell(block: BlockRef): Promise<ChainEvent> {
    // By hash: an endpoint that has not this very block fails, where by number it would answer for another.
    const logs = await this.#options.client.getLogs({ address: this.#contracts, blockHash: block.hash });
    return this.#told(block, decode(logs));
  }

  #told(block: BlockRef, logs: readonly ChainLog[]): ChainEvent {
    this.#known.push(block);
    return { type: "block", block, logs };
  }

  /** Goes back to the last block told that is still there. */
  async #rewind(head: number): Promise<ChainEvent> {
    for (const ancestor of this.#known.toReversed()) {
      if (ancestor.number <= head && (await this.#blockAt(ancestor.number)).hash === ancestor.hash) {
        if (ancestor === this.#tip) {
          throw new ChainMoved("The chain came back");
        }
        this.#known = this.#known.slice(0, this.#known.indexOf(ancestor) + 1);
        return { type: "reorg", ancestor };
      }
    }
    const [final] = this.#known;
    const sentence =
      "The chain contradicts blocks that were final. Check `rpcUrls`; after a real reorg of this depth, or with a development chain begun anew, start with an empty `dataDir`.";
    throw new NodeError("REORG_PAST_FINALITY", sentence, { details: { final } });
  }

  *#finalize(final: number): Generator<ChainEvent> {
    const block = this.#known.findLast(({ number }) => number <= final);
    if (block !== undefined && block !== this.#known[0]) {
      this.#known = this.#known.slice(this.#known.indexOf(block));
      yield { type: "finalized", block };
    }
  }

  /**
   * Whether what was told still stands, as far as the next look would not notice: a block on top of the last one told
   * names its parent, but a final range does not, nor does a newest block that is lower.
   */
  async #stands(final: number, head: number, headHash: Hex): Promise<boolean> {
    const tip = this.#tip;
    if (head > tip.number) {
      return final <= tip.number || (await this.#blockAt(tip.number)).hash === tip.hash;
    }
    const known = this.#known.find(({ number }) => number === head);
    return known === undefined || known.hash === headHash; // an endpoint that lags behind says nothing
  }

  async #blockAt(number: number): Promise<BlockRef> {
    try {
      const { hash, parentHash, timestamp } = await this.#options.client.getBlock({ blockNumber: BigInt(number) });
      return { number, hash, parentHash, timestamp: Number(timestamp) };
    } catch (error) {
      throw error instanceof BlockNotFoundError ? new ChainMoved(`There is no block ${number}`) : error;
    }
  }

  /** Endpoints cap ranges, each its own way: after a failure the next range is half as long, after a success longer. */
  async #logsBetween(from: number, to: number): Promise<ChainLog[]> {
    const { client } = this.#options;
    try {
      const logs = await client.getLogs({ address: this.#contracts, fromBlock: BigInt(from), toBlock: BigInt(to) });
      this.#range = Math.min(Math.ceil(this.#range * RANGE_GROWTH), MAX_RANGE);
      return decode(logs);
    } catch (error) {
      this.#range = Math.max(1, Math.floor(this.#range / 2));
      throw error;
    }
  }
}

function decode(logs: Log[]): ChainLog[] {
  return [...parseEventLogs({ abi: marketAbi, logs }), ...parseEventLogs({ abi: courtAbi, logs })].sort(
    (a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex,
  );
}
