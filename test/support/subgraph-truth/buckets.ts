import type { Entity, StoreValue } from "../subgraph-host/entities.ts";

const SECONDS = { hour: 3_600n, day: 86_400n } as const;
const MICROS = 1_000_000n;

/** Sums of the columns of points by hour or day, and by dimensions. */
export function sumsOf(
  points: readonly Entity[],
  interval: "hour" | "day",
  dimensions: readonly string[],
  columns: readonly string[],
): Entity[] {
  const width = SECONDS[interval] * MICROS;
  const groups = Map.groupBy(points, (point) => {
    const start = ((point.timestamp as bigint) / width) * width;
    return JSON.stringify([`${start}`, ...dimensions.map((name) => point[name] as string)]);
  });
  return [...groups].map(([key, group]) => {
    const [start = "0", ...parts] = JSON.parse(key) as string[];
    const values: Record<string, StoreValue> = { timestamp: BigInt(start) };
    for (const [index, name] of dimensions.entries()) values[name] = parts[index] as string;
    for (const name of columns) values[name] = group.reduce((sum, one) => sum + (one[name] as bigint), 0n);
    return values;
  });
}
