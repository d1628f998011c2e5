import type { MarketStats } from "@touchstone/sdk";

const SECONDS = { hour: 3_600, day: 86_400 } as const;

export type Interval = keyof typeof SECONDS;

/** The start of the hour or day of a moment (UTC). Unix seconds. */
export function bucketOf(time: number, interval: Interval): number {
  return time - (time % SECONDS[interval]);
}

/** So many whole hours or days, with the one that is not over as the last. Unix seconds. */
export function windowOf(now: number, interval: Interval, count: number) {
  return { from: bucketOf(now, interval) - (count - 1) * SECONDS[interval], to: now, interval } as const;
}

/**
 * Every bucket from `from` on until `to`, those without anything too, so that a chart shows gaps as gaps. Indexes leave empty
 * ones out.
 */
export function fillBuckets<Bucket extends { readonly timestamp: number }>(
  buckets: readonly Bucket[],
  { from, to, interval, empty }: { from: number; to: number; interval: Interval; empty: (timestamp: number) => Bucket },
): readonly Bucket[] {
  const known = new Map(buckets.map((bucket) => [bucket.timestamp, bucket]));
  const first = bucketOf(from, interval);
  const count = Math.max(0, Math.floor((bucketOf(to, interval) - first) / SECONDS[interval]) + 1);
  return Array.from({ length: count }, (_, step) => {
    const timestamp = first + step * SECONDS[interval];
    return known.get(timestamp) ?? empty(timestamp);
  });
}

/** An hour or day in which nothing happened. */
export function emptyMarketStats(timestamp: number): MarketStats {
  return { timestamp, posted: 0, settled: 0, refunded: 0, volume: 0n, paid: 0n, fees: 0n, penalties: 0n };
}

/** The mean price of a settled job, token units; nothing where none was. */
export function meanPrice({ volume, settled }: Pick<MarketStats, "volume" | "settled">): bigint | undefined {
  return settled === 0 ? undefined : volume / BigInt(settled);
}
