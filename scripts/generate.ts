// Writes what the SDK and the subgraph take from Solidity (ABIs, enums, constants, EIP-712 types) and the docs of the
// node's settings. Run after a compile.
// With `--check` it writes nothing and exits with 1 if a file is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { renderConfigDocs } from "../provider-node/src/config-docs.ts";
import { renderAbis } from "./generate/abi.ts";
import { readSources } from "./generate/ast.ts";
import { renderConstants } from "./generate/constants.ts";
import { renderEnums } from "./generate/enums.ts";
import { renderEventAbi, renderMappingFacts, SUBGRAPH_SOURCES } from "./generate/subgraph.ts";
import { renderTypedData } from "./generate/typed-data.ts";
import { ROOT } from "./lib/paths.ts";

const FOLDER = "client-sdk/src/protocol/generated";
const HEADER = "// Generated from the contracts by scripts/generate.ts (`npm run build`). Do not edit.\n\n";

const sources = readSources();
const ours = sources.filter(({ path: file }) => file.startsWith("contracts/"));
const generated = {
  "abi.ts": renderAbis(),
  "constants.ts": renderConstants(ours.filter(({ path: file }) => !file.startsWith("contracts/dev/"))),
  "enums.ts": renderEnums(ours),
  "typed-data.ts": renderTypedData(sources),
};
const files = [
  ...Object.entries(generated).map(([name, body]) => [`${FOLDER}/${name}`, HEADER + body] as const),
  ...Object.entries(SUBGRAPH_SOURCES).map(
    ([name, contract]) => [`subgraph/abis/${name}.json`, renderEventAbi(contract)] as const,
  ),
  ["subgraph/src/protocol.ts", HEADER + renderMappingFacts(ours)] as const,
  ["docs/config.md", renderConfigDocs()] as const,
];

const check = process.argv.includes("--check");
for (const [name, text] of files) {
  const file = path.join(ROOT, name);
  if (existsSync(file) && readFileSync(file, "utf8") === text) {
    continue;
  }
  if (check) {
    console.error(`${name} is stale: run \`npm run build\` and commit it.`);
    process.exitCode = 1;
  } else {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${name}`);
  }
}
