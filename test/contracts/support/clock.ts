import type { MarketWorld } from "./world.ts";

/** The three instants that tell whether a deadline is kept to the second. */
export const AROUND_DEADLINE = [
  { offset: -1n, when: "one second before the deadline", isAhead: true },
  { offset: 0n, when: "at the deadline", isAhead: false },
  { offset: 1n, when: "one second after the deadline", isAhead: false },
] as const;

/** The time of the latest block. Unix seconds. */
export async function now({ chain }: MarketWorld): Promise<bigint> {
  return BigInt(await chain.networkHelpers.time.latest());
}

/** Sets the time of the next block, and so of the next transaction. Unix seconds. */
export async function setNextTime({ chain }: MarketWorld, timestamp: bigint): Promise<void> {
  await chain.networkHelpers.time.setNextBlockTimestamp(timestamp);
}

/** Lets so many seconds pass. */
export async function pass({ chain }: MarketWorld, seconds: number | bigint): Promise<void> {
  await chain.networkHelpers.time.increase(seconds);
}
