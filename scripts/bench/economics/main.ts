// Plays the market with honest and dishonest agents on the real parameters: `npm run bench:economics` rewrites
// bench/economics.json, the tables of docs/economics.md and the charts beside it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../lib/paths.ts";
import { charts } from "./charts.ts";
import { readDetection } from "./detection.ts";
import { RULES, readCaseGas, WORLD } from "./economy.ts";
import { isKept } from "./regions.ts";
import { runBench, sections, withSections } from "./report.ts";

const DOCUMENT = path.join(ROOT, "docs", "economics.md");
const CHARTS = path.join(ROOT, "docs", "economics");

const report = runBench(RULES, WORLD, readCaseGas(), readDetection());
writeFileSync(path.join(ROOT, "bench", "economics.json"), `${JSON.stringify(report, null, 2)}\n`);
mkdirSync(CHARTS, { recursive: true });
for (const [name, chart] of charts(RULES, report.providers)) {
  writeFileSync(path.join(CHARTS, name), chart);
}
writeFileSync(DOCUMENT, withSections(readFileSync(DOCUMENT, "utf8"), sections(report)));

const broken = report.bounds.filter((bound) => !isKept(bound));
console.log(`${report.bounds.length - broken.length} bounds kept, ${broken.length} broken`);
for (const { role, quantity } of broken) {
  console.log(`${role}: ${quantity}`);
}
