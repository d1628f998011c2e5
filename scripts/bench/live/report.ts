import type { ChannelGas } from "../channels.ts";
import type { Day } from "./day.ts";
import type { Latency, WayDelays } from "./latency.ts";
import { STEPS } from "./profile.ts";
import type { SlowSockets } from "./slow-sockets.ts";
import type { OpenStreams } from "./streams.ts";
import type { Throughput } from "./throughput.ts";

/** All that the bench found: what bench/live.json holds. */
export interface LiveReport {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly system: string;
    readonly node: string;
    /** Processes that wanted a core in the minute before: what else the machine did. */
    readonly loadBefore: number;
    readonly date: string;
  };
  readonly latency: Latency;
  readonly throughput: Throughput;
  readonly streams: OpenStreams;
  readonly slowSockets: SlowSockets;
  readonly day: Day;
  readonly gas: ChannelGas;
}

/** What the live lane is meant to do. Milliseconds; calls a second and core; a multiple. */
export const GOALS = { addedMs: 3, callsPerSecond: 400, slowSocketsRatio: 2 } as const;

const WAYS: Readonly<Record<WayDelays["way"], string>> = {
  bare: "bare engine",
  sdk: "our SDK",
  gateway: "our gateway",
  x402: "x402's own client",
};

const MIB = 2 ** 20;

/** The generated parts of docs/performance.md, by name. */
export function sections(report: LiveReport): ReadonlyMap<string, string> {
  return new Map([
    ["live machine", machine(report)],
    ["live goals", goals(report)],
    ["live latency", latency(report.latency)],
    ["live throughput", throughput(report.throughput)],
    ["live split", split(report.throughput)],
    ["live day", day(report.day)],
    ["live gas", gas(report.gas)],
  ]);
}

function machine({ machine: { cpu, cores, memoryGiB, system, node, loadBefore, date }, throughput }: LiveReport) {
  const pinned = throughput.isPinned ? "The node has one core for itself" : "Nothing is held to a core";
  return `${date}, ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}. ${pinned}; load before the run: ${loadBefore}.`;
}

function goals({ latency: { ways }, throughput: { whole }, streams, slowSockets, day: replay, gas: cost }: LiveReport) {
  const sdk = ways.find(({ way }) => way === "sdk") as WayDelays;
  const isGrowing = replay.hasNoGrowth ? "none" : "some: see below";
  return table(
    ["question", "goal", "measured", ""],
    [
      [
        "added to a whole answer, our SDK, median",
        `${GOALS.addedMs} ms`,
        ...met(sdk.whole.added, GOALS.addedMs, " ms"),
      ],
      [
        "added to the first token, our SDK, median",
        `${GOALS.addedMs} ms`,
        ...met(sdk.firstToken.added, GOALS.addedMs, " ms"),
      ],
      [
        "added to a whole stream, our SDK, median",
        `${GOALS.addedMs} ms`,
        ...met(sdk.stream.added, GOALS.addedMs, " ms"),
      ],
      [
        "paid calls a second and core",
        `${GOALS.callsPerSecond}`,
        `${whole.callsPerSecond}`,
        verdict(whole.callsPerSecond >= GOALS.callsPerSecond),
      ],
      [
        `p99 of honest calls among ${count(slowSockets.sockets)} slow sockets`,
        `${GOALS.slowSocketsRatio} x`,
        ...met(slowSockets.ratio, GOALS.slowSocketsRatio, " x"),
      ],
      [
        `growth over ${replay.hours} hours, ${count(replay.calls)} calls`,
        "none",
        isGrowing,
        verdict(replay.hasNoGrowth),
      ],
      [`memory of each of ${count(streams.streams)} open streams`, "", `${kib(streams.rssPerStream)} KiB`, ""],
      ["gas of a thousand calls", "", count(cost.perThousandCalls), ""],
    ],
  );
}

function latency({ rounds, tokens, ways }: Latency): string {
  const cells = (delay: WayDelays["whole"]) => `${delay.median} / ${delay.p95} (+${delay.added}, ${delay.ratio} x)`;
  const rows = ways.map(({ way, whole, firstToken, stream }) => [
    WAYS[way],
    cells(whole),
    cells(firstToken),
    cells(stream),
  ]);
  const told = `Median / p95 in ms of ${rounds} calls each, ${tokens} tokens an answer; in brackets what the median adds to that of the bare engine, and its ratio.`;
  return `${table(["", "whole answer", "first token of a stream", "whole stream"], rows)}\n\n${told}`;
}

function throughput({ whole, streamed, disks, parallel, channels, tokens }: Throughput): string {
  const row = (name: string, { callsPerSecond, cpuMicrosPerCall, busy }: Throughput["whole"]) => [
    name,
    count(callsPerSecond),
    count(cpuMicrosPerCall),
    `${Math.round(busy * 100)} %`,
  ];
  const memory = disks
    .filter(({ kind }) => kind === "memory")
    .map((disk) => row("whole, database in memory", disk.whole));
  const rows = [row("whole", whole), row(`streamed in ${tokens} pieces`, streamed), ...memory];
  const syncs = disks.map(
    ({ kind, fsyncMs }) => `${fsyncMs} ms on ${kind === "disk" ? "the disk" : "a disk in memory"}`,
  );
  const told = `${parallel} calls at a time over ${channels} channels. A synchronous write of 4 KiB takes ${syncs.join(", ")} (median).`;
  return `${table(["answers", "calls a second", "CPU µs a call", "of its core"], rows)}\n\n${told}`;
}

function split({ split: shares, whole, streamed }: Throughput): string {
  const cell = (share: number, micros: number) => `${Math.round(share * micros)} (${Math.round(share * 100)} %)`;
  const rows = STEPS.map((step) => [
    step,
    cell(shares.whole[step], whole.cpuMicrosPerCall),
    cell(shares.streamed[step], streamed.cpuMicrosPerCall),
  ]);
  return table(["step", "whole, µs of CPU", "streamed, µs of CPU"], rows);
}

function day({ samples, growth, from, hours, calls, seconds, receiptLifetime }: Day): string {
  const shown = samples.filter(({ hour }) => hour % 4 === 0 || hour === 1);
  const rows = shown.map((sample) => [
    `${sample.hour}`,
    count(sample.calls),
    mib(sample.heapUsed),
    mib(sample.rss),
    mib(sample.databaseBytes),
    mib(sample.keptBytes),
    `${sample.handles}`,
    `${sample.channels}`,
  ]);
  const head = ["hour", "calls so far", "heap MiB", "RSS MiB", "database MiB", "kept MiB", "handles", "channels"];
  const names = { heapUsed: "heap", rss: "RSS", handles: "handles", databaseBytes: "database", keptBytes: "kept" };
  const moved = growth
    .filter(({ what }) => what !== "channels")
    .map(
      ({ what, share }) => `${names[what as keyof typeof names]} ${share < 0 ? "" : "+"}${(share * 100).toFixed(1)} %`,
    );
  const told = `${count(calls)} calls of ${hours} hours in ${Math.round(seconds)} s, receipts good for ${receiptLifetime / 3_600} hours. From hour ${from} on, the most in the last third of the hours as against the most in the first: ${moved.join(", ")}.`;
  return `${table(head, rows)}\n\n${told}`;
}

function gas({ deposit, topUp, claim, settle, perThousandCalls }: ChannelGas): string {
  return table(
    ["step", "gas"],
    [
      ["1,000 calls in 10 channels: one claim and one settlement", count(perThousandCalls)],
      ["of these the claim", count(claim)],
      ["of these the settlement", count(settle)],
      ["the first deposit into a channel", count(deposit)],
      ["a later one", count(topUp)],
    ],
  );
}

function met(value: number, goal: number, unit: string): [string, string] {
  return [`${value}${unit}`, verdict(value <= goal)];
}

function verdict(isMet: boolean): string {
  return isMet ? "met" : "missed";
}

const count = (value: number) => value.toLocaleString("en");
const mib = (bytes: number) => (bytes / MIB).toFixed(1);
const kib = (bytes: number) => Math.round(bytes / 1024).toLocaleString("en");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
