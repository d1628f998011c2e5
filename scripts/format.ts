// Formats and mends what can be mended by itself: `npm run format`.
import { installed, runCommand } from "./lib/command.ts";

const results = [
  await runCommand(installed("biome", "check", "--write", ".")),
  await runCommand(installed("prettier", "--log-level=warn", "--write", "{contracts,test}/**/*.sol")),
];
process.exitCode = Math.max(...results.map(({ code }) => code));
