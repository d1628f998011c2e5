// Measures what the check of a result catches, whom it wrongs and what it costs: `npm run bench:verification` takes some
// minutes and prints; `--full` takes the better part of an hour and rewrites bench/verification.json. `--reuse` counts
// anew what earlier runs collected, after a change of statistics or tolerances. See docs/verification.md.
import { writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findCpuBinaries } from "../../provider-node/src/calibrate/builds.ts";
import { startBackend } from "../../provider-node/src/engine/backend.ts";
import { silentLogger } from "../../provider-node/src/logger.ts";
import { ROOT } from "../lib/paths.ts";
import { type FamilyResult, measureFamily, type Sizes } from "./verification/family.ts";
import { noise, storyteller } from "./verification/model-files.ts";
import { tableOf } from "./verification/report.ts";

const FILE = path.join(ROOT, "bench", "verification.json");

/** Trace entries to collect of each kind. */
const SIZES: Readonly<Record<"quick" | "full", Readonly<Record<"storyteller" | "noise", Sizes>>>> = {
  quick: {
    storyteller: { honest: 20_000, variants: 2_000, vulkan: 0, cheats: 2_000 },
    noise: { honest: 1_000, variants: 0, vulkan: 0, cheats: 500 },
  },
  full: {
    storyteller: { honest: 1_530_000, variants: 20_000, vulkan: 1_000, cheats: 20_000 },
    noise: { honest: 6_000, variants: 0, vulkan: 0, cheats: 1_000 },
  },
};

/** A folder with npm's package `@node-llama-cpp/linux-x64-vulkan`, to measure with a software Vulkan too. */
const VULKAN = process.env.TOUCHSTONE_VULKAN_PACKAGE;
process.env.GGML_VK_VISIBLE_DEVICES ??= "0"; // Else llama.cpp passes over a Vulkan that is software.

const isFull = process.argv.includes("--full");
const llama = await startBackend({ gpu: "cpu", logger: silentLogger });
const options = { llama, reuse: process.argv.includes("--reuse"), ...(VULKAN !== undefined && { vulkan: VULKAN }) };
const sizes = SIZES[isFull ? "full" : "quick"];
const results: FamilyResult[] = [
  await measureFamily(await storyteller(), sizes.storyteller, options),
  await measureFamily(await noise(), sizes.noise, options),
];
await llama.dispose();
const report = {
  run: isFull ? "full" : "quick",
  cpu: os.cpus()[0]?.model.trim(),
  engine: `node-llama-cpp ${(await findCpuBinaries()).version}`,
  models: results.map(({ rows: _rows, ...context }) => context),
  rows: results.flatMap(({ rows }) => rows),
};
console.log(tableOf(report.rows));
if (isFull) {
  writeFileSync(FILE, `${JSON.stringify(report, null, 2)}\n`);
}
