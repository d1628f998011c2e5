// The main job, from an empty chain to settled stories: `npm run demo`; one that is judged: `npm run demo -- --cheat NAME`; or a
// chat, each call paid as it is answered: `npm run demo -- --live`.
import path from "node:path";
import { CHEATS, type Cheat } from "../cheats/cheats.ts";
import { ROOT } from "../lib/paths.ts";
import { startNetwork } from "../network/network.ts";
import { checkTrade } from "./checks.ts";
import { checkChat } from "./live/checks.ts";
import { chatAsJson, chatAsTables } from "./live/report.ts";
import { chat } from "./live/run.ts";
import { type DemoOptions, parseOptions, USAGE, UsageError } from "./options.ts";
import { asJson, asTables } from "./report.ts";
import { trade } from "./run.ts";
import { checkTrial } from "./trial/checks.ts";
import { hold } from "./trial/hold.ts";
import { ACCUSED, startTrialNetwork } from "./trial/network.ts";
import { trialAsJson, trialAsTables } from "./trial/report.ts";

/** Standard output is for the result; the story of the run goes to standard error. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

let lastLine = "";

function progress(done: number, items: number): void {
  const bar = "█".repeat(done) + "░".repeat(items - done);
  const line = items > 60 ? `${done} of ${items}` : `${bar} ${done} of ${items}`;
  if (line !== lastLine) {
    lastLine = line;
    process.stderr.write(process.stderr.isTTY ? `\r  ${line}${done === items ? "\n" : ""}` : `  ${line}\n`);
  }
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

/** Has the cheapest provider judged, as the draw would have it. */
async function runTrial(options: DemoOptions, cheat: Cheat | "none"): Promise<void> {
  const network = await startTrialNetwork(cheat, say);
  try {
    say(cheat === "none" ? `${ACCUSED} is honest` : `${ACCUSED} cheats: it gives its buyers ${CHEATS[cheat]}`);
    const done = await hold(network, { ...options, cheat }, { say, progress });
    console.log(options.json ? trialAsJson(network, done) : trialAsTables(network, done));
    await checkTrial(network, done);
    say("Every check held.");
  } finally {
    await network.close();
  }
}

/** Buys call by call. */
async function runLive({ prompts, json }: DemoOptions): Promise<void> {
  const network = await startNetwork(say);
  try {
    const done = await chat(network, prompts, { say, write: (text) => process.stderr.write(text) });
    console.log(json ? chatAsJson(done) : chatAsTables(done));
    checkChat(done);
    say("Every check held.");
  } finally {
    await network.close();
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => process.exit(1)); // Takes the nodes along.
}

try {
  const options = parseOptions(process.argv.slice(2), path.join(ROOT, "examples", "prompts.txt"));
  if (options === undefined) {
    console.log(USAGE);
  } else if (options.live) {
    await runLive(options);
  } else if (options.cheat === undefined) {
    await run(options);
  } else {
    await runTrial(options, options.cheat);
  }
} catch (error) {
  say(error instanceof UsageError ? error.message : `The demo failed: ${(error as Error).stack}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
