// A provider node that cheats, for the demo and the tests: a build of its own around the product's modules. The product
// has no such code, no flag for it, and does not ship this.
//
//   node scripts/cheats/main.ts --cheat model --config FILE
import { parseArgs } from "node:util";
import { loadSettings, requireConfig } from "../../provider-node/src/config-sources.ts";
import { CHEAT_NAMES } from "./cheats.ts";
import { runCheatingNode } from "./node.ts";

const { values } = parseArgs({ options: { cheat: { type: "string" }, config: { type: "string" } } });
const cheat = CHEAT_NAMES.find((name) => name === values.cheat);
if (cheat === undefined || values.config === undefined) {
  console.error(`usage: node scripts/cheats/main.ts --cheat ${CHEAT_NAMES.join("|")} --config FILE`);
  process.exit(2);
}

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => stop.abort(new Error("The node was asked to stop.")));
}

const settings = await loadSettings({ flags: { config: values.config }, env: {}, cwd: process.cwd() });
await runCheatingNode(cheat, requireConfig(settings), stop.signal);
