import { createRequire } from "node:module";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

// The compiler comes from npm, so that compiling needs no other network.
const solc = {
  version: "0.8.37",
  path: createRequire(import.meta.url).resolve("solc/soljson.js"),
  settings: {
    evmVersion: "cancun",
    viaIR: true,
    optimizer: { enabled: true, runs: 700 },
  },
};

// "Transient storage can break composability" (code 2394): known, and OpenZeppelin's guard clears what it stores.
const quietTransientStorage: HardhatPlugin = {
  id: "quiet-transient-storage",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        getCompilationJobErrors: async (context, job, output, next) => {
          const errors = await next(context, job, output);
          return errors.filter(({ errorCode }) => errorCode !== "2394");
        },
      }),
    }),
  },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, quietTransientStorage],
  solidity: {
    // Both profiles are alike, so that a gas figure measured in a test is the one of a deployment.
    profiles: { default: solc, production: solc },
    splitTestsCompilation: true,
  },
  paths: {
    sources: "contracts",
    tests: { mocha: "test/contracts", solidity: "test/contracts" },
  },
  typechain: { tsNocheck: true },
  test: {
    mocha: { timeout: 60_000, forbidOnly: true, forbidPending: true },
    solidity: {
      profiles: {
        default: { fuzz: { runs: 1_000 }, invariant: { runs: 100, depth: 100 } },
        // Of `npm run test:deep`: 400,000 calls an invariant.
        deep: { fuzz: { runs: 10_000 }, invariant: { runs: 4_000, depth: 100 } },
      },
    },
  },
});
