import { installed } from "../lib/command.ts";
import { commandRule, type Rule } from "./rule.ts";

/** What a well-kept tool checks by itself. `npm run format` mends most of it. */
export const toolRules: readonly Rule[] = [
  commandRule("generated files are fresh", [process.execPath, "scripts/generate.ts", "--check"]),
  commandRule(
    "types",
    installed("tsc", "--build", "client-sdk", "gateway", "provider-node"),
    installed("tsc", "--noEmit"),
    installed("tsc", "--project", "dapp"),
  ),
  commandRule("TypeScript lint and format", installed("biome", "check", "--error-on-warnings", ".")),
  commandRule("Solidity lint", installed("solhint", "--disc", "--noPoster", "contracts/**/*.sol")),
  commandRule("Solidity format", installed("prettier", "--log-level=warn", "--check", "{contracts,test}/**/*.sol")),
];
