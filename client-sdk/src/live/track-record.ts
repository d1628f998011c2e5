/** What was measured of a provider, and how it behaved. */
export interface TrackRecord {
  /** Milliseconds to the first token, moving average; nothing before the first call. */
  readonly firstTokenMs: number | undefined;
  /** Moving average; nothing before the first call. */
  readonly tokensPerSecond: number | undefined;
  /** Calls that ended well. */
  readonly calls: number;
  /** Calls that it failed. */
  readonly failures: number;
  /** Share of recent calls that failed, moving average. */
  readonly failureRate: number;
  /** Left alone until then, after failures in a row. Unix milliseconds. */
  readonly restsUntil: number;
  /** Failures since the last call that ended well. */
  readonly failuresInRow: number;
}

export const NO_RECORD: TrackRecord = {
  firstTokenMs: undefined,
  tokensPerSecond: undefined,
  calls: 0,
  failures: 0,
  failureRate: 0,
  restsUntil: 0,
  failuresInRow: 0,
};

/** What a call that ended well took. */
export interface Timing {
  /** Nothing for an answer that came in one piece. */
  readonly firstTokenMs: number | undefined;
  /** From the first token to the last; of an answer in one piece, all. */
  readonly streamMs: number;
  readonly completionTokens: number;
}

/** Weight of the latest measurement. */
const NEWEST = 0.2;
const FIRST_REST_MS = 1_000;
const MAX_REST_MS = 60_000;

/** A record with one more call that ended well. */
export function withSuccess(record: TrackRecord, timing: Timing | undefined): TrackRecord {
  return {
    ...record,
    firstTokenMs: average(record.firstTokenMs, timing?.firstTokenMs),
    tokensPerSecond: average(record.tokensPerSecond, timing === undefined ? undefined : speedOf(timing)),
    calls: record.calls + 1,
    failureRate: record.failureRate * (1 - NEWEST),
    failuresInRow: 0,
    restsUntil: 0,
  };
}

/** A record with one more failure: the provider rests, twice as long each time in a row. */
export function withFailure(record: TrackRecord, now: number): TrackRecord {
  const rest = Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** record.failuresInRow);
  return {
    ...record,
    failures: record.failures + 1,
    failureRate: record.failureRate * (1 - NEWEST) + NEWEST,
    failuresInRow: record.failuresInRow + 1,
    restsUntil: now + rest,
  };
}

/** A record of a provider that has no room now, which is no fault. */
export function withRest(record: TrackRecord, until: number): TrackRecord {
  return { ...record, restsUntil: until };
}

/** Tokens a second once they come. */
function speedOf({ streamMs, completionTokens }: Timing): number | undefined {
  return streamMs > 0 && completionTokens > 1 ? ((completionTokens - 1) * 1_000) / streamMs : undefined;
}

function average(before: number | undefined, latest: number | undefined): number | undefined {
  return before === undefined || latest === undefined ? (latest ?? before) : before + NEWEST * (latest - before);
}
