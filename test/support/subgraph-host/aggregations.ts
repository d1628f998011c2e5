import type { Entity, EntityStore, StoreValue } from "./entities.ts";
import type { Aggregate, Aggregation, Interval, SubgraphSchema } from "./schema.ts";

const SECONDS: Readonly<Record<Interval, bigint>> = { hour: 3_600n, day: 86_400n };
const MICROS = 1_000_000n;

/** Where the bucket of an interval begins in which a time lies. Microseconds, both. */
export function bucketOf(interval: Interval, timestamp: bigint): bigint {
  return timestamp - (timestamp % (SECONDS[interval] * MICROS));
}

export interface BucketsAt {
  readonly interval: Interval;
  /** Time of the latest block, in seconds: the bucket in which it lies is not over. */
  readonly now: bigint;
  /** Whether to compute the bucket that is not over. */
  readonly current: "exclude" | "include";
  readonly block?: number;
  /** Which buckets that are over, and which points of the one that is not: a Graph node filters both by the same `where`. */
  readonly chosen?: (of: Entity) => boolean;
}

/** All buckets of an aggregation that any point fell into; graph-node makes no others. */
export function bucketsOf(
  schema: SubgraphSchema,
  store: EntityStore,
  aggregation: Aggregation,
  { interval, now, current, block, chosen = () => true }: BucketsAt,
): Entity[] {
  if (!schema.entities.get(aggregation.source)?.isTimeseries) throw new Error(`${aggregation.source} is no timeseries`);
  const groups = new Map<string, Entity[]>();
  const points = store.all(aggregation.source, block).sort(byId);
  const open = bucketOf(interval, now * MICROS);
  for (const point of points) {
    const start = bucketOf(interval, point.timestamp as bigint);
    if (start >= open && (current === "exclude" || !chosen(point))) continue;
    const key = [start, ...aggregation.dimensions.map((name) => point[name])].join("/");
    const group = groups.get(key);
    if (group) group.push(point);
    else groups.set(key, [point]);
  }
  const buckets = [...groups.values()].map((group) => bucket(aggregation, interval, group, points));
  return buckets.filter((one) => (one.timestamp as bigint) >= open || chosen(one));
}

function bucket(
  aggregation: Aggregation,
  interval: Interval,
  group: readonly Entity[],
  points: readonly Entity[],
): Entity {
  const last = group.at(-1) as Entity;
  const timestamp = bucketOf(interval, last.timestamp as bigint);
  const values: Record<string, StoreValue> = { id: last.id as bigint, timestamp };
  for (const name of aggregation.dimensions) values[name] = last[name] as StoreValue;
  for (const aggregate of aggregation.aggregates) {
    const isBefore = (point: Entity) => bucketOf(interval, point.timestamp as bigint) <= timestamp;
    const isAlike = (point: Entity) => aggregation.dimensions.every((name) => point[name] === last[name]);
    const over = aggregate.isCumulative ? points.filter((point) => isBefore(point) && isAlike(point)) : group;
    const value = aggregated(aggregate, over);
    const isNumber = aggregation.fields.get(aggregate.name)?.kind === "Int";
    values[aggregate.name] = isNumber ? Number(value) : value;
  }
  return values;
}

function aggregated({ fn, arg }: Aggregate, points: readonly Entity[]): bigint {
  if (fn === "count") return BigInt(points.length);
  const values = points.map((point) => BigInt(point[arg ?? ""] as bigint | number));
  if (fn === "sum") return values.reduce((sum, value) => sum + value, 0n);
  const isByValue = fn === "min" || fn === "max";
  const ordered = isByValue ? values.toSorted((a, b) => (a < b ? -1 : 1)) : values;
  return (fn === "min" || fn === "first" ? ordered[0] : ordered.at(-1)) ?? 0n;
}

function byId(a: Entity, b: Entity): number {
  return (a.id as bigint) < (b.id as bigint) ? -1 : 1;
}
