import { Agent } from "node:http";
import { openStream } from "./load.ts";
import { prepare } from "./payments.ts";
import { startSeller } from "./seller-process.ts";
import type { BenchWorld } from "./world.ts";

/** What open streams take of a node's memory. Bytes, after the garbage is collected. */
export interface OpenStreams {
  readonly streams: number;
  readonly before: MemoryUse;
  /** With all of them open, each in the midst of its answer. */
  readonly open: MemoryUse;
  readonly rssPerStream: number;
  readonly heapPerStream: number;
}

/** Of a process. */
export interface MemoryUse {
  readonly rss: number;
  readonly heapUsed: number;
}

const TOKENS = 4_096;
const PAUSE_MS = 1_000;
const CHANNELS = 16;
/** Streams of the warm-up, which leave before anything is measured. */
const WARM_UP = 50;

/** Opens paid streams of an engine that writes a token a second to each, and looks at what they take. */
export async function measureStreams(world: BenchWorld, streams: number): Promise<OpenStreams> {
  const engine = { tokens: TOKENS, isWhole: false, pauseMs: PAUSE_MS };
  const seller = await startSeller(world, { name: "streams", engine, slots: streams + WARM_UP });
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  try {
    const plan = { channels: CHANNELS, maxTokens: TOKENS, stream: true };
    const ready = await prepare(world, seller, { ...plan, calls: streams + WARM_UP });
    const first = await Promise.all(ready.slice(0, WARM_UP).map((call) => openStream(seller.url, call, agent)));
    for (const stream of first) {
      stream.end();
    }
    await until(async () => (await seller.vitals()).running === 0);
    const before = await seller.vitals();
    await Promise.all(ready.slice(WARM_UP).map((call) => openStream(seller.url, call, agent)));
    const open = await seller.vitals();
    if (open.running !== streams) {
      throw new Error(`${open.running} of ${streams} streams are open.`);
    }
    return {
      streams,
      before: { rss: before.rss, heapUsed: before.heapUsed },
      open: { rss: open.rss, heapUsed: open.heapUsed },
      rssPerStream: Math.round((open.rss - before.rss) / streams),
      heapPerStream: Math.round((open.heapUsed - before.heapUsed) / streams),
    };
  } finally {
    agent.destroy();
    await seller.stop();
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error("The streams of the warm-up did not end.");
    }
  }
}
