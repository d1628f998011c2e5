import type { Command } from "commander";
import { type Hex, keccak256, numberToHex } from "viem";
import type { Settings } from "../config.ts";
import type { Engine } from "../engine/engine.ts";
import { loadEngines } from "../engine/load.ts";
import { createLogger } from "../log.ts";
import type { Host } from "./host.ts";
import { sayJson, sayTable } from "./output.ts";
import { readSettings, withSettings } from "./settings.ts";

/** What `touchstone bench` measures of one model. */
export interface Benchmark {
  readonly model: string;
  readonly backend: string;
  readonly device: string;
  readonly threads: number;
  /** Tokens that one generation writes a second. */
  readonly tokensPerSecond: number;
  /** Tokens that as many generations as the settings allow write together a second. */
  readonly tokensPerSecondTogether: number;
  /** Time to the first token of a short prompt, median. */
  readonly firstTokenMs: number;
}

const ROUNDS = 5;
const TOKENS = 128;
const PROMPT = "Tell a story about a brave fox and a lost key";

/** `touchstone bench`: how fast this machine runs the models of the settings. */
export function addBench(program: Command, host: Host): void {
  withSettings(program.command("bench").description("measure how fast this machine runs the models"))
    .option("--json", "write JSON")
    .action(async (options) => {
      const settings = await readSettings(host, options);
      const results = await benchAll(host, settings);
      if (options.json) {
        sayJson(host, { models: results });
        return;
      }
      const rows = results.map((one) => [
        one.model,
        `${one.device} (${one.backend}, ${one.threads} threads)`,
        one.firstTokenMs.toFixed(1),
        one.tokensPerSecond.toFixed(0),
        `${one.tokensPerSecondTogether.toFixed(0)} (${settings.contextSequences} at once)`,
      ]);
      sayTable(host, rows, ["model", "device", "first token, ms", "tokens/s", "together"]);
    });
}

async function benchAll(host: Host, settings: Settings): Promise<Benchmark[]> {
  const logger = createLogger({ ...settings, logLevel: "warn", destination: host.stderr, isTerminal: host.isTerminal });
  const loaded = await loadEngines(settings, logger);
  try {
    const results: Benchmark[] = [];
    for (const engine of loaded.engines) {
      results.push(await benchEngine(engine, settings.contextSequences));
    }
    return results;
  } finally {
    await loaded.close();
  }
}

async function benchEngine(engine: Engine, sequences: number): Promise<Benchmark> {
  await write(engine, 0); // Loads what is lazy.
  const alone = [];
  for (let round = 1; round <= ROUNDS; round++) {
    alone.push(await write(engine, round));
  }
  const start = performance.now();
  const many = Array.from({ length: sequences * ROUNDS }, (_, index) => write(engine, 100 + index));
  const tokens = (await Promise.all(many)).reduce((sum, one) => sum + one.tokens, 0);
  const together = tokens / ((performance.now() - start) / 1000);
  return {
    model: engine.model.name,
    ...(await engine.describe()),
    tokensPerSecond: median(alone.map(({ rate }) => rate)),
    tokensPerSecondTogether: together,
    firstTokenMs: median(alone.map(({ firstTokenMs }) => firstTokenMs)),
  };
}

async function write(engine: Engine, round: number): Promise<{ tokens: number; rate: number; firstTokenMs: number }> {
  const seed: Hex = keccak256(numberToHex(round));
  const signal = new AbortController().signal;
  const start = performance.now();
  let first = start;
  let tokens = 0;
  const onToken = (count: number) => {
    first = count === 1 ? performance.now() : first;
    tokens = count;
  };
  const messages = [{ role: "user", content: PROMPT }] as const;
  await engine.generate({ messages, maxTokens: TOKENS }, { seed, signal, onToken });
  const seconds = (performance.now() - first) / 1000;
  return { tokens, rate: Math.max(0, tokens - 1) / seconds, firstTokenMs: first - start };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
