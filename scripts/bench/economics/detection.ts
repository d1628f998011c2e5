import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../lib/paths.ts";

/** Probability that a case about so many tokens recognises a cheat, and what the cheat saves of the honest cost. */
export interface DetectionRow {
  readonly cheat: string;
  readonly model: string;
  readonly tokens: number;
  readonly detection: number;
  /** Share of the honest cost that the cheat saves. An assumption, but for what a trace of the real model costs. */
  readonly saving: number;
}

export interface Detection {
  readonly source: string;
  readonly rows: readonly DetectionRow[];
}

/** Tokens that one case covers; a job may have fewer. */
const CASE_TOKENS = 512;

/** Detection in 50 and in 200 tokens, from the calibration behind the design: 260,000 parameters, F16 ordered, CPUs. */
const DESIGNED: readonly (readonly [cheat: string, short: number, long: number])[] = [
  ["another model", 1, 1],
  ["Q4_0 for F16", 1, 1],
  ["Q8_0 for F16", 0.57, 0.96],
  ["temperature 0.9 or 1.1", 0.91, 1],
  ["temperature 1.03", 0.46, 0.92],
  ["wrong seed", 1, 1],
  ["one hidden prompt token", 0.62, 0.97],
];

/** What nobody measured: the worst that must be expected of it. */
const ASSUMED: readonly DetectionRow[] = [
  ["a fifth of an answer from Q8_0", 0.1] as const,
  ["a neighbour quantisation, quantised model ordered from another class", 0] as const,
].map(([cheat, detection]) => ({
  cheat,
  model: "not measured",
  tokens: CASE_TOKENS,
  detection,
  saving: savingOf(cheat),
}));

/** What a cheat saves of the honest cost: weights are read less, or nothing is computed at all. */
function savingOf(cheat: string): number {
  const name = cheat.toLowerCase();
  if (/fifth|partial/.test(name)) return 0.09;
  if (/q4/.test(name)) return 0.7;
  if (/q8|neighbour/.test(name)) return 0.45;
  if (/trunc|cascade|prefill|withh/.test(name)) return 0.6;
  return /model|garbage|random/.test(name) ? 1 : 0.1;
}

interface MeasuredRow extends Omit<DetectionRow, "saving"> {
  /** What a pass of the model over an answer costs, as a share of writing it. */
  readonly costRatio: number;
}

/** Detection rates as measured by the verification bench, or as the design's calibration gave them before there was one. */
export function readDetection(): Detection {
  const file = path.join(ROOT, "bench", "verification.json");
  if (!existsSync(file)) {
    const rows = DESIGNED.flatMap(([cheat, short, long]) => [
      { cheat, model: "calibration", tokens: 50, detection: short, saving: savingOf(cheat) },
      { cheat, model: "calibration", tokens: 200, detection: long, saving: savingOf(cheat) },
    ]);
    return { source: "the design's calibration", rows: [...rows, ...ASSUMED] };
  }
  const { rows } = JSON.parse(readFileSync(file, "utf8")) as { rows: readonly MeasuredRow[] };
  const covered = rows.filter(({ tokens, cheat }) => tokens <= CASE_TOKENS && !/^(none|honest)/i.test(cheat));
  const measured = covered.map(({ cheat, model, tokens, detection, costRatio }) => {
    const trace = /real trace/.test(cheat) ? costRatio : 0; // The real model has to read what the cheap one wrote.
    return { cheat, model, tokens, detection, saving: Math.max(0, savingOf(cheat) - trace) };
  });
  return { source: "bench/verification.json", rows: [...measured, ...ASSUMED] };
}
