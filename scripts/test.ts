// Runs every test: `npm test`, or with `--deep` the long ones: `npm run test:deep`. Ends with `N passed, N failed`.
import { runCommand } from "./lib/command.ts";
import { filesMatching } from "./lib/paths.ts";
import { DEEP_RUNNERS, RUNNERS, type Runner } from "./test/runners.ts";
import { failuresIn, type Tally, tallyOf } from "./test/tally.ts";

/** Runs one runner; a required one counts only where it fails. What runs aside is shown when it is over. */
async function run({ name, command, required, isAside = false }: Runner): Promise<Tally> {
  const title = `\n=== ${name} ===\n`;
  console.log(isAside ? `\n=== ${name}: runs aside ===` : title);
  const result = await runCommand(command, { quiet: isAside });
  if (isAside) {
    console.log(`${title}\n${result.output}`);
  }
  const tally = required ? { passed: 0, failed: result.code === 0 ? 0 : 1 } : tallyOf(result);
  if (tally.failed > 0) {
    failures.push(`${title}\n${failuresIn(result.output)}`);
  }
  return tally;
}

function count({ name }: Runner, tally: Tally): void {
  passed += tally.passed;
  failed += tally.failed;
  rows.push(`${name}: ${tally.passed} passed, ${tally.failed} failed`);
}

const runners = process.argv.includes("--deep") ? DEEP_RUNNERS : RUNNERS;
const rows: string[] = [];
// Told again at the end, where they are found: the output of all runners is long.
const failures: string[] = [];
const aside: Promise<void>[] = [];
let passed = 0;
let failed = 0;
for (const runner of runners) {
  if (runner.files !== undefined && filesMatching(runner.files).length === 0) {
    continue;
  }
  if (runner.isAside) {
    aside.push(run(runner).then((tally) => count(runner, tally)));
    continue;
  }
  if (runner.isAlone) {
    await Promise.all(aside);
  }
  const tally = await run(runner);
  count(runner, tally);
  if (runner.required && tally.failed > 0) {
    rows.push(`Nothing after ${runner.name} was run.`);
    break;
  }
}
await Promise.all(aside);
if (failed > 0) {
  console.log(`${failures.join("\n")}\n${rows.join("\n")}`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
