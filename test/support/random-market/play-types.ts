import type { Ground } from "./ground.ts";

/** What a play waits for before it goes on: a time, or a block. Nothing: it may go on at once, or after others. */
export type Wait = { readonly time: bigint } | { readonly block: bigint } | undefined;

/** A story of somebody in the market, told step by step, each of which others may come between. */
export type Play = AsyncGenerator<Wait, void, void>;

export type Playwright = (ground: Ground) => Play;

/** A wait of so many seconds from now. */
export function seconds({ time }: Ground, count: number): Wait {
  return { time: time + BigInt(count) };
}
