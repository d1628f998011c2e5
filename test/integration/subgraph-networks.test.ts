import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { ROOT } from "../../scripts/lib/paths.ts";
import { startChain } from "../../scripts/network/chain.ts";
import { deployMarket } from "../../scripts/network/deploy.ts";
import { localCourtParameters, localParameters } from "../../scripts/network/parameters.ts";

describe("the subgraph's networks", () => {
  it("have the addresses that a local network gets", async () => {
    const { hardhat } = JSON.parse(readFileSync(path.join(ROOT, "subgraph", "networks.json"), "utf8"));
    const chain = await startChain();
    try {
      const { market, court } = await deployMarket(chain.rpcUrl, localParameters, localCourtParameters);
      expect([hardhat.Market.address, hardhat.Court.address]).to.deep.equal([market, court]);
    } finally {
      await chain.close();
    }
  }).timeout(60_000);
});
