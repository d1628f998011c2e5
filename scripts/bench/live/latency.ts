import { setTimeout as sleep } from "node:timers/promises";
import { type Buyer, openBuyers } from "./buyers.ts";
import { chatBody } from "./prompt.ts";
import { type SellerPlan, startSeller } from "./seller-process.ts";
import { rounded, type Spread, spreadOf } from "./statistics.ts";
import type { BenchWorld } from "./world.ts";

/** How long something took. Milliseconds. */
export interface Delay extends Spread {
  /** What its median is beyond that of the bare engine. */
  readonly added: number;
  /** Its median, as a multiple of the bare engine's. */
  readonly ratio: number;
}

/** One way to ask. */
export interface WayDelays {
  readonly way: Buyer["name"];
  /** Until a whole answer is there. */
  readonly whole: Delay;
  /** Until the first text of a stream is there. */
  readonly firstToken: Delay;
  /** Until a stream is over. */
  readonly stream: Delay;
}

/** What calls cost in time beyond the engine. */
export interface Latency {
  readonly rounds: number;
  readonly tokens: number;
  readonly ways: readonly WayDelays[];
}

const TOKENS = 64;
/** Rounds before those that count, as a multiple of these: V8 compiles what was called some hundred times. */
const WARM_UP = 1.25;
/** Between two calls: what one leaves to be done after its answer must not fall to the next. */
const PAUSE_MS = 10;
const PLAN: SellerPlan = { name: "latency", engine: { tokens: TOKENS, isWhole: false }, isPinned: false };

interface Times {
  readonly whole: number[];
  readonly firstToken: number[];
  readonly stream: number[];
}

/**
 * Asks in each way in turn, one call at a time, so that what else the machine does meets all alike. Channels are open and
 * processes warm before the first call that counts. Whole answers come before streams, for x402's own client goes on from a
 * stream with a wrong count, which the next call would pay for.
 */
export async function measureLatency(world: BenchWorld, rounds: number): Promise<Latency> {
  const seller = await startSeller(world, PLAN);
  await world.provider.updateProvider({ provider: world.provider.account.address, uri: `${seller.url}/card` });
  const buyers = await openBuyers(world, seller);
  const times = new Map(buyers.map((buyer) => [buyer, { whole: [], firstToken: [], stream: [] } as Times]));
  try {
    for (const ask of [askWhole, askStream]) {
      await inTurn(buyers, { rounds: Math.ceil(WARM_UP * rounds), pauseMs: 0 }, ask);
      await inTurn(buyers, { rounds, pauseMs: PAUSE_MS }, async (buyer, name) => {
        const took = Object.entries(await ask(buyer, name)) as [keyof Times, number][];
        for (const [kind, ms] of took) {
          times.get(buyer)?.[kind].push(ms);
        }
      });
    }
    return { rounds, tokens: TOKENS, ways: waysOf(times) };
  } finally {
    await Promise.all(buyers.map((buyer) => buyer.close()));
    await seller.stop();
  }
}

/** Each goes first in its turn, so that nobody always meets what the one before left behind. */
async function inTurn(
  buyers: readonly Buyer[],
  { rounds, pauseMs }: { readonly rounds: number; readonly pauseMs: number },
  ask: (buyer: Buyer, name: string) => Promise<unknown>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < buyers.length; turn++) {
      await ask(buyers[(round + turn) % buyers.length] as Buyer, `${rounds} ${round} ${turn}`);
      await sleep(pauseMs);
    }
  }
}

async function askWhole(buyer: Buyer, name: string): Promise<Partial<Record<keyof Times, number>>> {
  return { whole: await timeWhole(buyer, chatBody(name, TOKENS, false)) };
}

function askStream(buyer: Buyer, name: string): Promise<Partial<Record<keyof Times, number>>> {
  return timeStream(buyer, chatBody(name, TOKENS, true));
}

async function timeWhole(buyer: Buyer, body: string): Promise<number> {
  const start = performance.now();
  const response = await buyer.ask(body);
  const { choices } = (await response.json()) as { readonly choices?: readonly unknown[] };
  const ms = performance.now() - start;
  if (choices === undefined) {
    throw new Error(`${buyer.name}: a call was answered with ${response.status}.`);
  }
  return ms;
}

const TEXT = /"content":"[^"]/;

async function timeStream(buyer: Buyer, body: string): Promise<{ firstToken: number; stream: number }> {
  const start = performance.now();
  const response = await buyer.ask(body);
  const decoder = new TextDecoder();
  let text = "";
  let firstToken: number | undefined;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (firstToken === undefined && TEXT.test(text)) {
      firstToken = performance.now() - start;
    }
  }
  const stream = performance.now() - start;
  if (firstToken === undefined || !text.includes("[DONE]")) {
    throw new Error(`${buyer.name}: a stream was answered with ${response.status}: ${text.slice(0, 300)}`);
  }
  return { firstToken, stream };
}

function waysOf(times: ReadonlyMap<Buyer, Times>): WayDelays[] {
  const [bare] = times.values();
  const delay = (kind: keyof Times, own: Times): Delay => {
    const spread = spreadOf(own[kind]);
    const base = spreadOf((bare as Times)[kind]).median;
    return { ...spread, added: rounded(spread.median - base), ratio: rounded(spread.median / base, 2) };
  };
  return [...times].map(([{ name: way }, own]) => ({
    way,
    whole: delay("whole", own),
    firstToken: delay("firstToken", own),
    stream: delay("stream", own),
  }));
}
