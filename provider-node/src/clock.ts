import { setTimeout as sleep } from "node:timers/promises";

/** Time, injected: tests tick, they never sleep. */
export interface Clock {
  /** Milliseconds from an arbitrary start; never goes back, whatever happens to the wall clock. */
  now(): number;
  /** Unix seconds by the wall clock; only for what may be off, such as the age of uploads. */
  unixTime(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's monotonic clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  unixTime: () => Math.floor(Date.now() / 1000),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
