// Measures what selling by the call costs, beside the bare engine and x402's own client: `npm run bench:live` takes some
// minutes on a quiet machine of two cores or more, and rewrites bench/live.json and the tables of docs/performance.md.
// `--quick` measures less, prints and writes nothing.
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ROOT } from "../lib/paths.ts";
import { measureChannels } from "./channels.ts";
import { withSections } from "./economics/report.ts";
import { pin } from "./live/children.ts";
import { measureDay } from "./live/day.ts";
import { measureLatency } from "./live/latency.ts";
import { type LiveReport, sections } from "./live/report.ts";
import { measureSlowSockets } from "./live/slow-sockets.ts";
import { measureStreams } from "./live/streams.ts";
import { measureThroughput } from "./live/throughput.ts";
import { type BenchWorld, openWorld } from "./live/world.ts";

const FILE = path.join(ROOT, "bench", "live.json");
const DOCUMENT = path.join(ROOT, "docs", "performance.md");

/** How much is measured. A home node that is busy answers a call every two seconds. */
const SIZES = {
  quick: {
    rounds: 20,
    calls: 300,
    streams: 200,
    sockets: { sockets: 1_000, rounds: 1, callsEach: 300 },
    day: { hours: 7, callsPerHour: 60, speed: 3_600 },
  },
  full: {
    rounds: 300,
    calls: 3_000,
    streams: 1_000,
    sockets: { sockets: 1_000, rounds: 4, callsEach: 600 },
    day: { hours: 24, callsPerHour: 1_800, speed: 720 },
  },
} as const;

async function measure(world: BenchWorld, size: (typeof SIZES)[keyof typeof SIZES]): Promise<LiveReport> {
  const load = os.loadavg()[0] ?? 0;
  const latency = await step("latency", () => measureLatency(world, size.rounds));
  pin(process, 1); // From here on the node has core 0 for itself.
  const throughput = await step("calls a second", () => measureThroughput(world, size.calls));
  const streams = await step("open streams", () => measureStreams(world, size.streams));
  const slowSockets = await step("slow sockets", () => measureSlowSockets(world, size.sockets));
  const day = await step("a day", () => measureDay(world, size.day));
  const gas = await step("gas", measureChannels);
  const machine = {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    loadBefore: Math.round(load * 100) / 100,
    date: new Date().toISOString().slice(0, 10),
  };
  return { machine, latency, throughput, streams, slowSockets, day, gas };
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const found = await work();
  console.log(`${name}: measured in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return found;
}

const isQuick = process.argv.includes("--quick");
const world = await openWorld();
try {
  const report = await measure(world, SIZES[isQuick ? "quick" : "full"]);
  if (!isQuick) {
    writeFileSync(FILE, `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(DOCUMENT, withSections(readFileSync(DOCUMENT, "utf8"), sections(report)));
  }
  console.log([...sections(report).values()].join("\n\n"));
  process.exitCode = report.day.hasNoGrowth || isQuick ? 0 : 1;
} finally {
  await world.close();
}
process.exit();
