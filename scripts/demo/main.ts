// The main job, from an empty chain to settled stories: `npm run demo`.
import path from "node:path";
import { ROOT } from "../lib/paths.ts";
import { startNetwork } from "../network/network.ts";
import { checkTrade } from "./checks.ts";
import { type DemoOptions, parseOptions, USAGE, UsageError } from "./options.ts";
import { asJson, asTables } from "./report.ts";
import { trade } from "./run.ts";

/** Standard output is for the result; the story of the run goes to standard error. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function progress(done: number, items: number): void {
  const bar = "█".repeat(done) + "░".repeat(items - done);
  const line = items > 60 ? `${done} of ${items}` : `${bar} ${done} of ${items}`;
  process.stderr.write(process.stderr.isTTY ? `\r  ${line}${done === items ? "\n" : ""}` : `  ${line}\n`);
}

async function run(options: DemoOptions): Promise<void> {
  const network = await startNetwork(say);
  try {
    const done = await trade(network, options, { say, progress });
    await checkTrade(network, options.mode, done);
    console.log(options.json ? asJson(network, done) : asTables(network, done));
    say("Every check held.");
  } finally {
    await network.close();
  }
}

try {
  const options = parseOptions(process.argv.slice(2), path.join(ROOT, "examples", "prompts.txt"));
  if (options === undefined) {
    console.log(USAGE);
  } else {
    await run(options);
  }
} catch (error) {
  say(error instanceof UsageError ? error.message : `The demo failed: ${(error as Error).stack}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
