// Checks what must hold of the repository whatever the code does: `npm run check`. One line a rule; ends with the sums.
import { contractSizeRule } from "./check/contract-size.ts";
import { importRule } from "./check/imports.ts";
import { lockFileRule } from "./check/lock-file.ts";
import { machinePathRule } from "./check/machine-paths.ts";
import type { Rule } from "./check/rule.ts";
import { sizeRule } from "./check/sizes.ts";
import { toolRules } from "./check/tools.ts";
import { installed, runCommand } from "./lib/command.ts";

const rules: readonly Rule[] = [...toolRules, importRule, sizeRule, contractSizeRule, lockFileRule, machinePathRule];

const compiled = await runCommand(installed("hardhat", "build", "--no-tests", "--quiet"), { quiet: true });
if (compiled.code !== 0) {
  console.error(compiled.output);
}

let failed = compiled.code === 0 ? 0 : 1;
for (const rule of rules) {
  const breaches = await rule.run();
  failed += breaches.length > 0 ? 1 : 0;
  console.log(`${breaches.length > 0 ? "failed" : "ok    "}  ${rule.name}`);
  for (const breach of breaches) {
    console.log(breach.replace(/^/gm, "        "));
  }
}
console.log(`${rules.length + (compiled.code === 0 ? 0 : 1) - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
