import { caip2, type ItemOutput } from "@touchstone/sdk/protocol";
import type { Address, Hex, LocalAccount, PublicClient } from "viem";
import { type PaidToken, SettlementReader } from "../chain/settlement.ts";
import type { Submitter } from "../chain/submitter.ts";
import type { Clock } from "../clock.ts";
import { isFatal } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { CallRow } from "../store/calls.ts";
import type { Store } from "../store/store.ts";
import type { Terms } from "../terms.ts";
import { BatchBook } from "./batch-book.ts";
import { Carrier } from "./carrier.ts";
import { Claims } from "./claims.ts";
import type { LiveDesk, LiveTerms, Settled } from "./desk.ts";
import { Ledger } from "./ledger.ts";
import { LocalLiveDesk } from "./local-desk.ts";
import { channelState, Offers, paymentResponse } from "./offers.ts";
import { PaymentReader } from "./payment.ts";
import { envelopeOf, Receipts } from "./receipts.ts";
import { Refunds } from "./refunds.ts";

/** What the settings say of the live lane. */
export interface LaneSettings {
  readonly market: Address;
  readonly provider: Address;
  readonly confirmations: number;
  /** Token units. */
  readonly claimValue: bigint;
  readonly claimAgeSeconds: number;
  readonly channelPollSeconds: number;
  /** Token units. */
  readonly minDeposit: bigint;
  readonly minExactPayment: bigint;
  readonly withdrawDelaySeconds: number;
  readonly maxStoreBytes: number;
  readonly uploadTtlSeconds: number;
  readonly landingSeconds: number;
}

/** What a lane works with. */
export interface LaneOptions {
  readonly config: LaneSettings;
  readonly client: PublicClient;
  readonly chainId: number;
  readonly token: PaidToken;
  /** The court's `receiptLifetime`, seconds. */
  readonly lifetime: number;
  /** How long what receipts are about is kept, seconds. */
  readonly evidenceSeconds: number;
  readonly account: LocalAccount;
  readonly store: Store;
  readonly submitter: Submitter;
  /** Of which each call keeps the prices that it is admitted at. */
  readonly terms: Terms;
  readonly clock: Clock;
  readonly now: () => number;
  readonly isSynced: () => boolean;
  readonly logger: Logger;
  /** Aborts when the node is to stop; calls that run are finished, and all is claimed. */
  readonly drain: AbortSignal;
  /** Ends all work at once. */
  readonly signal: AbortSignal;
}

/** How the live lane is. */
export interface LaneHealth {
  /** Channels in memory. */
  readonly channels: number;
  /** Calls that run. */
  readonly running: number;
  /** What channels in memory were charged and the chain does not know yet. Token units. */
  readonly unclaimed: bigint;
  /** Calls charged since the start, and what they were charged. Token units. */
  readonly calls: number;
  readonly charged: bigint;
}

/** Pauses while a stopping node waits for its last calls. */
const DRAIN_PAUSE_MS = 200;
const PRUNED_AT_ONCE = 500;
const PRUNE_PAUSE_MS = 20;

/** The live lane of a node: its desk, and the work behind it. */
export class Lane {
  readonly desk: LiveDesk;
  readonly batches: BatchBook;
  readonly #desk: LocalLiveDesk;
  readonly #options: LaneOptions;
  readonly #ledger: Ledger;
  readonly #claims: Claims;
  readonly #refunds: Refunds;
  readonly #terms: LiveTerms;
  readonly #fatal = Promise.withResolvers<never>();
  #calls = 0;
  #charged = 0n;
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: LaneOptions) {
    const { config, client, chainId, token, account, store, submitter, clock, now, signal, logger } = options;
    this.#options = options;
    this.#terms = termsOf(options);
    const terms = this.#terms;
    const reader = new SettlementReader(client, config.confirmations);
    const ledger = new Ledger({ store, reader, clock, now });
    const claims = new Claims({ ...config, store, ledger, reader, submitter, terms, clock, now, logger, signal });
    const refunds = new Refunds({ chainId, ledger, submitter, account });
    this.#ledger = ledger;
    this.#claims = claims;
    this.#refunds = refunds;
    const receipts = new Receipts({ ...options, ...config });
    this.batches = new BatchBook({ ...options, ...config, receipts, unixTime: () => clock.unixTime() });
    const knownConfig = (id: Hex) => ledger.known(id)?.config;
    this.#desk = new LocalLiveDesk({
      ...options,
      ...config,
      terms,
      pricing: () => options.terms.prices,
      offers: new Offers(terms, config.minExactPayment),
      payments: new PaymentReader({ chainId, terms, knownConfig }),
      ledger,
      carrier: new Carrier({ store, reader, submitter, token: token.asset, sender: account.address }),
      refunds,
      claims,
      receipts,
      settled: (row, signature, output, transaction) => this.#settled(row, signature, output, transaction),
      onCharged: (amount) => {
        this.#calls += 1;
        this.#charged += amount;
      },
      isDraining: () => options.drain.aborted || options.terms.isDrained,
      onFatal: (error) => this.#fatal.reject(error),
    });
    this.desk = this.#desk;
    this.#fatal.promise.catch(() => undefined); // Whoever runs the lane hears of it.
  }

  /**
   * Claims what becomes due until the node drains; then waits for the calls that run and claims all that is left.
   *
   * @throws NodeError that is fatal; the signal's reason when it aborts.
   */
  async run(): Promise<void> {
    this.#work = this.#run();
    await Promise.race([this.#work, this.#fatal.promise]);
  }

  /** Resolves when nothing of the lane is at work. */
  async idle(): Promise<void> {
    await this.#work.catch(() => undefined);
  }

  /** Forgets calls that nobody can bring before the court any more, some at a time so that calls are not held up. */
  async tidy(): Promise<void> {
    const { store, now, evidenceSeconds, clock, signal, logger } = this.#options;
    this.batches.tidy();
    for (;;) {
      const pruned = store.calls.prune(now() - evidenceSeconds, PRUNED_AT_ONCE);
      if (pruned.calls + pruned.blobs > 0) {
        logger.info("calls pruned", { ...pruned, usedBytes: store.calls.usedBytes });
      }
      if (Math.max(pruned.calls, pruned.blobs) < PRUNED_AT_ONCE) {
        return;
      }
      await clock.sleep(PRUNE_PAUSE_MS, signal);
    }
  }

  health(): LaneHealth {
    const owing = [...this.#ledger.accounts()].reduce((sum, { unclaimed }) => sum + unclaimed, 0n);
    const counts = { calls: this.#calls, charged: this.#charged };
    return { channels: this.#ledger.size, running: this.#desk.running, unclaimed: owing, ...counts };
  }

  async #run(): Promise<void> {
    const { config, drain, signal, isSynced } = this.#options;
    while (!drain.aborted) {
      if (isSynced()) {
        await this.#finishRefunds();
        await this.#claims.round(false);
        this.#ledger.forgetIdle();
      }
      await this.#claims.pause(config.channelPollSeconds * 1000, AbortSignal.any([drain, signal]));
      signal.throwIfAborted();
    }
    await this.#drain();
  }

  async #drain(): Promise<void> {
    const { clock, signal, isSynced } = this.#options;
    while (this.#desk.running > 0) {
      await clock.sleep(DRAIN_PAUSE_MS, signal);
    }
    while (isSynced() && !(await this.#claims.round(true))) {
      await clock.sleep(DRAIN_PAUSE_MS, signal);
    }
  }

  /** Refunds that an earlier run, or a chain that was away, left under way. */
  async #finishRefunds(): Promise<void> {
    const { store, logger } = this.#options;
    for (const { id } of store.channels.refunding()) {
      const account = this.#ledger.known(id);
      if (account?.refund !== undefined) {
        await this.#refunds.carryOut(account, account.refund).catch((error: unknown) => {
          if (isFatal(error)) {
            throw error;
          }
          logger.warn("refund failed", { channel: id, error });
        });
      }
    }
  }

  #settled(row: CallRow, signature: Hex, output: ItemOutput | undefined, transaction: string): Settled {
    const { channelId, payer, amount, cumulative } = row.receipt;
    const account = row.payment === "exact" ? undefined : this.#ledger.known(channelId);
    const state = account && channelState({ ...account.corrective(), chargedCumulativeAmount: cumulative });
    const extra = { chargedAmount: amount.toString(), ...(state && { channelState: state }) };
    const response = paymentResponse({ network: this.#terms.network, payer, transaction, amount, extra });
    return { charged: amount, envelope: envelopeOf(row, signature, output), paymentResponse: response };
  }
}

function termsOf({ config, chainId, token, account }: LaneOptions): LiveTerms {
  return {
    network: caip2(chainId),
    ...token,
    receiver: config.provider,
    receiverAuthorizer: account.address,
    withdrawDelay: config.withdrawDelaySeconds,
    minDeposit: config.minDeposit.toString(),
  };
}
