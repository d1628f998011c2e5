import { createRequire } from "node:module";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";

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

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
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
