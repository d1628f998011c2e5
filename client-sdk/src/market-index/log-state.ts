import type { Address } from "viem";
import type { ReadClient } from "../actions/internal/clients.ts";
import { pause } from "../actions/internal/pause.ts";
import { ChainError, type TouchstoneError } from "../errors.ts";
import { decodeLogs, type IndexEvent } from "./fold/events.ts";
import { fold } from "./fold/fold.ts";
import { emptyState, layerOver, type State } from "./fold/state.ts";
import type { IndexCache } from "./index-cache.ts";
import { IndexError } from "./index-error.ts";
import { type BlockHead, LogReader, readBlock, readContracts, readHead } from "./log-reader.ts";
import { decodeSnapshot, encodeSnapshot, type Snapshot, type SnapshotOf } from "./snapshot.ts";

/** How logs are read. */
export interface LogsParameters {
  readonly client: ReadClient;
  readonly market: Address;
  /** The block of the deployment. Default 0, which some RPC servers find too far. */
  readonly fromBlock?: bigint | undefined;
  /** Keeps what was read. Default: while the process lives. */
  readonly cache?: IndexCache | undefined;
  /** How old an answer may be before a query reads on, in milliseconds. Default 4,000. */
  readonly refreshMs?: number | undefined;
  /** Told of what failed and was got over. */
  readonly onError?: ((error: TouchstoneError) => void) | undefined;
}

/** A reorganisation so deep takes nothing back but blocks that are folded anew each time. */
const DEPTH = 64n;
/** Blocks asked for at once, so that a long history is not lost where the server fails in between. */
const PIECE = 200_000n;
const DEFAULT_REFRESH_MS = 4_000;
const SAVE_EVERY_MS = 30_000;
/** To save takes no more than a hundredth of the time. */
const SAVE_SHARE = 100;
/** So many events are folded before others get their turn: in a browser, the page. */
const SLICE = 5_000;

/** Up to where a state tells. Without hash, before the first block. */
interface Base {
  readonly state: State;
  readonly block: bigint;
  readonly hash: Snapshot["hash"] | undefined;
}

/** What the chain tells up to its head. */
export interface Top {
  readonly state: State;
  readonly head: BlockHead;
}

/**
 * What the logs of a market and its court tell, read on as the chain grows: a base of which all is deeper than 64 blocks, and over it
 * what is newer, folded anew each time. If the base is no longer on the chain, all is read anew.
 */
export class LogState {
  readonly #parameters: LogsParameters;
  #opened: { readonly reader: LogReader; readonly of: SnapshotOf } | undefined;
  #base: Base | undefined;
  #top: Top | undefined;
  #reading: Promise<Top> | undefined;
  #next: Promise<Top> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #saveFrom = Number.NEGATIVE_INFINITY;
  #isUnsaved = false;

  constructor(parameters: LogsParameters) {
    this.#parameters = parameters;
  }

  /** What was read last, or what there is now if that is too old. Whoever asks while it is read waits for the same read. */
  get(): Promise<Top> {
    const { refreshMs = DEFAULT_REFRESH_MS } = this.#parameters;
    const isFresh = performance.now() - this.#readAt < refreshMs;
    if (this.#reading === undefined && isFresh && this.#top !== undefined) {
      return Promise.resolve(this.#top);
    }
    return this.#start();
  }

  /** What there is now: a read that is under way may have missed it, so another one follows. */
  refresh(): Promise<Top> {
    if (this.#reading === undefined) {
      return this.#start();
    }
    this.#next ??= this.#reading
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  #start(): Promise<Top> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<Top> {
    const { client } = this.#parameters;
    const { reader, of } = await this.#open();
    const head = await readHead(client);
    if (this.#top?.head.hash !== head.hash) {
      this.#top = undefined; // it lies over a base that is about to move
      await this.#dropLostBase(head);
      this.#top = await this.#catchUp(reader, of, head);
      await this.#save(of);
    }
    this.#readAt = performance.now();
    return this.#top;
  }

  async #open(): Promise<{ readonly reader: LogReader; readonly of: SnapshotOf }> {
    if (this.#opened === undefined) {
      const { client, market, fromBlock = 0n } = this.#parameters;
      const contracts = await readContracts(client, market);
      this.#opened = { reader: new LogReader(client, contracts), of: { ...contracts, fromBlock } };
      this.#base = await this.#load(this.#opened.of);
    }
    return this.#opened;
  }

  /** A base whose block is not on the chain any more tells nothing: nor does one that was kept of another chain. */
  async #dropLostBase(head: BlockHead): Promise<void> {
    const base = this.#base;
    if (base?.hash === undefined) {
      return;
    }
    const block = base.block <= head.number ? await readBlock(this.#parameters.client, base.block) : undefined;
    if (block?.hash !== base.hash) {
      this.#base = undefined;
    }
  }

  /** Reads from the base to the head, and moves the base on. */
  async #catchUp(reader: LogReader, { market, court, fromBlock }: SnapshotOf, head: BlockHead): Promise<Top> {
    for (;;) {
      const base = this.#base ?? { state: emptyState(market, court), block: fromBlock - 1n, hash: undefined };
      const to = least(base.block + PIECE, head.number);
      const events = await decodeLogs(await reader.read(base.block + 1n, to));
      const settled = least(to, head.number - DEPTH);
      const moved = settled > base.block ? await this.#moveBase(base, events, settled) : base;
      this.#base = moved;
      if (to >= head.number) {
        const state = layerOver(moved.state);
        const isNew = ({ place }: IndexEvent) => place.block > moved.block;
        fold(state, events.filter(isNew));
        return { state, head };
      }
    }
  }

  async #moveBase(base: Base, events: readonly IndexEvent[], block: bigint): Promise<Base> {
    const at = await readBlock(this.#parameters.client, block);
    if (at === undefined) {
      const sentence = `Block ${block} was taken back while the chain was read. Ask again.`;
      throw new ChainError("RPC_FAILED", sentence, { details: { block } });
    }
    const settled = events.filter(({ place }) => place.block <= block);
    this.#base = undefined; // a fold that fails leaves it half changed
    for (let start = 0; start < settled.length; start += SLICE) {
      fold(base.state, settled.slice(start, start + SLICE));
      await pause(0);
    }
    this.#isUnsaved ||= settled.length > 0;
    return { state: base.state, block, hash: at.hash };
  }

  async #load(of: SnapshotOf): Promise<Base | undefined> {
    try {
      const text = await this.#parameters.cache?.load();
      return text === undefined ? undefined : decodeSnapshot(of, text);
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  async #save(of: SnapshotOf): Promise<void> {
    const { cache } = this.#parameters;
    const [base, now] = [this.#base, performance.now()];
    if (cache === undefined || base?.hash === undefined || !this.#isUnsaved || now < this.#saveFrom) {
      return;
    }
    try {
      await cache.save(encodeSnapshot(of, { block: base.block, hash: base.hash, state: base.state }));
      this.#isUnsaved = false;
    } catch (error) {
      this.#report(error);
    }
    const end = performance.now();
    this.#saveFrom = end + Math.max(SAVE_EVERY_MS, SAVE_SHARE * (end - now));
  }

  #report(cause: unknown): void {
    const sentence = "The cache of the index failed: the chain is read without it.";
    this.#parameters.onError?.(new IndexError("INDEX_CACHE_FAILED", sentence, { cause }));
  }
}

function least(a: bigint, b: bigint): bigint {
  if (a < b) {
    return a;
  }
  return b;
}
