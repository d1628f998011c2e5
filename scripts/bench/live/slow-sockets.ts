import { once } from "node:events";
import net from "node:net";
import { send } from "./load.ts";
import { prepare, type ReadyCall } from "./payments.ts";
import { type Seller, startSeller } from "./seller-process.ts";
import { rounded, type Spread, spreadOf } from "./statistics.ts";
import type { BenchWorld } from "./world.ts";

/** What sockets that dribble do to calls that do not. Milliseconds. */
export interface SlowSockets {
  readonly sockets: number;
  readonly without: Spread;
  readonly with: Spread;
  /** 99th percentile with them, as a multiple of that without. */
  readonly ratio: number;
}

const TOKENS = 64;
const CHANNELS = 16;
/** Honest calls that run side by side: some way below what a node can serve. */
const PARALLEL = 2;
/** How often each slow socket sends one more byte. */
const DRIBBLE_MS = 1_000;
const WARM_UP = 300;

/** Times honest calls in turns with and without slow sockets: half of these are in their headers, half in a body. */
export async function measureSlowSockets(
  world: BenchWorld,
  { sockets, rounds, callsEach }: { readonly sockets: number; readonly rounds: number; readonly callsEach: number },
): Promise<SlowSockets> {
  const seller = await startSeller(world, { name: "sockets", engine: { tokens: TOKENS } });
  try {
    const calls = 2 * rounds * callsEach + WARM_UP;
    const ready = await prepare(world, seller, { calls, channels: CHANNELS, maxTokens: TOKENS });
    const take = (count: number) => ready.splice(0, count);
    await send(seller.url, take(WARM_UP), PARALLEL);
    const times: Record<"without" | "with", number[]> = { without: [], with: [] };
    for (let round = 0; round < rounds; round++) {
      times.without.push(...(await send(seller.url, take(callsEach), PARALLEL)).ms);
      times.with.push(...(await sendAmong(seller, take(callsEach), sockets)));
    }
    const without = spreadOf(times.without);
    const among = spreadOf(times.with);
    return { sockets, without, with: among, ratio: rounded(among.p99 / without.p99, 2) };
  } finally {
    await seller.stop();
  }
}

async function sendAmong({ url }: Seller, calls: readonly ReadyCall[], count: number): Promise<readonly number[]> {
  const slow = await Promise.all(Array.from({ length: count }, (_, index) => connect(url, index)));
  const timer = setInterval(() => {
    for (const socket of slow) {
      socket.writable && socket.write("a");
    }
  }, DRIBBLE_MS);
  const { ms } = await send(url, calls, PARALLEL);
  clearInterval(timer);
  const open = slow.filter(({ destroyed }) => !destroyed).length;
  for (const socket of slow) {
    socket.destroy();
  }
  if (open < count) {
    throw new Error(`${count - open} slow sockets were gone before the calls were over: ask for fewer calls a round.`);
  }
  return ms;
}

async function connect(url: string, index: number): Promise<net.Socket> {
  const socket = net.connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined); // Their end is no news.
  await once(socket, "connect");
  const start = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
  socket.write(index % 2 === 0 ? `${start}x-slow: ` : `${start}content-length: 1000\r\n\r\n{`);
  return socket;
}
