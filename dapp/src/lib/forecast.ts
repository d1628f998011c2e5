import { exposureCap, feeOf } from "@touchstone/sdk/protocol";

const DAY = 86_400;
const HOURS_A_DAY = 24;
const MILLION = 1_000_000;

/** Less than so many settled jobs, or days of them, say little about tomorrow. */
export const ENOUGH_JOBS = 20;
export const ENOUGH_DAYS = 3;

/** Sums of a day, as an index gives them. */
export interface DayOfJobs {
  /** Start of the day, unix seconds. */
  readonly timestamp: number;
  readonly settled: number;
  /** Prices of settled jobs, token units. */
  readonly volume: bigint;
}

/** A job's way to its pay. */
export interface PaidJob {
  readonly acceptedAt: number | undefined;
  readonly endedAt: number | undefined;
}

/** What buyers paid for, a day. */
export interface Demand {
  /** Days that were looked at, at least one. */
  readonly days: number;
  /** Settled jobs in all of them. */
  readonly jobs: number;
  readonly jobsPerDay: number;
  /** Token units. */
  readonly volumePerDay: number;
  /** Whether it is too little to go by. */
  readonly isThin: boolean;
}

/** Measures demand from the days' sums: from the first day that has any, until now. */
export function measureDemand(stats: readonly DayOfJobs[], now: number): Demand {
  const first = stats.reduce((least, { timestamp }) => Math.min(least, timestamp), now);
  const days = Math.max(1, (now - first) / DAY);
  const jobs = stats.reduce((sum, { settled }) => sum + settled, 0);
  const volume = Number(stats.reduce((sum, day) => sum + day.volume, 0n));
  const isThin = jobs < ENOUGH_JOBS || days < ENOUGH_DAYS;
  return { days, jobs, jobsPerDay: jobs / days, volumePerDay: volume / days, isThin };
}

/** For how long a job's price lies on the stake, from accept to pay: the mean, in seconds. Nothing without a paid job. */
export function meanHold(jobs: readonly PaidJob[]): number | undefined {
  const holds = jobs.flatMap(({ acceptedAt, endedAt }) =>
    acceptedAt === undefined || endedAt === undefined ? [] : [endedAt - acceptedAt],
  );
  return holds.length === 0 ? undefined : holds.reduce((sum, hold) => sum + hold, 0) / holds.length;
}

/** The middle one; of two in the middle the lower. Nothing of nothing. */
export function median(values: readonly bigint[]): bigint | undefined {
  return values.toSorted((a, b) => (a < b ? -1 : Number(a > b)))[Math.floor((values.length - 1) / 2)];
}

export interface ForecastParameters {
  readonly demand: Demand;
  /** Active providers beside this one. */
  readonly competitors: number;
  /** What the others ask, token units for a million tokens of output. */
  readonly marketPrice: bigint | undefined;
  /** Of the market, in basis points. */
  readonly feeShare: number;
  readonly exposureShare: number;
  /** Seconds for which a price lies on the stake. */
  readonly hold: number;
  /** Token units for a million tokens of output. */
  readonly price: bigint;
  readonly tokensPerSecond: number;
  readonly hoursPerDay: number;
  /** Token units. */
  readonly stake: bigint;
}

/** What may come of it, a day. Token units. */
export interface Forecast {
  readonly jobsPerDay: number;
  /** What buyers pay. */
  readonly volumePerDay: bigint;
  /** What of it stays, without the market's fee. */
  readonly earningsPerDay: bigint;
  /** What sets the bound: as many buyers as there are, the machine, or the stake. */
  readonly bound: "demand" | "speed" | "stake";
  /** The most that each of them allows, of volume a day. */
  readonly limits: { readonly demand: bigint; readonly speed: bigint; readonly stake: bigint };
  /** The most that jobs under way may cost together. */
  readonly exposure: bigint;
  /** Days until it earned as much as was staked; nothing where it earns nothing. */
  readonly paybackDays: number | undefined;
}

/**
 * What a provider may earn with jobs, if tomorrow is as the days before were. Of the demand it gets its share: one part among
 * equals at the market's price, and more or less by the square of how much cheaper or dearer it is. That is bounded by what
 * its machine writes in its hours, and by what its stake may answer for: each price lies on the stake until it is paid.
 */
export function forecast(parameters: ForecastParameters): Forecast {
  const { demand, competitors, marketPrice, feeShare, exposureShare, hold, price, hoursPerDay, stake } = parameters;
  const { tokensPerSecond } = parameters;
  const dearness = marketPrice === undefined || marketPrice === 0n ? 1 : Number(price) / Number(marketPrice);
  const weight = dearness === 0 ? Number.POSITIVE_INFINITY : 1 / dearness ** 2;
  const share = weight === Number.POSITIVE_INFINITY ? 1 : weight / (weight + competitors);
  const presence = hoursPerDay / HOURS_A_DAY;
  const exposure = exposureCap(stake, exposureShare);
  const limits = {
    demand: demand.volumePerDay * dearness * share * presence,
    speed: (tokensPerSecond * hoursPerDay * 3_600 * Number(price)) / MILLION,
    stake: (Number(exposure) * presence * DAY) / Math.max(1, hold),
  };
  const volume = Math.min(limits.demand, limits.speed, limits.stake);
  const bound = volume === limits.demand ? "demand" : volume === limits.speed ? "speed" : "stake";
  const volumePerDay = whole(volume);
  const earningsPerDay = volumePerDay - feeOf(volumePerDay, feeShare);
  const servedShare = limits.demand === 0 ? 0 : volume / limits.demand;
  return {
    jobsPerDay: demand.jobsPerDay * share * presence * servedShare,
    volumePerDay,
    earningsPerDay,
    bound,
    limits: { demand: whole(limits.demand), speed: whole(limits.speed), stake: whole(limits.stake) },
    exposure,
    paybackDays: earningsPerDay === 0n ? undefined : Number(stake) / Number(earningsPerDay),
  };
}

function whole(amount: number): bigint {
  return BigInt(Math.floor(amount));
}
