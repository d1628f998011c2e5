import type { Draw, Frozen, JobStatus } from "@touchstone/sdk/protocol";
import type { Address, Hex } from "viem";
import type { Submitter } from "../chain/submitter.ts";
import type { Clock } from "../clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { JobEvent } from "../jobs/machine.ts";
import type { Logger } from "../logger.ts";
import type { JobRow } from "../store/jobs.ts";
import type { Store } from "../store/store.ts";

/** What the market says of one job. */
export interface JobOnChain {
  readonly status: JobStatus;
  /** When the status, or the submit behind it, came about. Unix seconds. */
  readonly since: number;
  /** The 26 bytes by which what was frozen is remembered. */
  readonly digest: Hex;
}

/** A client's order-backing reserve. Token units. */
export interface ReserveOnChain {
  readonly amount: bigint;
  /** The part that was asked back. */
  readonly leaving: bigint;
  /** When that may leave. Unix seconds. */
  readonly releasableAt: number;
}

/** What stages ask of the market. */
export interface MarketView {
  jobOf(id: Hex): Promise<JobOnChain>;
  reserveOf(client: Address): Promise<ReserveOnChain>;
}

/** An open demand. */
export interface DemandOnChain {
  /** Unix seconds; zero: there is none. */
  readonly answerBy: number;
}

/** What stages ask of the court. */
export interface CourtView {
  readonly address: Address;
  drawOf(id: Hex, frozen: Frozen): Promise<Draw>;
  demandOf(key: Hex): Promise<DemandOnChain>;
}

/** Fetches a resource of at most so many bytes. */
export type Download = (url: string, maxBytes: number, signal: AbortSignal) => Promise<Uint8Array>;

/** What stages work with. */
export interface StageContext {
  readonly market: Address;
  readonly provider: Address;
  readonly store: Store;
  readonly view: MarketView;
  /** Nothing where the market has none: then no model is verified. */
  readonly court?: CourtView | undefined;
  readonly submitter: Submitter;
  /** By model id. */
  readonly engines: ReadonlyMap<Hex, Engine>;
  /** Items of one job that are generated side by side. */
  readonly parallelItems: number;
  readonly download: Download;
  /** Longest request that is fetched, bytes. */
  readonly maxRequestBytes: number;
  /** Seconds before a deadline by which a transaction must be on its way. */
  readonly landingSeconds: number;
  /** Chain time, unix seconds. */
  readonly now: () => number;
  /** The newest block: its number, and its time in unix seconds. */
  readonly head: () => { readonly number: number; readonly at: number };
  /** Told of each item that was generated: what speed is measured by. */
  readonly onGenerated: (model: Hex, tokens: number, seconds: number) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends all work at once; it goes on after the next start. */
  readonly signal: AbortSignal;
}

/** What a stage did: something the job learns now, or something that the chain will tell in its time. */
export type StageResult =
  | { readonly event: JobEvent }
  /** The chain tells of it by this block; without one, soon. */
  | { readonly onChain: { readonly block?: number } };

/** Does one duty towards one job. It never calls another stage. */
export type Stage = (context: StageContext, job: JobRow) => Promise<StageResult>;
