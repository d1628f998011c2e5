import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Random, seededRandom } from "../economics/chance.ts";
import { sendOne } from "./load.ts";
import { prepare, type ReadyCall } from "./payments.ts";
import { type Seller, startSeller, type Vitals } from "./seller-process.ts";
import { rounded } from "./statistics.ts";
import { type BenchWorld, RECEIPT_LIFETIME } from "./world.ts";

/** A node at some hour of its day, after the garbage is collected. Bytes. */
export interface Hour extends Omit<Vitals, "cpuMicros" | "external"> {
  readonly hour: number;
}

/** What a quantity did once the node forgot as fast as it learnt: of the hours that count the first third and the last. */
export interface Growth {
  readonly what: (typeof WATCHED)[number];
  /** The most that it was in the first third. */
  readonly early: number;
  /** The most that it was in the last third. */
  readonly late: number;
  /** What it grew by, as a share of `early`. */
  readonly share: number;
  /** Whether that is within {@link NOISE}. */
  readonly isFlat: boolean;
}

/** A day of calls, replayed. */
export interface Day {
  readonly hours: number;
  readonly calls: number;
  readonly callsPerHour: number;
  /** Seconds for which a receipt may be brought; what it is about is kept a little longer. */
  readonly receiptLifetime: number;
  /** How long the replay took. */
  readonly seconds: number;
  readonly samples: readonly Hour[];
  /** Hours from which growth counts: what is kept has been kept for its time, and caches are full. */
  readonly from: number;
  readonly growth: readonly Growth[];
  readonly hasNoGrowth: boolean;
}

const WATCHED = ["heapUsed", "rss", "handles", "databaseBytes", "keptBytes", "channels"] as const;
/** What counts as flat: from look to look it goes up and down by as much. */
const NOISE = 0.1;

const TOKENS = 64;
const CHANNELS = 24;
const HOUR = 3_600;
/** Simulated seconds between two leaps of the chain's clock. */
const STEP = 60;
const PARALLEL = 16;
/** Some of the first hours: evidence has filled up, the JIT has settled. */
const SETTLED_LIFETIMES = 3;

/**
 * Replays Poisson arrivals of a day. The node's own clock runs so much faster, and the chain's clock leaps along, so that it
 * polls, claims, prunes and forgets as often as in a day.
 */
export async function measureDay(
  world: BenchWorld,
  { hours, callsPerHour, speed }: { readonly hours: number; readonly callsPerHour: number; readonly speed: number },
): Promise<Day> {
  const seller = await startSeller(world, { name: "day", engine: { tokens: TOKENS }, speed, slots: PARALLEL });
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  try {
    const arrivals = poisson(hours * HOUR, callsPerHour / HOUR);
    const ready = await prepare(world, seller, { calls: arrivals.length, channels: CHANNELS, maxTokens: TOKENS });
    const start = performance.now();
    const samples: Hour[] = [];
    let done = 0;
    for (let time = STEP; time <= hours * HOUR; time += STEP) {
      const stepEnds = start + (time / speed) * 1000;
      const upTo = arrivals.findIndex((at, index) => index >= done && at >= time);
      const due = ready.slice(done, upTo < 0 ? undefined : upTo);
      done += due.length;
      await world.leap(STEP);
      await sendAll(seller, due, agent);
      await sleep(Math.max(0, stepEnds - performance.now()));
      if (time % HOUR === 0) {
        agent.destroy(); // Its connections are no part of what grows or does not.
        samples.push(await look(seller, time / HOUR));
      }
    }
    const seconds = rounded((performance.now() - start) / 1000, 1);
    const base = { hours, calls: done, callsPerHour, receiptLifetime: RECEIPT_LIFETIME, seconds, samples };
    return { ...base, ...growthOf(samples) };
  } finally {
    agent.destroy();
    await seller.stop();
  }
}

async function sendAll({ url }: Seller, calls: readonly ReadyCall[], agent: Agent): Promise<void> {
  await Promise.all(calls.map((call) => sendOne(url, call, agent)));
}

async function look(seller: Seller, hour: number): Promise<Hour> {
  const { cpuMicros: _cpu, external: _external, ...vitals } = await seller.vitals();
  return { hour, ...vitals };
}

function growthOf(samples: readonly Hour[]): Pick<Day, "from" | "growth" | "hasNoGrowth"> {
  const from = Math.ceil((SETTLED_LIFETIMES * RECEIPT_LIFETIME) / HOUR);
  const settled = samples.filter(({ hour }) => hour >= from);
  const growth = settled.length < 2 ? [] : WATCHED.map((what) => growthIn(what, settled));
  return { from, growth, hasNoGrowth: growth.length > 0 && growth.every(({ isFlat }) => isFlat) };
}

/** By the most of a third, for what is open or cached at one moment goes up and down within an hour. */
function growthIn(what: Growth["what"], samples: readonly Hour[]): Growth {
  const third = Math.ceil(samples.length / 3);
  const most = (some: readonly Hour[]) => Math.max(...some.map((sample) => sample[what]));
  const [early, late] = [most(samples.slice(0, third)), most(samples.slice(-third))];
  const share = rounded(late / early - 1);
  return { what, early, late, share, isFlat: share <= NOISE };
}

/** Times of a Poisson process of `rate` a second, up to `end` seconds; the same each time. */
function poisson(end: number, rate: number): number[] {
  const random = seededRandom(1);
  const times: number[] = [];
  for (let at = gap(random, rate); at < end; at += gap(random, rate)) {
    times.push(at);
  }
  return times;
}

function gap(random: Random, rate: number): number {
  return -Math.log(1 - random()) / rate;
}
