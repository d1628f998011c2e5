// Writes what the SDK takes from Solidity: ABIs, enums, constants, EIP-712 types. Run after a compile.
// With `--check` it writes nothing and exits with 1 if a file is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { renderAbis } from "./generate/abi.ts";
import { readSources } from "./generate/ast.ts";
import { renderConstants } from "./generate/constants.ts";
import { renderEnums } from "./generate/enums.ts";
import { renderTypedData } from "./generate/typed-data.ts";
import { ROOT } from "./lib/paths.ts";

const FOLDER = "client-sdk/src/protocol/generated";
const HEADER = "// Generated from the contracts by scripts/generate.ts (`npm run build`). Do not edit.\n\n";

const sources = readSources();
const ours = sources.filter(({ path: file }) => file.startsWith("contracts/"));
const files = {
  "abi.ts": renderAbis(),
  "constants.ts": renderConstants(ours.filter(({ path: file }) => !file.startsWith("contracts/dev/"))),
  "enums.ts": renderEnums(ours),
  "typed-data.ts": renderTypedData(sources),
};

const check = process.argv.includes("--check");
for (const [name, body] of Object.entries(files)) {
  const file = path.join(ROOT, FOLDER, name);
  const text = HEADER + body;
  if (existsSync(file) && readFileSync(file, "utf8") === text) {
    continue;
  }
  if (check) {
    console.error(`${FOLDER}/${name} is stale: run \`npm run build\` and commit it.`);
    process.exitCode = 1;
  } else {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${FOLDER}/${name}`);
  }
}
