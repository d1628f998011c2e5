import type { ChannelConfig } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { SettlementReader } from "../chain/settlement.ts";
import type { Clock } from "../clock.ts";
import type { ChannelOnChain } from "../store/channels.ts";
import type { Store } from "../store/store.ts";
import { ChannelAccount, type Held } from "./account.ts";

/** What a ledger works with. */
export interface LedgerOptions {
  readonly store: Store;
  readonly reader: Pick<SettlementReader, "channelOf">;
  readonly clock: Clock;
  /** Chain time, unix seconds. */
  readonly now: () => number;
}

/** A channel that has not enough is looked at again, but no oftener than this. */
const MIN_AGE_MS = 1_000;
/** Numbers that are reserved at once: after a crash as many may be skipped. */
const SEQ_BLOCK = 32;
/** A channel that was not looked at for so long is looked at before it pays for a call. */
const MAX_AGE_MS = 5 * 60_000;
/** A channel that nobody used for so long leaves the memory; one that never paid for a call, sooner. */
const IDLE_MS = 60 * 60_000;
const UNUSED_MS = 10 * 60_000;

/** All channels of this node, each in memory once: what is decided there is written before it counts for anybody else. */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #accounts = new Map<Hex, ChannelAccount>();
  readonly #opening = new Map<Hex, Promise<ChannelAccount>>();
  /** When the chain was last asked about a channel, and when the channel was last used. Milliseconds of the clock. */
  readonly #syncedAt = new WeakMap<ChannelAccount, number>();
  readonly #usedAt = new WeakMap<ChannelAccount, number>();
  readonly #reserving = new WeakMap<ChannelAccount, { readonly upTo: number; readonly done: Promise<void> }>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** A channel that this node knows. */
  known(id: Hex): ChannelAccount | undefined {
    const held = this.#accounts.get(id);
    const row = held === undefined ? this.#options.store.channels.get(id) : undefined;
    const account = held ?? (row && this.#keep(new ChannelAccount(row)));
    if (account !== undefined) {
      this.#usedAt.set(account, this.#options.clock.now());
    }
    return account;
  }

  /** The channel with this id and config, as the chain has it if it was not looked at for a while. */
  async open(id: Hex, config: ChannelConfig): Promise<ChannelAccount> {
    const account = this.known(id) ?? (await this.#openNew(id, config));
    await this.#syncIfOlder(account, MAX_AGE_MS);
    return account;
  }

  /** Looks again at a channel whose money does not suffice: its payer may have seen to that. */
  lookAgain(account: ChannelAccount): Promise<void> {
    return this.#syncIfOlder(account, MIN_AGE_MS);
  }

  /** Asks the chain how a channel stands, and writes it down. */
  async sync(account: ChannelAccount): Promise<void> {
    const { reader, clock, now } = this.#options;
    const before = account.chain;
    const chain = await reader.channelOf(account.id);
    account.note(chain, now());
    this.#syncedAt.set(account, clock.now());
    if (!isSame(before, chain)) {
      await this.write(account);
    }
  }

  /** Writes a channel as it is when the disk gets to it. */
  write(account: ChannelAccount): Promise<void> {
    const { store } = this.#options;
    return store.commit(() => store.channels.put(account.row()));
  }

  /** Resolves when a number that was given out can never be given out again, whatever happens to this machine. */
  async secure(account: ChannelAccount, { seq }: Held): Promise<void> {
    let block = this.#reserving.get(account);
    if (Number(seq) > account.reservedSeq) {
      account.reservedSeq = Number(seq) - 1 + SEQ_BLOCK;
      block = { upTo: account.reservedSeq, done: this.write(account) };
      this.#reserving.set(account, block);
    }
    if (block !== undefined && Number(seq) > block.upTo - SEQ_BLOCK) {
      await block.done;
    }
  }

  /** Channels in memory. */
  get size(): number {
    return this.#accounts.size;
  }

  /** Channels in memory. */
  accounts(): Iterable<ChannelAccount> {
    return this.#accounts.values();
  }

  /** Lets go of channels that nobody used for long. */
  forgetIdle(): void {
    const now = this.#options.clock.now();
    for (const [id, account] of this.#accounts) {
      const isIdle = account.running.size === 0 && account.refund === undefined;
      const most = account.charged === 0n ? UNUSED_MS : IDLE_MS;
      if (isIdle && now - (this.#usedAt.get(account) ?? 0) > most) {
        this.#accounts.delete(id);
      }
    }
  }

  async #syncIfOlder(account: ChannelAccount, ms: number): Promise<void> {
    if (this.#options.clock.now() - (this.#syncedAt.get(account) ?? Number.NEGATIVE_INFINITY) > ms) {
      await this.sync(account);
    }
  }

  #openNew(id: Hex, config: ChannelConfig): Promise<ChannelAccount> {
    const opening =
      this.#opening.get(id) ??
      this.#read(id, config).finally(() => {
        this.#opening.delete(id);
      });
    this.#opening.set(id, opening);
    return opening;
  }

  async #read(id: Hex, config: ChannelConfig): Promise<ChannelAccount> {
    const { reader, clock, now } = this.#options;
    const chain = await reader.channelOf(id);
    // A channel with money that this database does not know may be one that a lost one knew: no number that it gave out may be given
    // out again.
    const reservedSeq = chain.balance === 0n ? 0 : now();
    const fresh = { charged: chain.claimed, ceiling: chain.claimed, signature: "0x", reservedSeq } as const;
    const rest = { refund: undefined, unclaimedSince: undefined };
    const account = this.#keep(new ChannelAccount({ id, config, ...chain, ...fresh, ...rest }));
    this.#syncedAt.set(account, clock.now());
    this.#usedAt.set(account, clock.now());
    return account;
  }

  #keep(account: ChannelAccount): ChannelAccount {
    this.#accounts.set(account.id, account);
    return account;
  }
}

function isSame(a: ChannelOnChain, b: ChannelOnChain): boolean {
  const isSameMoney = a.balance === b.balance && a.claimed === b.claimed;
  return isSameMoney && a.withdrawalAt === b.withdrawalAt && a.refundNonce === b.refundNonce;
}
