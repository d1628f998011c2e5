import type { Frozen, JobSpec } from "@touchstone/sdk/protocol";
import type { Address, Hex } from "viem";
import type { CourtReader } from "../chain/court.ts";
import type { Submitter } from "../chain/submitter.ts";
import type { Clock } from "../clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { Logger } from "../logger.ts";
import type { Download } from "../stages/context.ts";
import type { CaseRow } from "../store/cases.ts";
import type { DossierRow } from "../store/dossiers.ts";
import type { Store } from "../store/store.ts";
import type { CaseEvent } from "./machine.ts";

/** What seats read of the court. */
export type SeatView = Pick<
  CourtReader,
  "address" | "caseOf" | "wordAt" | "demandOf" | "drawOf" | "creditOf" | "answerIn"
>;

/** What the stages of seats work with. */
export interface SeatContext {
  /** Own accounts: a seat that is a party judges nothing. */
  readonly parties: readonly Address[];
  readonly store: Store;
  readonly court: SeatView;
  readonly submitter: Submitter;
  /** By model id. */
  readonly engines: ReadonlyMap<Hex, Engine>;
  readonly download: Download;
  /** Where a provider's HTTP server is, as its card says. */
  readonly endpointOf: (provider: Address, signal: AbortSignal) => Promise<string>;
  /** Longest request that is fetched, bytes. */
  readonly maxRequestBytes: number;
  /** Chain time, unix seconds. */
  readonly now: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends all work at once; it goes on after the next start. */
  readonly signal: AbortSignal;
}

/** A case with the job it is about. */
export interface CaseFile {
  readonly row: CaseRow;
  readonly dossier: DossierRow;
  readonly spec: JobSpec;
  readonly frozen: Frozen;
}

/** A case, and where this seat sits in it. */
export interface SeatedFile extends CaseFile {
  /** The seat's number. */
  readonly seat: number;
  readonly position: number;
  /** When the phase ends in which the duty can be done. Unix seconds. */
  readonly until: number;
}

/** What a stage did. */
export type SeatResult =
  | { readonly event: CaseEvent }
  /** The chain tells of it by this block; without one, soon. */
  | { readonly onChain: { readonly block?: number } }
  /** There is nothing to do before a time. Unix seconds. */
  | { readonly restUntil: number };
