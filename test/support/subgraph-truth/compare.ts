import { expect } from "chai";
import type { Hex } from "viem";
import type { Ground } from "../random-market/ground.ts";
import { bucketsOf } from "../subgraph-host/aggregations.ts";
import type { Entity } from "../subgraph-host/entities.ts";
import type { SubgraphHost } from "../subgraph-host/host.ts";
import { sumsOf } from "./buckets.ts";
import type { Expect, Truth } from "./expected.ts";
import { accountOf, addressesIn, operatorKeys, providers, reserveDraws } from "./expected-accounts.ts";
import { caseSeats, caseSteps, cases, demands, openDemands, panelSeats, seats } from "./expected-cases.ts";
import { jobSteps, jobs, models } from "./expected-jobs.ts";
import { casePoints, courts, doubleReceipts, jobPoints, markets, receipts, slashPoints } from "./expected-market.ts";
import { readRecords } from "./records.ts";
import { Views } from "./views.ts";

const EXPECTED: Readonly<Record<string, Expect>> = {
  Market: markets,
  Court: courts,
  Provider: providers,
  OperatorKey: operatorKeys,
  Model: models,
  Job: jobs,
  JobStep: jobSteps,
  ReserveDraw: reserveDraws,
  Case: cases,
  CaseSeat: caseSeats,
  CaseStep: caseSteps,
  Demand: demands,
  OpenDemand: openDemands,
  Seat: seats,
  PanelSeat: panelSeats,
  Receipt: receipts,
  DoubleReceipt: doubleReceipts,
};

/** Timeseries, and the aggregations of each by the names of their dimensions. */
const SERIES: Readonly<Record<string, { readonly points: (truth: Truth) => readonly Entity[]; readonly of: Series }>> =
  {
    JobPoint: { points: jobPoints, of: { MarketStat: ["market"], ModelStat: ["model"], ProviderStat: ["provider"] } },
    SlashPoint: { points: slashPoints, of: { SlashStat: ["market"] } },
    CasePoint: { points: casePoints, of: { CaseStat: ["market"] } },
  };
type Series = Readonly<Record<string, readonly string[]>>;

/** Reads what contracts and raw logs say. */
export async function truthOf({ client, contracts }: Pick<Ground, "client" | "contracts">): Promise<Truth> {
  const records = await readRecords(client, contracts);
  const lower = (address: Hex) => address.toLowerCase() as Hex;
  return {
    records,
    views: new Views(client, contracts),
    market: lower(contracts.market),
    court: lower(contracts.court),
  };
}

/**
 * Every field of every entity and of every bucket is what contracts and raw logs say, and no entity is missing. Only the ids of points
 * and buckets are not compared, but for their order: Graph nodes make them up.
 */
export async function expectTrue(host: SubgraphHost, truth: Truth): Promise<void> {
  const { entities, aggregations } = host.subgraph.schema;
  const compared = ["Account", ...Object.keys(EXPECTED), ...Object.keys(SERIES)];
  expect([...entities.keys()].sort()).to.deep.equal(compared.sort(), "types of entities");
  for (const [type, expected] of Object.entries(EXPECTED)) {
    expect(sorted(host.store.all(type)), type).to.deep.equal(sorted(await expected(truth)));
  }
  await expectAccounts(host, truth);
  expectReferences(host);
  const stats = Object.values(SERIES).flatMap(({ of }) => Object.keys(of));
  expect([...aggregations.keys()].sort()).to.deep.equal(stats.sort(), "aggregations");
  for (const [type, { points, of }] of Object.entries(SERIES)) expectSeries(host, type, points(truth), of);
}

/** Every account that the contracts know of is there; one of zeros may be there, too. */
async function expectAccounts(host: SubgraphHost, truth: Truth): Promise<void> {
  const found = new Map(host.store.all("Account").map((account) => [account.id as string, account]));
  for (const address of new Set([...addressesIn(truth), ...found.keys()])) {
    const expected = await accountOf(truth, address);
    const isZero = Object.entries(expected).every(([name, value]) => name === "id" || value === 0n);
    if (!isZero || found.has(address)) expect(found.get(address), `account ${address}`).to.deep.equal(expected);
  }
}

/** Whatever an entity refers to is there: a Graph node fails queries of what is not. */
function expectReferences({ store, subgraph }: SubgraphHost): void {
  for (const { name, fields } of subgraph.schema.entities.values()) {
    const references = [...fields.values()].filter((field) => field.reference && field.derivedFrom === undefined);
    for (const entity of store.all(name)) {
      for (const field of references) {
        const id = entity[field.name] as string | undefined;
        const isThere = id === undefined || store.get(field.reference as string, id) !== undefined;
        expect(isThere, `${name}.${field.name} of ${entity.id}: ${field.reference} ${id}`).to.equal(true);
      }
    }
  }
}

function expectSeries(host: SubgraphHost, type: string, points: readonly Entity[], of: Series): void {
  const { schema } = host.subgraph;
  const found = host.store.all(type).sort(byNumber);
  expect(found.map(withoutId), type).to.deep.equal(points);
  const now = host.head?.timestamp ?? 0n;
  for (const [name, dimensions] of Object.entries(of)) {
    const aggregation = schema.aggregations.get(name);
    if (aggregation === undefined) throw new Error(`The schema has no ${name}.`);
    expect(aggregation.dimensions, name).to.deep.equal(dimensions);
    const columns = aggregation.aggregates.map((one) => one.name);
    for (const interval of ["hour", "day"] as const) {
      const buckets = bucketsOf(schema, host.store, aggregation, { interval, now, current: "include" });
      const sums = sumsOf(points, interval, dimensions, columns);
      expect(byText(buckets.map(withoutId)), `${name} by ${interval}`).to.deep.equal(byText(sums));
    }
  }
}

function withoutId({ id: _, ...rest }: Entity): Entity {
  return rest;
}

function sorted(entities: readonly Entity[]): Entity[] {
  return entities.toSorted((a, b) => ((a.id as string) < (b.id as string) ? -1 : 1));
}

function byNumber(a: Entity, b: Entity): number {
  return (a.id as bigint) < (b.id as bigint) ? -1 : 1;
}

function byText(entities: readonly Entity[]): Entity[] {
  const text = ({ timestamp, model, provider }: Entity) => `${timestamp} ${model} ${provider}`;
  return entities.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}
