import { installed } from "../lib/command.ts";
import { filesMatching } from "../lib/paths.ts";

/** One program that runs tests and says how many passed. */
export interface Runner {
  readonly name: string;
  readonly command: readonly string[];
  /** The runner is left out where this finds no file. */
  readonly files?: string;
  /** Without it nothing after can run. */
  readonly required?: boolean;
  /** Runs beside those that come after: it computes for minutes on one core, while most of them wait for chains and servers. */
  readonly isAside?: boolean;
  /** Begins when nothing runs aside any more: it starves and kills what it tests, and must be the only one who does. */
  readonly isAlone?: boolean;
}

function mocha(name: string, files: string, ...options: string[]): Runner {
  return { name, files, command: installed("mocha", ...options, ...filesMatching(files)) };
}

function script(name: string, file: string, ...args: string[]): Runner {
  return { name, files: file, command: [process.execPath, file, ...args] };
}

const BUILD: Runner = { ...script("build", "scripts/build.ts"), required: true };

/** `npm test`: what every change must pass, in the order of what a failure would spoil. */
export const RUNNERS: readonly Runner[] = [
  script("repository", "scripts/check.ts"), // Before the build, which would freshen what is stale.
  BUILD,
  {
    name: "contracts, flows",
    files: "test/contracts/**/*.ts",
    command: installed("hardhat", "test", "mocha", "--no-compile"),
  },
  {
    name: "contracts, fuzz and invariants",
    files: "test/contracts/**/*.t.sol",
    command: installed("hardhat", "test", "solidity"),
    isAside: true,
  },
  script("gas snapshot", "scripts/bench/gas.ts", "--check"),
  mocha("tooling", "scripts/**/*.test.ts"),
  mocha("sdk", "client-sdk/src/**/*.test.ts"),
  mocha("gateway", "gateway/src/**/*.test.ts"),
  mocha("dapp", "dapp/src/**/*.test.ts"),
  mocha("node", "provider-node/src/**/*.test.ts"),
  mocha("parity", "test/parity/**/*.test.ts"),
  mocha("integration", "test/integration/**/*.test.ts"),
  mocha("end to end", "test/e2e/**/*.test.ts"),
];

/** `npm run test:deep`: what takes long. */
export const DEEP_RUNNERS: readonly Runner[] = [
  BUILD,
  {
    name: "contracts, long fuzz and invariants",
    files: "test/contracts/**/*.t.sol",
    command: installed("hardhat", "test", "solidity", "--test-profile", "deep"),
    isAside: true,
  },
  { ...script("contracts, coverage", "scripts/check/coverage.ts"), files: "test/contracts/**/*.t.sol" },
  mocha("deep", "test/deep/**/*.test.ts", "--timeout=600000"),
  { ...mocha("chaos", "test/chaos/**/*.test.ts", "--timeout=600000"), isAlone: true },
];
