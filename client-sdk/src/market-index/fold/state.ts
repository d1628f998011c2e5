import type { Address, Hex } from "viem";
import type { CaseEventName } from "../../protocol/case-events.ts";
import type { JobEventName } from "../../protocol/job-events.ts";
import type {
  CaseStats,
  IndexedAccount,
  IndexedCase,
  IndexedCaseSeat,
  IndexedDemand,
  IndexedJob,
  IndexedMarket,
  IndexedModel,
  IndexedOperatorKey,
  IndexedProvider,
  IndexedReceipt,
  IndexedSeat,
  IndexedStep,
  MarketStats,
  SlashStats,
} from "../types.ts";
import { Table } from "./table.ts";

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export type ProviderRow = Mutable<Omit<IndexedProvider, "account">>;
export type JobRow = Mutable<IndexedJob & { readonly steps: readonly IndexedStep<JobEventName>[] }>;
export type CaseRow = Mutable<
  IndexedCase & { readonly seats: readonly IndexedCaseSeat[]; readonly steps: readonly IndexedStep<CaseEventName>[] }
>;
/** All demands of a job, oldest first. */
export type DemandsRow = { readonly job: Hex; demands: readonly IndexedDemand[] };
/** An hour of the jobs of one model and one provider. */
export type JobStatsRow = Mutable<MarketStats & { readonly model: Hex; readonly provider: Address }>;

/** What the events of a market and its court tell so far. */
export interface State {
  /** Whose account the court's money is; nothing where the market has no court. */
  readonly court: Address | undefined;
  readonly market: Mutable<IndexedMarket>;
  readonly accounts: Table<Address, Mutable<IndexedAccount>>;
  readonly providers: Table<Address, ProviderRow>;
  /** By provider and operator, see `operatorId`. */
  readonly operators: Table<string, Mutable<IndexedOperatorKey>>;
  readonly models: Table<Hex, Mutable<IndexedModel>>;
  readonly jobs: Table<Hex, JobRow>;
  readonly cases: Table<Hex, CaseRow>;
  readonly demands: Table<Hex, DemandsRow>;
  readonly seats: Table<number, Mutable<IndexedSeat>>;
  readonly receipts: Table<Hex, Mutable<IndexedReceipt>>;
  /** Statistics by hour; see `statistics.ts` for the keys. */
  readonly jobStats: Table<string, JobStatsRow>;
  readonly slashStats: Table<number, Mutable<SlashStats>>;
  readonly caseStats: Table<number, Mutable<CaseStats>>;
}

/** The tables of a state. */
export type TableName = Exclude<keyof State, "court" | "market">;

/** Where an event happened. */
export interface Place {
  readonly block: bigint;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly transaction: Hex;
  /** Position in the block. */
  readonly logIndex: number;
  /** Whether the event before, in the same transaction, drew on a reserve. */
  readonly isAfterDraw: boolean;
}

/** A market of which nothing is known yet. */
export function emptyState(address: Address, court: Address | undefined): State {
  const [none, zero] = [0, 0n];
  const market = {
    address,
    ...{ pool: zero, volume: zero, fees: zero, refunded: zero, penalties: zero, slashed: zero, burned: zero },
    ...{ jobs: none, openJobs: none, providers: none, seats: none, cases: none, convictions: none, receipts: none },
    updatedAt: none,
  };
  return { court, market, ...tables(undefined) };
}

/** A state that begins as another and leaves it as it is. */
export function layerOver(state: State): State {
  return { court: state.court, market: { ...state.market }, ...tables(state) };
}

function tables(below: State | undefined): Pick<State, TableName> {
  return {
    accounts: new Table(below?.accounts),
    providers: new Table(below?.providers),
    operators: new Table(below?.operators),
    models: new Table(below?.models),
    jobs: new Table(below?.jobs),
    cases: new Table(below?.cases),
    demands: new Table(below?.demands),
    seats: new Table(below?.seats),
    receipts: new Table(below?.receipts),
    jobStats: new Table(below?.jobStats),
    slashStats: new Table(below?.slashStats),
    caseStats: new Table(below?.caseStats),
  };
}
