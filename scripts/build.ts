// Builds everything: contracts, what the SDK takes from them, the packages. `npm run build`.
import { installed, runCommand } from "./lib/command.ts";

const steps = [
  installed("hardhat", "build", "--no-tests", "--quiet"),
  [process.execPath, "scripts/generate.ts"],
  installed("tsc", "--build", "client-sdk", "gateway", "provider-node"),
  installed("vite", "build", "dapp", "--logLevel", "warn"),
];

for (const step of steps) {
  const { code } = await runCommand(step);
  if (code !== 0) {
    process.exit(code);
  }
}
