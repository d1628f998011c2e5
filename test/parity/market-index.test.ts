import { createMarketIndex, logsIndex, type MarketIndex, subgraphIndex } from "@touchstone/sdk";
import { expect } from "chai";
import type { Address, PublicClient } from "viem";
import { makeBusy } from "../integration/support/busy-market.ts";
import { startWorld, type World } from "../integration/support/sdk-world.ts";
import { draft, newBuyer } from "../integration/support/trade.ts";
import { answersOf } from "../support/index-answers.ts";
import { SubgraphHost } from "../support/subgraph-host/host.ts";
import { loadSubgraph } from "../support/subgraph-host/manifest.ts";
import { type ServedSubgraph, serveSubgraph } from "../support/subgraph-host/serve.ts";

/** Both sources of one market's history. */
class Pair {
  readonly host: SubgraphHost;
  readonly served: ServedSubgraph;
  readonly logs: MarketIndex;
  readonly subgraph: MarketIndex;

  constructor(host: SubgraphHost, served: ServedSubgraph, client: PublicClient, market: Address) {
    this.host = host;
    this.served = served;
    this.logs = logsIndex({ client, market, refreshMs: 3_600_000 });
    this.subgraph = subgraphIndex({ market, url: served.url });
  }

  static async of(client: PublicClient, { market, court }: { readonly market: Address; readonly court: Address }) {
    const subgraph = await loadSubgraph("subgraph/build");
    const host = new SubgraphHost({ subgraph, client, addresses: { Market: market, Court: court } });
    return new Pair(host, await serveSubgraph(host), client, market);
  }

  /** Asks both everything. */
  async agree(): Promise<Record<string, unknown>> {
    await Promise.all([this.host.sync(), this.logs.refresh()]);
    const told = await answersOf(this.logs);
    const other = await answersOf(this.subgraph);
    for (const [query, answer] of Object.entries(told)) {
      expect(other[query], query).to.deep.equal(answer);
    }
    const { source: _, ...status } = await this.logs.status();
    expect(await this.subgraph.status()).to.deep.equal({ source: "subgraph", ...status });
    return told;
  }
}

describe("parity: the index of logs and the subgraph", function () {
  this.timeout(180_000);

  describe("where one of everything happened", () => {
    let world: World;
    let pair: Pair;
    before(async () => {
      world = await startWorld();
      pair = await Pair.of(world.tester as unknown as PublicClient, world);
    });
    after(async () => {
      await pair.served.close();
      await world.stop();
    });

    it("both know a market of which nothing is to be told yet", async () => {
      const { jobs, market } = await pair.agree();
      expect(jobs).to.deep.equal([]);
      expect(market).to.include({ jobs: 0 });
    });

    it("both give the same answers", async () => {
      await makeBusy(world);
      const { jobs } = await pair.agree();
      expect(jobs).to.have.length.above(10);
    });

    it("both forget what a reorganisation took back", async () => {
      const buyer = await newBuyer(world);
      const id = await world.tester.snapshot();
      const { job } = await buyer.postJob(draft());
      await pair.agree();
      expect(await pair.subgraph.job(job)).to.include({ id: job });
      await world.tester.revert({ id });
      await buyer.postJob(draft({ price: 5n }));
      await pair.agree();
      expect(await pair.subgraph.job(job)).to.equal(undefined);
    });

    it("an index with both asks the subgraph", async () => {
      const { url } = pair.served;
      const index = createMarketIndex({ client: world.tester, market: world.market, subgraph: url });
      expect(await index.status()).to.include({ source: "subgraph", behind: 0n });
      expect(await answersOf(index)).to.deep.equal(await answersOf(pair.logs));
    });
  });
});
