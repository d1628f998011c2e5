import { type Address, type Hex, zeroAddress } from "viem";
import type { MarketStats } from "../types.ts";
import type { JobRow, Place, State } from "./state.ts";

// Statistics are kept by the hour; days are sums of hours.

export const HOUR = 3_600;

/** The start of the interval of so many seconds in which a time lies. */
export function startOf(timestamp: number, seconds: number): number {
  return timestamp - (timestamp % seconds);
}

/** The key of an hour of the jobs of one model and one provider. */
export function jobStatsKey(row: {
  readonly timestamp: number;
  readonly model: Hex;
  readonly provider: Address;
}): string {
  return `${row.timestamp}/${row.model}/${row.provider}`;
}

/** Adds to the hour of a job's model and provider. */
export function countJob(
  state: State,
  { model, provider = zeroAddress }: Pick<JobRow, "model" | "provider">,
  sums: Partial<Omit<MarketStats, "timestamp">>,
  place: Place,
): void {
  const timestamp = startOf(place.timestamp, HOUR);
  const hour = { timestamp, model, provider };
  const row = state.jobStats.editOr(jobStatsKey(hour), () => ({ ...hour, ...noSums() }));
  addSums(row, { ...noSums(), ...sums });
}

/** What a provider lost of stake or bond. */
export function countSlash(
  state: State,
  { provider, amount, burned }: { readonly provider: Address; readonly amount: bigint; readonly burned: bigint },
  place: Place,
): void {
  const known = state.providers.edit(provider);
  if (known !== undefined) {
    known.slashed += amount;
  }
  state.market.slashed += amount;
  state.market.burned += burned;
  const timestamp = startOf(place.timestamp, HOUR);
  const row = state.slashStats.editOr(timestamp, () => ({ timestamp, amount: 0n, burned: 0n }));
  row.amount += amount;
  row.burned += burned;
}

export function countCase(state: State, column: "opened" | "closed" | "convictions", place: Place): void {
  const timestamp = startOf(place.timestamp, HOUR);
  const row = state.caseStats.editOr(timestamp, () => ({ timestamp, opened: 0, closed: 0, convictions: 0 }));
  row[column] += 1;
}

type Sums = { -readonly [Column in keyof Omit<MarketStats, "timestamp">]: MarketStats[Column] };

/** Sums over no jobs. */
export function noSums(): Sums {
  return { posted: 0, settled: 0, refunded: 0, volume: 0n, paid: 0n, fees: 0n, penalties: 0n };
}

export function addSums(to: Sums, sums: Readonly<Sums>): void {
  to.posted += sums.posted;
  to.settled += sums.settled;
  to.refunded += sums.refunded;
  to.volume += sums.volume;
  to.paid += sums.paid;
  to.fees += sums.fees;
  to.penalties += sums.penalties;
}
