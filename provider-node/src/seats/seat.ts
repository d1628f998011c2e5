import type { Address, Hex, LocalAccount, PublicClient } from "viem";
import type { CourtLimits, CourtReader } from "../chain/court.ts";
import type { Head } from "../chain/head.ts";
import type { Submitter } from "../chain/submitter.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Engine } from "../engine/engine.ts";
import type { Logger } from "../logger.ts";
import type { Download } from "../stages/context.ts";
import type { Store } from "../store/store.ts";
import { claimCredits } from "./claims.ts";
import type { SeatContext } from "./context.ts";
import { endpointFinder } from "./endpoints.ts";
import { SeatIntake } from "./intake.ts";
import { recall } from "./recall.ts";
import { SeatRunner } from "./runner.ts";
import { tidy } from "./tidy.ts";

/** What a seat is made of. */
export interface SeatOptions {
  readonly config: Pick<
    Config,
    | "market"
    | "provider"
    | "maxBodyBytes"
    | "confirmations"
    | "pollIntervalMs"
    | "choreJitterSeconds"
    | "claimIntervalSeconds"
  >;
  /** The seat's account. */
  readonly seat: Address;
  /** The key that acts for it. */
  readonly operator: LocalAccount;
  readonly client: PublicClient;
  readonly chainId: number;
  readonly court: CourtReader;
  readonly limits: CourtLimits;
  readonly store: Store;
  readonly submitter: Submitter;
  readonly engines: ReadonlyMap<Hex, Engine>;
  readonly download: Download;
  readonly head: Head;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends all work at once. */
  readonly signal: AbortSignal;
  /** Aborts when the node is to stop. */
  readonly drain: AbortSignal;
}

/** How a seat is. */
export interface SeatHealth {
  /** Its number; zero if its account has none. */
  readonly seat: number;
  /** Earned and not claimed yet, token units. */
  readonly credit: bigint;
  /** Cases that are not over and that it judges, by phase. */
  readonly judging: Readonly<Record<string, number>>;
  /** All cases that are not over, by phase. */
  readonly open: Readonly<Record<string, number>>;
}

/** A seat of this node: judges what it is drawn for. */
export class SeatKeeper {
  readonly #options: SeatOptions;
  readonly #context: SeatContext;
  readonly #runner: SeatRunner;
  /** Takes the chain in. */
  readonly recorder: SeatIntake;

  constructor(options: SeatOptions) {
    const { config, seat, operator, client, chainId, court, limits, store, head, clock, logger } = options;
    const { market, provider } = config;
    const { receiptLifetime } = limits;
    // Without tolerances there is no panel, and nothing to judge by.
    const engines = new Map([...options.engines].filter(([, { model }]) => model.verification !== undefined));
    this.#options = options;
    this.#context = {
      parties: [seat, provider, operator.address],
      store,
      court,
      submitter: options.submitter,
      engines,
      download: options.download,
      endpointOf: endpointFinder({ client, market, download: options.download, clock }),
      maxRequestBytes: config.maxBodyBytes,
      now: () => head.now(),
      clock,
      logger,
      signal: options.signal,
    };
    const models = new Set(engines.keys());
    this.recorder = new SeatIntake({ chainId, market, receiptLifetime, models, store });
    this.#runner = new SeatRunner({
      ...options,
      ...config,
      context: this.#context,
      account: seat,
      seatOf: (account) => court.seatOf(account),
      recall: (job) => recall({ client, market, court: court.address, receiptLifetime }, job),
    });
  }

  /** Works until the node is to stop. */
  async run(): Promise<void> {
    await Promise.race([this.#runner.run(), this.#claim()]);
  }

  /** Resolves when no stage is at work. */
  idle(): Promise<void> {
    return this.#runner.idle();
  }

  /** Deletes what no case needs any more. */
  tidy(): Promise<void> {
    return tidy(this.#options.store, this.#options.logger);
  }

  health(): SeatHealth {
    const { seat, credit } = this.#runner;
    return {
      seat,
      credit,
      judging: this.#runner.casesByPhase({ own: true }),
      open: this.#runner.casesByPhase({ own: false }),
    };
  }

  /** Claims now and then; never resolves. */
  async #claim(): Promise<never> {
    const { seat, operator, config, clock, signal } = this.#options;
    // Who opens a case is credited for it: that is the node's key.
    const accounts = [...new Set([seat, operator.address])];
    const { claimIntervalSeconds } = config;
    for (;;) {
      if (claimIntervalSeconds > 0) {
        await claimCredits(this.#context, accounts); // At once, or a node that often starts anew never would.
      }
      await clock.sleep(Math.min(claimIntervalSeconds * 1000 || MAX_SLEEP_MS, MAX_SLEEP_MS), signal);
    }
  }
}

/** No timer runs longer. */
const MAX_SLEEP_MS = 2 ** 31 - 1;
