import type { Address } from "viem";
import * as z from "zod";
import { enumName } from "../protocol/enum-name.ts";
import { JobStatus } from "../protocol/generated/enums.ts";
import { emptyAccount } from "./fold/rows.ts";
import { emptyState } from "./fold/state.ts";
import type { IndexStatus, MarketIndex } from "./market-index.ts";
import { ascending, byBlock, byDemand, bySince, byTime, byValidity } from "./order.ts";
import * as queries from "./queries.ts";
import { checkQuery } from "./queries.ts";
import * as rows from "./schemas.ts";
import { askAll, askSubgraph, type Filter, failure, type SubgraphSource } from "./subgraph-client.ts";
import * as fields from "./subgraph-fields.ts";
import { askOne, askPage } from "./subgraph-lists.ts";
import { askBuckets } from "./subgraph-stats.ts";
import type { IndexedAccount, IndexedMarket, IndexedSeat } from "./types.ts";

/** Which subgraph, and of which market it must be. */
export interface SubgraphParameters extends SubgraphSource {
  readonly market: Address;
}

const providerSchema = rows.providerRow.extend({ account: rows.accountRow });
const jobSchema = rows.jobRow.extend({ steps: z.array(rows.jobStepRow) });
const caseSchema = rows.caseRow.extend({ seats: z.array(rows.caseSeatRow), steps: z.array(rows.caseStepRow) });
const modelStatsSchema = rows.marketStatsRow.extend({ model: rows.hash });
const providerStatsSchema = rows.marketStatsRow.extend({ provider: rows.address });
const metaSchema = z.object({
  _meta: z.object({ block: z.object({ number: z.int().nonnegative(), timestamp: rows.integer }) }),
  markets: z.array(z.object({ id: rows.address })),
});

/** Everything that an entity's list of steps or places holds. */
const ALL = "first: 1000";

/**
 * A market's history, asked of a subgraph. Failures are `IndexError`s whose codes begin with `SUBGRAPH_`.
 *
 * @example
 * const index = subgraphIndex({ market, url: "https://graph.example/subgraphs/name/touchstone" });
 * const { block } = await index.status();
 */
export function subgraphIndex({ market, ...source }: SubgraphParameters): MarketIndex {
  return {
    ...overview(source, market),
    ...people(source),
    ...work(source),
    ...court(source),
    ...statistics(source),
    refresh: () => Promise.resolve(),
  };
}

function overview(source: SubgraphSource, market: Address) {
  return {
    async status(): Promise<IndexStatus> {
      const query = "{ _meta { block { number timestamp } } markets(first: 2) { id } }";
      const { _meta, markets } = await askSubgraph(source, query, metaSchema);
      const others = markets.filter(({ id }) => id.toLowerCase() !== market.toLowerCase());
      if (others.length > 0) {
        throw failure("SUBGRAPH_WRONG_MARKET", source.url, `is of the market ${others[0]?.id}, not of ${market}`);
      }
      return { source: "subgraph", block: BigInt(_meta.block.number), timestamp: _meta.block.timestamp };
    },
    async market(): Promise<IndexedMarket> {
      const known = await askOne(source, { field: "market", id: market, selection: fields.MARKET }, rows.marketRow);
      return known ?? emptyState(checkQuery(queries.addressQuery, market), undefined).market;
    },
  };
}

function people(source: SubgraphSource) {
  return {
    async account(address) {
      const id = checkQuery(queries.addressQuery, address);
      const known = await askOne(source, { field: "account", id, selection: fields.ACCOUNT }, rows.accountRow);
      return known ?? (emptyAccount(id) satisfies IndexedAccount);
    },
    async providers() {
      return (await askAll(source, { field: "providers", selection: fields.PROVIDER }, providerSchema)).sort(bySince);
    },
    async provider(address) {
      const id = checkQuery(queries.addressQuery, address);
      return await askOne(source, { field: "provider", id, selection: fields.PROVIDER }, providerSchema);
    },
    async operators(address) {
      const where = { provider: lower(checkQuery(queries.addressQuery, address)) };
      const keys = { field: "operatorKeys", selection: fields.OPERATOR, where };
      return (await askAll(source, keys, rows.operatorRow)).sort(byValidity);
    },
    async models() {
      const models = await askAll(source, { field: "models", selection: fields.MODEL }, rows.modelRow);
      return models.sort((a, b) => ascending(a.id, b.id));
    },
  } satisfies Partial<MarketIndex>;
}

function work(source: SubgraphSource) {
  return {
    async jobs(query = {}) {
      const { first, before, client, provider, model, status } = checkQuery(queries.jobsQuery, query);
      const named = status === undefined ? undefined : { name: enumName(JobStatus, status) ?? "None" };
      const where = { client: lower(client), provider: lower(provider), model, status: named };
      const place = before && { at: before.postedAt, id: before.id };
      const page = { field: "jobs", selection: fields.JOB, time: "postedAt", where, first, before: place };
      return await askPage(source, page, rows.jobRow);
    },
    async job(reference) {
      const id = checkQuery(queries.idQuery, reference);
      const selection = `${fields.JOB} steps(${ALL}) { ${fields.STEP} }`;
      const job = await askOne(source, { field: "job", id, selection }, jobSchema);
      return job && { ...job, steps: job.steps.sort(byBlock) };
    },
    async receipts(query = {}) {
      const { first, before, provider, payer } = checkQuery(queries.receiptsQuery, query);
      const where = { provider: lower(provider), payer: lower(payer) };
      const place = before && { at: before.broughtAt, id: before.job };
      const page = { field: "receipts", selection: fields.RECEIPT, time: "broughtAt", where, first, before: place };
      return await askPage(source, page, rows.receiptRow);
    },
    async demands(query) {
      const where = { job: checkQuery(queries.demandsQuery, query).job };
      const demands = await askAll(source, { field: "demands", selection: fields.DEMAND, where }, rows.demandRow);
      return demands.sort(byDemand);
    },
  } satisfies Partial<MarketIndex>;
}

function court(source: SubgraphSource) {
  const seats = async (where: Filter = {}): Promise<IndexedSeat[]> => {
    const found = await askAll(source, { field: "seats", selection: fields.SEAT, where }, rows.seatRow);
    for (const { panels } of found) {
      panels.sort((a, b) => ascending(a.model, b.model));
    }
    return found.sort((a, b) => a.number - b.number);
  };
  return {
    async cases(query = {}) {
      const { first, before, job, provider, opener, isOpen } = checkQuery(queries.casesQuery, query);
      const where = { job, provider: lower(provider), opener: lower(opener), isOpen };
      const place = before && { at: before.openedAt, id: before.id };
      const page = { field: "cases", selection: fields.CASE, time: "openedAt", where, first, before: place };
      return await askPage(source, page, rows.caseRow);
    },
    async case(reference) {
      const id = checkQuery(queries.idQuery, reference);
      const parts = `seats(${ALL}) { ${fields.CASE_SEAT} } steps(${ALL}) { ${fields.STEP} }`;
      const found = await askOne(source, { field: "case", id, selection: `${fields.CASE} ${parts}` }, caseSchema);
      const byPosition = (a: { readonly position: number }, b: { readonly position: number }) =>
        a.position - b.position;
      return found && { ...found, seats: found.seats.sort(byPosition), steps: found.steps.sort(byBlock) };
    },
    seats: () => seats(),
    async seat(number) {
      const [seat] = await seats({ number: checkQuery(queries.seatQuery, number) });
      return seat;
    },
  } satisfies Partial<MarketIndex>;
}

function statistics(source: SubgraphSource) {
  return {
    async marketStats(query) {
      const asked = checkQuery(queries.statsQuery, query);
      const jobs = { ...asked, field: "marketStats", selection: fields.JOB_SUMS };
      return (await askBuckets(source, jobs, rows.marketStatsRow)).sort(byTime(() => ""));
    },
    async modelStats(query) {
      const { model, ...asked } = checkQuery(queries.modelStatsQuery, query);
      const jobs = { ...asked, field: "modelStats", selection: `model ${fields.JOB_SUMS}`, where: { model } };
      return (await askBuckets(source, jobs, modelStatsSchema)).sort(byTime((row) => row.model));
    },
    async providerStats(query) {
      const { provider, ...asked } = checkQuery(queries.providerStatsQuery, query);
      const where = { provider: lower(provider) };
      const jobs = { ...asked, field: "providerStats", selection: `provider ${fields.JOB_SUMS}`, where };
      return (await askBuckets(source, jobs, providerStatsSchema)).sort(byTime((row) => row.provider));
    },
    async slashStats(query) {
      const asked = checkQuery(queries.statsQuery, query);
      const slashes = { ...asked, field: "slashStats", selection: "timestamp amount burned" };
      return (await askBuckets(source, slashes, rows.slashStatsRow)).sort(byTime(() => ""));
    },
    async caseStats(query) {
      const asked = checkQuery(queries.statsQuery, query);
      const cases = { ...asked, field: "caseStats", selection: "timestamp opened closed convictions" };
      return (await askBuckets(source, cases, rows.caseStatsRow)).sort(byTime(() => ""));
    },
  } satisfies Partial<MarketIndex>;
}

/** As a subgraph has addresses. */
function lower(address: Address | undefined): string | undefined {
  return address?.toLowerCase();
}
