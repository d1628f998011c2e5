import { type Clock, systemClock } from "../../../provider-node/src/clock.ts";

/** A clock of a whole day that passes in minutes: so many of its seconds go by in one. */
export function fastClock(speed: number): Clock {
  const start = systemClock.now();
  const now = () => start + (systemClock.now() - start) * speed;
  const epoch = systemClock.unixTime() - Math.floor(start / 1000);
  return {
    now,
    unixTime: () => epoch + Math.floor(now() / 1000),
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  };
}
