import { createMarketIndex, logsIndex, type MarketIndex, subgraphIndex } from "@touchstone/sdk";
import { expect } from "chai";
import type { Address, PublicClient } from "viem";
import { makeBusy } from "../integration/support/busy-market.ts";
import { startWorld, type World } from "../integration/support/sdk-world.ts";
import { draft, newBuyer } from "../integration/support/trade.ts";
import { answersOf } from "../support/index-answers.ts";
import type { Ground } from "../support/random-market/ground.ts";
import { JOB_PLAYS } from "../support/random-market/job-plays.ts";
import { openMarket } from "../support/random-market/market.ts";
import { MONEY_PLAYS } from "../support/random-market/money-plays.ts";
import { PLAYS, play } from "../support/random-market/play.ts";
import { SubgraphHost } from "../support/subgraph-host/host.ts";
import { loadSubgraph } from "../support/subgraph-host/manifest.ts";
import { type ServedSubgraph, serveSubgraph } from "../support/subgraph-host/serve.ts";

const SEED = 505;
const ACTIONS = 1_200;

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

  describe("of a random market", () => {
    let ground: Ground;
    let pair: Pair;
    before(async () => {
      ground = await openMarket(SEED);
      pair = await Pair.of(ground.client, ground.contracts);
    });
    after(async () => {
      await pair.served.close();
      await ground.close();
    });

    it("both give the same answers, every now and then and at the end", async () => {
      let steps = 0;
      const onStep = async () => {
        steps += 1;
        if (steps % 400 === 0) {
          await pair.agree();
        }
      };
      const { begun } = await play(ground, { actions: ACTIONS, onStep });
      expect([...begun.keys()]).to.have.members(Object.keys(PLAYS));
      const { cases, receipts, market } = await pair.agree();
      expect(cases).to.have.length.above(10);
      expect(receipts).to.have.length.above(2);
      expect(market).to.include({ cases: (cases as unknown[]).length, receipts: (receipts as unknown[]).length });
    });

    it("both forget what a reorganisation took back, however deep", async () => {
      for (const actions of [20, 150]) {
        const takeBack = await ground.snapshot();
        await play(ground, { actions, plays: Object.keys(JOB_PLAYS) });
        const before = await pair.agree();
        await takeBack();
        await play(ground, { actions, plays: Object.keys(MONEY_PLAYS) });
        expect((await pair.agree()).jobs).to.not.deep.equal(before.jobs);
      }
      expect(pair.host.reverted).to.be.above(150);
    });

    it("an index from a cache agrees with both", async () => {
      let kept: string | undefined;
      const cache = {
        load: () => Promise.resolve(kept),
        save(text: string) {
          kept = text;
          return Promise.resolve();
        },
      };
      const { client, contracts } = ground;
      await logsIndex({ client, market: contracts.market, cache }).refresh();
      expect(kept).to.be.a("string");
      const again = logsIndex({ client, market: contracts.market, cache });
      expect(await answersOf(again)).to.deep.equal(await answersOf(pair.subgraph));
    });
  });
});
