import { expect } from "chai";
import { type LocalChain, startChain } from "../../scripts/network/chain.ts";
import { marketClient } from "../../scripts/network/clients.ts";
import { deployMarket } from "../../scripts/network/deploy.ts";
import {
  localCourtParameters,
  localParameters,
  publicCourtParameters,
  publicParameters,
} from "../../scripts/network/parameters.ts";

const NETWORKS = {
  public: [publicParameters, publicCourtParameters],
  local: [localParameters, localCourtParameters],
} as const;

describe("SDK: a deployment", function () {
  this.timeout(120_000);
  let chain: LocalChain;
  before(async () => {
    chain = await startChain();
  });
  after(() => chain.close());

  for (const [name, [market, court]] of Object.entries(NETWORKS)) {
    it(`binds market and court, whose ${name} parameters fit`, async () => {
      const deployment = await deployMarket(chain.rpcUrl, market, court);
      const reader = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, chain.account(1));
      expect(await reader.getParameters()).to.deep.equal(market);
      expect(await reader.getCourtParameters()).to.deep.equal(court);
      const { seat, credit } = await reader.getSeat();
      expect({ seat, credit }).to.deep.equal({ seat: 0, credit: 0n });
    });
  }
});
