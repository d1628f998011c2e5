import type { Address, Hex } from "viem";
import type { TouchstoneError } from "../errors.ts";
import type { JobStatus } from "../protocol/generated/enums.ts";
import type {
  CaseStats,
  IndexedAccount,
  IndexedCase,
  IndexedCaseHistory,
  IndexedDemand,
  IndexedJob,
  IndexedJobHistory,
  IndexedMarket,
  IndexedModel,
  IndexedOperatorKey,
  IndexedProvider,
  IndexedReceipt,
  IndexedSeat,
  MarketStats,
  ModelStats,
  ProviderStats,
  SlashStats,
} from "./types.ts";

/** A page of a list, newest first. */
export interface PageQuery<Cursor> {
  /** At most so many. Default 100, at most 1000. */
  readonly first?: number | undefined;
  /** Only what comes after this entry in the list: the last one of the page before. */
  readonly before?: Cursor | undefined;
}

/** Which jobs; what is left out does not matter. */
export interface JobQuery extends PageQuery<Pick<IndexedJob, "id" | "postedAt">> {
  readonly client?: Address | undefined;
  /** Who accepted; before, whom the job names. */
  readonly provider?: Address | undefined;
  readonly model?: Hex | undefined;
  readonly status?: JobStatus | undefined;
}

export interface CaseQuery extends PageQuery<Pick<IndexedCase, "id" | "openedAt">> {
  readonly job?: Hex | undefined;
  readonly provider?: Address | undefined;
  readonly opener?: Address | undefined;
  readonly isOpen?: boolean | undefined;
}

export interface ReceiptQuery extends PageQuery<Pick<IndexedReceipt, "job" | "broughtAt">> {
  readonly provider?: Address | undefined;
  readonly payer?: Address | undefined;
}

/** Whose demands. */
export interface DemandQuery {
  readonly job: Hex;
}

/** Which hours or days: those that begin at `from` or later and before `to`. Unix seconds. */
export interface StatsQuery {
  readonly interval: "hour" | "day";
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface ModelStatsQuery extends StatsQuery {
  /** Default: all, each by itself. */
  readonly model?: Hex | undefined;
}

export interface ProviderStatsQuery extends StatsQuery {
  /** Default: all, each by itself. */
  readonly provider?: Address | undefined;
}

/** Up to where an index knows, and by which source. */
export interface IndexStatus {
  readonly source: "logs" | "subgraph";
  /** The latest block that is in it. */
  readonly block: bigint;
  /** Of that block. */
  readonly timestamp: number;
  /** Blocks that the chain is ahead, where that is known. */
  readonly behind?: bigint | undefined;
  /** Why the subgraph is not the source, where one was given. */
  readonly failure?: TouchstoneError | undefined;
}

/**
 * A market's history, to be asked. Both sources, the chain's logs and a subgraph, give the same answers.
 * Lists are newest first where they are paged; providers, operators and seats oldest first, models by id. A query with a
 * malformed parameter throws `INDEX_QUERY_INVALID`.
 */
export interface MarketIndex {
  /** Up to where it knows, and by which source. */
  status(): Promise<IndexStatus>;
  /** The totals. */
  market(): Promise<IndexedMarket>;
  /** What an account has; zeros for one nobody heard of. */
  account(address: Address): Promise<IndexedAccount>;
  /** Who sells, or sold. */
  providers(): Promise<readonly IndexedProvider[]>;
  /** One of them; nothing for an account that never was a provider. */
  provider(address: Address): Promise<IndexedProvider | undefined>;
  /** The keys that act, or acted, for an account. */
  operators(provider: Address): Promise<readonly IndexedOperatorKey[]>;
  /** All models that anything was told of. */
  models(): Promise<readonly IndexedModel[]>;
  /** Jobs that fit. */
  jobs(query?: JobQuery): Promise<readonly IndexedJob[]>;
  /** A job with its steps; nothing where there is none of this id. */
  job(id: Hex): Promise<IndexedJobHistory | undefined>;
  /** Cases that fit. */
  cases(query?: CaseQuery): Promise<readonly IndexedCase[]>;
  /** A case with its seats and steps; nothing where there is none of this id. */
  case(id: Hex): Promise<IndexedCaseHistory | undefined>;
  /** All validators. */
  seats(): Promise<readonly IndexedSeat[]>;
  /** One of them, by its number. */
  seat(number: number): Promise<IndexedSeat | undefined>;
  /** Receipts before the court that fit. */
  receipts(query?: ReceiptQuery): Promise<readonly IndexedReceipt[]>;
  /** Of a job or of a receipt that stands for one, oldest first. */
  demands(query: DemandQuery): Promise<readonly IndexedDemand[]>;
  /** Hours or days in which something happened, oldest first; as all statistics. */
  marketStats(query: StatsQuery): Promise<readonly MarketStats[]>;
  /** The same by model. */
  modelStats(query: ModelStatsQuery): Promise<readonly ModelStats[]>;
  /** The same by provider. */
  providerStats(query: ProviderStatsQuery): Promise<readonly ProviderStats[]>;
  /** What providers lost. */
  slashStats(query: StatsQuery): Promise<readonly SlashStats[]>;
  /** What the court did. */
  caseStats(query: StatsQuery): Promise<readonly CaseStats[]>;
  /** Reads on now; without it, logs are read on by queries that find them a few seconds old. */
  refresh(): Promise<void>;
}
