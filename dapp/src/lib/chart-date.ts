import type { Interval } from "./stats.ts";

/** When an hour or day of a chart begins, both in UTC as indexes count them: `23 Nov`, `23 Nov, 14:00`. Unix seconds. */
export function chartDate(at: number, interval: Interval): string {
  return new Date(at * 1_000).toLocaleString("en-GB", {
    month: "short",
    day: "numeric",
    timeZone: "UTC",
    ...(interval === "hour" && { hour: "2-digit", minute: "2-digit" }),
  });
}

const DAY = 86_400;

/** The same at an axis, short: hours go by the clock, but for the one that begins a day. */
export function chartTick(at: number, interval: Interval): string {
  const date = chartDate(at, interval);
  return interval === "hour" ? (at % DAY === 0 ? chartDate(at, "day") : date.slice(-5)) : date;
}
