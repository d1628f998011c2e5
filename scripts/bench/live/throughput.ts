import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import path from "node:path";
import { CAN_PIN } from "./children.ts";
import { send } from "./load.ts";
import { prepare } from "./payments.ts";
import { type Step, splitOf } from "./profile.ts";
import { type Seller, startSeller } from "./seller-process.ts";
import { quantile, rounded } from "./statistics.ts";
import type { BenchWorld } from "./world.ts";

/** What one core of a node sells in a second. */
export interface Rate {
  readonly calls: number;
  readonly callsPerSecond: number;
  /** Of the node's process. Microseconds. */
  readonly cpuMicrosPerCall: number;
  /** Share of its core that the node used. */
  readonly busy: number;
}

/** Where a database may lie. */
export interface Disk {
  readonly kind: "disk" | "memory";
  /** A write of 4 KiB that must survive a loss of power: median. Milliseconds. */
  readonly fsyncMs: number;
  readonly whole: Rate;
}

/** How much a node sells with an engine that takes no time. */
export interface Throughput {
  readonly isPinned: boolean;
  readonly parallel: number;
  readonly channels: number;
  readonly tokens: number;
  readonly whole: Rate;
  readonly streamed: Rate;
  readonly disks: readonly Disk[];
  /** Shares of the CPU of a whole answer, and of one that is streamed token by token. */
  readonly split: Readonly<Record<"whole" | "streamed", Readonly<Record<Step, number>>>>;
}

const TOKENS = 64;
const PARALLEL = 32;
const CHANNELS = 16;
const TMPFS = 0x01021994;
const MEMORY = "/dev/shm";

/** @param calls Of each measurement. */
export async function measureThroughput(world: BenchWorld, calls: number): Promise<Throughput> {
  const disk = await measureOn(world, calls, "disk");
  const memory = isMemory(MEMORY) ? await measureInMemory(world, calls) : undefined;
  const disks = [disk.disk, ...(memory === undefined ? [] : [memory])];
  const { whole, streamed, split } = disk;
  const setting = { isPinned: CAN_PIN, parallel: PARALLEL, channels: CHANNELS, tokens: TOKENS };
  return { ...setting, whole, streamed, disks, split };
}

async function measureOn(world: BenchWorld, calls: number, name: string) {
  const seller = await startSeller(world, { name, engine: { tokens: TOKENS, isWhole: false } });
  try {
    await rateOf(world, seller, calls, false); // warm
    const whole = await rateOf(world, seller, calls, false);
    const streamed = await rateOf(world, seller, calls, true);
    const split = {
      whole: await splitOver(seller, () => rateOf(world, seller, calls, false)),
      streamed: await splitOver(seller, () => rateOf(world, seller, calls, true)),
    };
    return { whole, streamed, split, disk: { kind: "disk", fsyncMs: fsyncMs(world.folder), whole } as const };
  } finally {
    await seller.stop();
  }
}

async function measureInMemory(world: BenchWorld, calls: number): Promise<Disk> {
  const folder = mkdtempSync(path.join(MEMORY, "touchstone-bench-"));
  const seller = await startSeller(world, { name: "memory", folder, engine: { tokens: TOKENS, isWhole: false } });
  try {
    await rateOf(world, seller, calls, false);
    return { kind: "memory", fsyncMs: fsyncMs(folder), whole: await rateOf(world, seller, calls, false) };
  } finally {
    await seller.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where a node's time goes while it does something. */
async function splitOver(seller: Seller, work: () => Promise<unknown>): Promise<Record<Step, number>> {
  await seller.profile();
  await work();
  return splitOf(await seller.profiled());
}

/** Has calls answered as fast as the node can; who asks has signed everything before. */
async function rateOf(world: BenchWorld, seller: Seller, calls: number, stream: boolean): Promise<Rate> {
  const ready = await prepare(world, seller, { calls, channels: CHANNELS, maxTokens: TOKENS, stream });
  const before = await seller.vitals(false);
  const { seconds } = await send(seller.url, ready, PARALLEL);
  const after = await seller.vitals(false);
  const cpuMicros = after.cpuMicros - before.cpuMicros;
  return {
    calls,
    callsPerSecond: Math.round(calls / seconds),
    cpuMicrosPerCall: Math.round(cpuMicros / calls),
    busy: rounded(cpuMicros / 1e6 / seconds, 2),
  };
}

function isMemory(folder: string): boolean {
  try {
    return statfsSync(folder).type === TMPFS;
  } catch {
    return false;
  }
}

function fsyncMs(folder: string): number {
  const place = path.join(folder, "fsync");
  mkdirSync(place);
  const file = openSync(path.join(place, "probe"), "w");
  const block = new Uint8Array(4_096);
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now();
    writeSync(file, block);
    fsyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  rmSync(place, { recursive: true });
  return rounded(quantile(times, 0.5));
}
