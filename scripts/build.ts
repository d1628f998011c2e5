// Builds everything: contracts, what the SDK and the subgraph take from them, the packages, the subgraph, the pages. `npm run build`.
import { type CommandOptions, installed, runCommand } from "./lib/command.ts";

const MANIFEST = "subgraph/subgraph.yaml";

/** The Graph's tool asks no registry for a newer one, and is quiet unless it fails. */
const GRAPH: CommandOptions = { quiet: true, env: { GRAPH_SKIP_NEW_VERSION_CHECK: "true" } };

const steps: readonly { readonly command: readonly string[]; readonly options?: CommandOptions }[] = [
  { command: installed("hardhat", "build", "--no-tests", "--quiet") },
  { command: [process.execPath, "scripts/generate.ts"] },
  { command: installed("tsc", "--build", "client-sdk", "gateway", "provider-node") },
  { command: installed("graph", "codegen", MANIFEST, "--output-dir=subgraph/generated"), options: GRAPH },
  { command: installed("graph", "build", MANIFEST, "--output-dir=subgraph/build"), options: GRAPH },
  { command: installed("vite", "build", "dapp", "--logLevel=error") },
];

for (const { command, options } of steps) {
  const { code, output } = await runCommand(command, options);
  if (code !== 0) {
    if (options?.quiet) {
      console.error(output);
    }
    process.exit(code);
  }
}
