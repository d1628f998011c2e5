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
