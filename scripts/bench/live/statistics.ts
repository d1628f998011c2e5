/** What many measurements of one thing come to. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
}

/**
 * The value below which a share of all values lies: of the ordered values the one at rank `ceil(share * count)`
 * (nearest rank).
 *
 * @param share From 0 to 1.
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) {
    throw new RangeError("There is no quantile of nothing.");
  }
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)] as number;
}

/** Median, 95th and 99th percentile, rounded to a thousandth. */
export function spreadOf(values: readonly number[]): Spread {
  const at = (share: number) => rounded(quantile(values, share));
  return { count: values.length, median: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** To so many digits behind the point. */
export function rounded(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
