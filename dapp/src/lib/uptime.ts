import * as z from "zod";

const HOUR = 3_600;
/** Older checks are forgotten. Seconds. */
export const UPTIME_WINDOW = 7 * 24 * HOUR;

const logSchema = z.record(
  z.string(),
  z.array(
    z.object({
      hour: z.int(),
      answered: z.int().nonnegative(),
      checks: z.int().positive(),
      /** Its last answer in this hour: when, in unix seconds, and under which name. */
      last: z.object({ at: z.int(), name: z.string() }).optional(),
    }),
  ),
);

/** By provider: how often it answered this browser, by the hour. */
export type UptimeLog = z.infer<typeof logSchema>;

/** How many of this browser's checks a provider answered. */
export interface Uptime {
  readonly answered: number;
  readonly checks: number;
  /** From 0 to 1. */
  readonly share: number;
  /** When it answered last, in unix seconds, and under which name; nothing where it never did. */
  readonly last: { readonly at: number; readonly name: string } | undefined;
}

/** Reads what was kept; what cannot be read counts as nothing kept. */
export function parseUptime(text: string | null): UptimeLog {
  try {
    return logSchema.parse(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

/**
 * The log with one more check of each provider, without what is older than the window. `checked` has under which name each
 * answered, or nothing where it did not; `now` is in unix seconds.
 */
export function recordChecks(log: UptimeLog, checked: ReadonlyMap<string, string | undefined>, now: number): UptimeLog {
  const hour = now - (now % HOUR);
  const providers = new Set([...Object.keys(log), ...checked.keys()]);
  const entries = [...providers].map((provider) => {
    const kept = (log[provider] ?? []).filter((bucket) => bucket.hour > now - UPTIME_WINDOW);
    if (!checked.has(provider)) {
      return [provider, kept] as const;
    }
    const name = checked.get(provider);
    const { answered, checks, last } = kept.find((bucket) => bucket.hour === hour) ?? { answered: 0, checks: 0 };
    const current = {
      hour,
      answered: answered + Number(name !== undefined),
      checks: checks + 1,
      last: name === undefined ? last : { at: now, name },
    };
    return [provider, [...kept.filter((bucket) => bucket.hour !== hour), current]] as const;
  });
  return Object.fromEntries(entries.filter(([, kept]) => kept.length > 0));
}

/** What the checks in the log say of a provider; nothing where there are none. */
export function uptimeOf(log: UptimeLog, provider: string): Uptime | undefined {
  const kept = log[provider] ?? [];
  const checks = kept.reduce((sum, bucket) => sum + bucket.checks, 0);
  const answered = kept.reduce((sum, bucket) => sum + bucket.answered, 0);
  const last = kept.findLast((bucket) => bucket.last !== undefined)?.last;
  return checks === 0 ? undefined : { answered, checks, share: answered / checks, last };
}
