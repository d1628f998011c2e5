import type { Address, Hex } from "viem";
import { emptyAccount } from "./fold/rows.ts";
import type { JobRow, ProviderRow, State } from "./fold/state.ts";
import { addSums, noSums, startOf } from "./fold/statistics.ts";
import { ascending, byDemand, bySince, byTime, byValidity, newestFirst, type PagePlace } from "./order.ts";
import type {
  CheckedCases,
  CheckedJobs,
  CheckedModelStats,
  CheckedProviderStats,
  CheckedReceipts,
  CheckedStats,
} from "./queries.ts";
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

// What a state answers. Rows are copied: later events change those of the state in place.

const SECONDS = { hour: 3_600, day: 86_400 };

export function marketAnswer(state: State): IndexedMarket {
  return { ...state.market };
}

export function accountAnswer(state: State, address: Address): IndexedAccount {
  return { ...(state.accounts.get(address) ?? emptyAccount(address)) };
}

export function providersAnswer(state: State): IndexedProvider[] {
  return [...state.providers.values()].map((row) => withAccount(state, row)).sort(bySince);
}

export function providerAnswer(state: State, address: Address): IndexedProvider | undefined {
  const row = state.providers.get(address);
  return row && withAccount(state, row);
}

export function operatorsAnswer(state: State, account: Address): IndexedOperatorKey[] {
  const rows = [...state.operators.values()].filter(({ provider }) => provider === account);
  return rows.map((row) => ({ ...row })).sort(byValidity);
}

export function modelsAnswer(state: State): IndexedModel[] {
  return [...state.models.values()].map((row) => ({ ...row })).sort((a, b) => ascending(a.id, b.id));
}

export function jobsAnswer(state: State, query: CheckedJobs): IndexedJob[] {
  const { first, before, client, provider, model, status } = query;
  const fits = (job: Readonly<JobRow>) =>
    (client === undefined || job.client === client) &&
    (provider === undefined || job.provider === provider) &&
    (model === undefined || job.model === model) &&
    (status === undefined || job.status === status);
  const placeOf = ({ postedAt: at, id }: Pick<IndexedJob, "postedAt" | "id">) => ({ at, id });
  const rows = pageOf(state.jobs.latest(), { first, before: before && placeOf(before), placeOf, fits });
  return rows.map(({ steps: _, ...job }) => job);
}

export function jobAnswer(state: State, id: Hex): IndexedJobHistory | undefined {
  const row = state.jobs.get(id);
  return row && { ...row };
}

export function casesAnswer(state: State, query: CheckedCases): IndexedCase[] {
  const { first, before, job, provider, opener, isOpen } = query;
  const fits = (row: IndexedCase) =>
    (job === undefined || row.job === job) &&
    (provider === undefined || row.provider === provider) &&
    (opener === undefined || row.opener === opener) &&
    (isOpen === undefined || row.isOpen === isOpen);
  const placeOf = ({ openedAt: at, id }: Pick<IndexedCase, "openedAt" | "id">) => ({ at, id });
  const rows = pageOf(state.cases.latest(), { first, before: before && placeOf(before), placeOf, fits });
  return rows.map(({ seats: _, steps: __, ...row }) => row);
}

export function caseAnswer(state: State, id: Hex): IndexedCaseHistory | undefined {
  const row = state.cases.get(id);
  return row && { ...row };
}

export function seatsAnswer(state: State): IndexedSeat[] {
  return [...state.seats.values()].map((row) => ({ ...row })).sort((a, b) => a.number - b.number);
}

export function seatAnswer(state: State, number: number): IndexedSeat | undefined {
  const row = state.seats.get(number);
  return row && { ...row };
}

export function receiptsAnswer(state: State, query: CheckedReceipts): IndexedReceipt[] {
  const { first, before, provider, payer } = query;
  const fits = (row: IndexedReceipt) =>
    (provider === undefined || row.provider === provider) && (payer === undefined || row.payer === payer);
  const placeOf = ({ broughtAt: at, job: id }: Pick<IndexedReceipt, "broughtAt" | "job">) => ({ at, id });
  const rows = pageOf(state.receipts.latest(), { first, before: before && placeOf(before), placeOf, fits });
  return rows.map((row) => ({ ...row }));
}

export function demandsAnswer(state: State, { job }: { readonly job: Hex }): IndexedDemand[] {
  return [...(state.demands.get(job)?.demands ?? [])].sort(byDemand);
}

export function marketStatsAnswer(state: State, query: CheckedStats): MarketStats[] {
  return sumJobs(state, query, () => ({})).sort(byTime(() => ""));
}

export function modelStatsAnswer(state: State, { model, ...query }: CheckedModelStats): ModelStats[] {
  const stats = sumJobs(state, query, (row) => ({ model: row.model }));
  return stats.filter((row) => model === undefined || row.model === model).sort(byTime((row) => row.model));
}

export function providerStatsAnswer(state: State, { provider, ...query }: CheckedProviderStats): ProviderStats[] {
  const stats = sumJobs(state, query, (row) => ({ provider: row.provider }));
  return stats.filter((row) => provider === undefined || row.provider === provider).sort(byTime((row) => row.provider));
}

export function slashStatsAnswer(state: State, query: CheckedStats): SlashStats[] {
  return sumUp(state.slashStats.values(), query, (sum, row) => ({
    ...sum,
    ...{ amount: sum.amount + row.amount, burned: sum.burned + row.burned },
  }));
}

export function caseStatsAnswer(state: State, query: CheckedStats): CaseStats[] {
  return sumUp(state.caseStats.values(), query, (sum, row) => ({
    ...sum,
    ...{ opened: sum.opened + row.opened, closed: sum.closed + row.closed },
    convictions: sum.convictions + row.convictions,
  }));
}

function withAccount(state: State, row: Readonly<ProviderRow>): IndexedProvider {
  return { ...row, account: accountAnswer(state, row.address) };
}

interface Page<Row> {
  readonly first: number;
  readonly before: PagePlace | undefined;
  readonly placeOf: (row: Row) => PagePlace;
  readonly fits: (row: Row) => boolean;
}

/** The first rows of a page; rows come latest first, those of one second in any order. */
function pageOf<Row>(rows: Iterable<Row>, { first, before, placeOf, fits }: Page<Row>): Row[] {
  const found: Row[] = [];
  let oldest = Number.MAX_SAFE_INTEGER;
  for (const row of rows) {
    const place = placeOf(row);
    if (found.length >= first && place.at < oldest) {
      break;
    }
    if (fits(row) && (before === undefined || newestFirst(before, place) < 0)) {
      found.push(row);
      oldest = place.at;
    }
  }
  return found.sort((a, b) => newestFirst(placeOf(a), placeOf(b))).slice(0, first);
}

function isWithin(start: number, { from, to }: CheckedStats): boolean {
  return (from === undefined || start >= from) && (to === undefined || start < to);
}

/** Sums of hours, by hour or day and whatever else tells them apart. */
function sumJobs<Dimension extends object>(
  state: State,
  query: CheckedStats,
  dimensionOf: (row: { readonly model: Hex; readonly provider: Address }) => Dimension,
): (MarketStats & Dimension)[] {
  const sums = new Map<string, ReturnType<typeof noSums> & { readonly timestamp: number } & Dimension>();
  for (const row of state.jobStats.values()) {
    const timestamp = startOf(row.timestamp, SECONDS[query.interval]);
    const dimension = dimensionOf(row);
    const key = [timestamp, ...Object.values(dimension)].join("/");
    const sum = sums.get(key) ?? { timestamp, ...dimension, ...noSums() };
    addSums(sum, row);
    sums.set(key, sum);
  }
  return [...sums.values()].filter(({ timestamp }) => isWithin(timestamp, query));
}

function sumUp<Row extends { readonly timestamp: number }>(
  rows: Iterable<Row>,
  query: CheckedStats,
  add: (sum: Row, row: Row) => Row,
): Row[] {
  const sums = new Map<number, Row>();
  for (const row of rows) {
    const timestamp = startOf(row.timestamp, SECONDS[query.interval]);
    const sum = sums.get(timestamp);
    sums.set(timestamp, sum === undefined ? { ...row, timestamp } : add(sum, row));
  }
  return [...sums.values()].filter(({ timestamp }) => isWithin(timestamp, query));
}
