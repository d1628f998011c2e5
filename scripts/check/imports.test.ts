import { expect } from "chai";
import { breachesOf } from "./imports.ts";

/** How many of the imports are breaches, in a file at `file`. */
function breaches(file: string, ...targets: string[]): number {
  return breachesOf(file, targets.map((target) => `import { x } from "${target}";\n`).join("")).length;
}

describe("the import layers", () => {
  it("let the protocol use itself and viem's utilities", () => {
    expect(breaches("client-sdk/src/protocol/job.ts", "./merkle.ts", "../errors.ts", "viem/utils")).to.equal(0);
  });

  it("keep the protocol from actions, clients and Node", () => {
    expect(breaches("client-sdk/src/protocol/job.ts", "../actions/postJob.ts", "viem/actions", "node:fs")).to.equal(3);
  });

  it("keep engines from chain and store, and the chain from stages and http", () => {
    expect(breaches("provider-node/src/engine/llama.ts", "../chain/watcher.ts", "../store/database.ts")).to.equal(2);
    expect(breaches("provider-node/src/chain/watcher.ts", "../stages/accept.ts", "../http/server.ts")).to.equal(2);
  });

  it("let stages reach the submitter but not the watcher", () => {
    expect(breaches("provider-node/src/stages/submit.ts", "../chain/submitter.ts")).to.equal(0);
    expect(breaches("provider-node/src/stages/submit.ts", "../chain/watcher.ts")).to.equal(1);
  });

  it("keep the packages from each other's insides", () => {
    expect(breaches("scripts/demo/main.ts", "../../provider-node/src/main.ts", "@touchstone/sdk")).to.equal(1);
    expect(breaches("provider-node/src/main.ts", "../../client-sdk/src/index.ts", "@touchstone/sdk")).to.equal(1);
  });

  it("see re-exports, dynamic imports and Solidity", () => {
    expect(breachesOf("provider-node/src/engine/llama.ts", 'export * from "../store/jobs.ts";')).to.have.length(1);
    expect(breachesOf("provider-node/src/engine/llama.ts", 'await import("../store/jobs.ts");')).to.have.length(1);
    expect(breachesOf("contracts/market/Jobs.sol", 'import {X} from "../dev/X.sol";\n')).to.have.length(1);
  });

  it("want every file to belong to one", () => {
    expect(breaches("elsewhere/file.ts")).to.equal(1);
  });
});
