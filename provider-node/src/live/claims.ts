import PQueue from "p-queue";
import { claimAction, type SettlementReader, settleAction } from "../chain/settlement.ts";
import type { Submitter } from "../chain/submitter.ts";
import type { Clock } from "../clock.ts";
import { isFatal, NodeError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Store } from "../store/store.ts";
import type { ChannelAccount } from "./account.ts";
import type { LiveTerms } from "./desk.ts";
import type { Ledger } from "./ledger.ts";

/** When charges are claimed. */
export interface ClaimHabits {
  /** A channel that owes so much is claimed. Token units. */
  readonly claimValue: bigint;
  /** A charge that is so old is claimed. Seconds. */
  readonly claimAgeSeconds: number;
}

/** What claiming works with. */
export interface ClaimsOptions extends ClaimHabits {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly reader: Pick<SettlementReader, "unsettled">;
  readonly submitter: Pick<Submitter, "send">;
  readonly terms: LiveTerms;
  readonly clock: Clock;
  /** Chain time, unix seconds. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Channels in one claim: some 60,000 gas each. */
const MAX_CLAIMED_AT_ONCE = 100;
/** Channels that the chain is asked about side by side. */
const PARALLEL = 8;
/** A channel whose claim the contract refused is left alone for so long. */
const REST_MS = 10 * 60_000;

/**
 * Brings what calls were charged to the chain. It remembers nothing: what is to be claimed is what was charged less what
 * the chain says was claimed, and totals claimed twice count once. So a crash between any two steps neither loses nor
 * repeats a thing.
 */
export class Claims {
  readonly #options: ClaimsOptions;
  #wake = Promise.withResolvers<void>();
  /** Channels whose claim was refused, and until when they rest. */
  readonly #resting = new WeakMap<ChannelAccount, number>();

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  /** Takes note of a charge: one that makes its channel due is claimed soon. */
  onCharge({ unclaimed }: ChannelAccount): void {
    if (unclaimed >= this.#options.claimValue) {
      this.#wake.resolve();
    }
  }

  /** Waits for a while, or until something is due. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    const rest = new AbortController();
    const sleep = this.#options.clock.sleep(ms, AbortSignal.any([signal, rest.signal])).catch(() => undefined);
    await Promise.race([sleep, this.#wake.promise]);
    rest.abort();
    this.#wake = Promise.withResolvers<void>();
  }

  /**
   * Looks at every channel that owes something, claims what is due, and has it paid out.
   *
   * @param all Claims whatever is owed: the node stops.
   * @returns Whether nothing is left that should be claimed now.
   */
  async round(all: boolean): Promise<boolean> {
    const { logger, signal } = this.#options;
    try {
      const owing = await this.#look();
      const due = owing.filter((account) => this.#isClaimable(account) && (all || this.#isDue(account)));
      for (let start = 0; start < due.length; start += MAX_CLAIMED_AT_ONCE) {
        await this.#claim(due.slice(start, start + MAX_CLAIMED_AT_ONCE));
      }
      await this.#settle();
      return !(all && this.#owing().some((account) => this.#isClaimable(account)));
    } catch (error) {
      if (isFatal(error) || signal.aborted) {
        throw error;
      }
      logger.warn("claiming failed", { error });
      return false;
    }
  }

  /** Channels that owe something, as the chain has them now. */
  async #look(): Promise<ChannelAccount[]> {
    const { ledger, signal } = this.#options;
    const owing = this.#owing();
    const queue = new PQueue({ concurrency: PARALLEL });
    await queue.addAll(
      owing.map((account) => () => ledger.sync(account)),
      { signal },
    );
    return owing.filter(({ unclaimed }) => unclaimed > 0n);
  }

  #owing(): ChannelAccount[] {
    const { store, ledger } = this.#options;
    return store.channels.unclaimed().flatMap(({ id }) => ledger.known(id) ?? []);
  }

  #isClaimable(account: ChannelAccount): boolean {
    const restsUntil = this.#resting.get(account) ?? Number.NEGATIVE_INFINITY;
    return claimOf(account).length > 0 && this.#options.clock.now() >= restsUntil;
  }

  #isDue({ unclaimed, unclaimedSince = Number.POSITIVE_INFINITY, chain }: ChannelAccount): boolean {
    const { claimValue, claimAgeSeconds, now } = this.#options;
    return unclaimed >= claimValue || chain.withdrawalAt !== 0 || now() - unclaimedSince >= claimAgeSeconds;
  }

  /** Claims of several channels at once; one by one if the contract refuses one of them. */
  async #claim(accounts: readonly ChannelAccount[]): Promise<void> {
    const { submitter, ledger, clock, logger } = this.#options;
    const claims = accounts.flatMap(claimOf);
    try {
      // One purpose for all: what an earlier run left under way is finished before anything else is claimed.
      const { hash } = await submitter.send({ ...claimAction(claims), purpose: "live:claim" });
      logger.info("claimed", { channels: claims.length, transaction: hash });
    } catch (error) {
      if (!(error instanceof NodeError && error.code === "TRANSACTION_REVERTED")) {
        throw error;
      }
      logger.warn("claim refused", { channels: accounts.map(({ id }) => id), error });
      for (const account of accounts) {
        if (accounts.length === 1) {
          this.#resting.set(account, clock.now() + REST_MS);
        } else if (this.#isClaimable(account)) {
          await this.#claim([account]);
        }
      }
    }
    await Promise.all(accounts.map((account) => ledger.sync(account)));
  }

  async #settle(): Promise<void> {
    const { reader, submitter, terms, logger } = this.#options;
    const { receiver, asset } = terms;
    const amount = await reader.unsettled(receiver, asset);
    if (amount > 0n) {
      const { hash } = await submitter.send({ ...settleAction(receiver, asset), purpose: "live:settle" });
      logger.info("settled", { amount, transaction: hash });
    }
  }
}

/** What a channel's highest voucher and its money allow to claim of what it was charged. */
export function claimOf({ config, charged, chain, voucher }: ChannelAccount) {
  const totalClaimed = charged < chain.balance ? charged : chain.balance;
  const { ceiling: maxClaimableAmount, signature } = voucher;
  const isOwed = totalClaimed > chain.claimed && signature !== "0x";
  return isOwed ? [{ voucher: { channel: config, maxClaimableAmount }, signature, totalClaimed }] : [];
}
