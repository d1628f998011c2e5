import { expect } from "chai";
import type { Ground } from "../support/random-market/ground.ts";
import { openMarket } from "../support/random-market/market.ts";
import { play } from "../support/random-market/play.ts";
import { RARITIES } from "../support/random-market/rarities.ts";
import { rootFieldsOf } from "../support/subgraph-host/api-schema.ts";
import type { SubgraphHost } from "../support/subgraph-host/host.ts";
import { type ServedSubgraph, serveSubgraph } from "../support/subgraph-host/serve.ts";
import { expectTrue, truthOf } from "../support/subgraph-truth/compare.ts";
import { contentsOf, handlersOf, hostOf, withoutHandler } from "../support/subgraph-truth/indexed.ts";

const SEED = 1;
const ACTIONS = 400;
/** Of a market that is looked at all the time, every so many steps. */
const CLOSE_SEED = 2;
const CLOSELY = 30;
/** Jobs, cases and demands that are left in the middle, so that what only matters until they end can be seen. */
const LATER = 150;
const UNDER_WAY = [
  "pool",
  "challenged",
  "answeredSeat",
  "answeredClient",
  "completed",
  "ordered",
  "staking",
  "bonding",
];

describe("the subgraph", function () {
  this.timeout(120_000);
  let ground: Ground;
  let host: SubgraphHost;
  before(async () => {
    ground = await openMarket(SEED);
    await play(ground, { actions: ACTIONS });
    await play(ground, { actions: LATER, plays: UNDER_WAY, isBrokenOff: true });
    host = hostOf(ground);
    await host.sync();
  });
  after(() => ground.close());

  it("holds what the contracts say, in every field of every entity", async () => {
    await expectTrue(host, await truthOf(ground));
  });

  it("holds it at every moment, and after what is rare", async () => {
    const close = await openMarket(CLOSE_SEED);
    const follower = hostOf(close);
    const look = async () => {
      await follower.sync();
      await expectTrue(follower, await truthOf(close));
    };
    let steps = 0;
    const onStep = async () => {
      steps += 1;
      if (steps % CLOSELY === 0) await look();
    };
    await play(close, { actions: ACTIONS, onStep });
    for (const bringAbout of Object.values(RARITIES)) {
      await bringAbout(close);
      await look();
    }
    await close.close();
  });

  it("was told every event, and had nothing to complain of", () => {
    expect([...host.runs.keys()].sort()).to.deep.equal(handlersOf(host.subgraph).sort());
    expect(host.messages).to.deep.equal([]);
  });

  it("is found wrong where it passes over an event", async () => {
    const truth = await truthOf(ground);
    for (const handler of [
      "handleReserveSpent",
      "handlePenaltyPooled",
      "handleSeatPenalised",
      "handleEncumbered",
      "handleFeesCollected",
    ]) {
      const deaf = hostOf(ground, withoutHandler(host.subgraph, handler));
      await deaf.sync();
      const failure = await expectTrue(deaf, truth).then(
        () => undefined,
        (error: Error) => error,
      );
      expect(failure, handler).to.include({ name: "AssertionError" });
    }
  });

  it("takes back what the chain takes back", async () => {
    const restore = await ground.snapshot();
    await play(ground, { actions: 60, plays: ["convicted", "ordered", "crowd", "cancelled", "visitor"] });
    await host.sync();
    await restore();
    await play(ground, { actions: 40, plays: ["acquitted", "declinedLate", "crowd", "moves"] });
    await host.sync();
    expect(host.reverted).to.be.greaterThan(0);

    await expectTrue(host, await truthOf(ground));
    const fresh = hostOf(ground);
    await fresh.sync();
    expect(contentsOf(host)).to.deep.equal(contentsOf(fresh));
  });

  describe("asked in GraphQL", () => {
    let served: ServedSubgraph;
    before(async () => {
      served = await serveSubgraph(host);
    });
    after(() => served.close());

    async function ask(query: string, variables: Record<string, unknown> = {}) {
      const response = await fetch(served.url, { method: "POST", body: JSON.stringify({ query, variables }) });
      const { data, errors } = await response.json();
      if (errors !== undefined) throw new Error(errors[0].message);
      return data;
    }

    it("says up to where it knows", async () => {
      const block = await ground.client.getBlock();
      const { _meta: meta } = await ask("{ _meta { block { number hash parentHash timestamp } hasIndexingErrors } }");
      const { number, hash, parentHash, timestamp } = block;
      expect(meta).to.deep.equal({
        block: { number: Number(number), hash, parentHash, timestamp: Number(timestamp) },
        hasIndexingErrors: false,
      });
    });

    it("has the root fields that the readme shows", () => {
      const names = ["Provider", "Job", "Case", "OperatorKey", "MarketStat"].map((type) => rootFieldsOf(type).many);
      expect(names).to.deep.equal(["providers", "jobs", "cases", "operatorKeys", "marketStats"]);
      expect(rootFieldsOf("MarketStats").many).to.equal("marketStats_collection");
    });

    it("gives all jobs of a client, page by page, newest first", async () => {
      const client = host.store.all("Job")[0]?.client;
      const seen: { id: string; postedAt: string }[] = [];
      for (;;) {
        const { id = "0x", postedAt = "9999999999" } = seen.at(-1) ?? {};
        const { jobs } = await ask(
          `query($client: String!, $at: BigInt!, $id: Bytes!) {
            jobs(first: 3, orderBy: postedAt, orderDirection: desc, where: {and: [
              {client: $client}, {or: [{postedAt_lt: $at}, {postedAt: $at, id_lt: $id}]}]}) { id postedAt }
          }`,
          { client, at: postedAt, id },
        );
        seen.push(...jobs);
        if (jobs.length < 3) break;
      }
      const all = host.store.all("Job").filter((job) => job.client === client);
      expect(seen.map((job) => job.id).sort()).to.deep.equal(all.map((job) => job.id).sort());
      const times = seen.map(({ postedAt }) => BigInt(postedAt));
      expect(times).to.deep.equal(times.toSorted((a, b) => Number(b - a)));
    });

    it("follows references both ways", async () => {
      const { cases } = await ask(
        "{ cases(first: 1, where: {tier: 2, isReceipt: false}) { id seats(orderBy: position) { position seat { id } } provider { id } } }",
      );
      const [one] = cases;
      const places = host.store.all("CaseSeat").filter((place) => place.case === one.id);
      const inOrder = places.sort((a, b) => (a.position as number) - (b.position as number));
      expect(one.seats).to.deep.equal(inOrder.map(({ position, seat }) => ({ position, seat: { id: seat } })));
      expect(one.provider.id).to.equal(host.store.get("Case", one.id)?.provider);
    });

    it("sums up hours and days, and leaves out the one that is not over unless it is asked for", async () => {
      const { all, over } = await ask(
        "{ all: marketStats(interval: day, current: include) { timestamp posted } over: marketStats(interval: day) { timestamp } }",
      );
      const posted = all.reduce((sum: number, bucket: { posted: string }) => sum + Number(bucket.posted), 0);
      expect(posted).to.equal(host.store.all("Job").length);
      const today = (host.head?.timestamp ?? 0n) / 86_400n;
      const past = all.map(({ timestamp }: { timestamp: string }) => ({ timestamp }));
      expect(over).to.deep.equal(
        past.filter(({ timestamp }: { timestamp: string }) => BigInt(timestamp) / 86_400_000_000n < today),
      );
    });

    it("knows what was before", async () => {
      const job = host.store.all("Job").find((one) => one.acceptedAt !== undefined);
      const [posted] = host.store.all("JobStep").filter((step) => step.job === job?.id && step.kind === "JobPosted");
      const { then, now } = await ask(
        "query($id: ID!, $at: Int!) { then: job(id: $id, block: {number: $at}) { status } now: job(id: $id) { status } }",
        { id: job?.id, at: Number(posted?.block) },
      );
      expect(then.status).to.equal("Open");
      expect(now.status).to.equal(job?.status);
    });

    it("refuses what a Graph node refuses", async () => {
      const refused = [
        "{ jobs(first: 1001) { id } }",
        "{ jobs(where: {price_gt: 1, or: [{price_lt: 5}]}) { id } }",
        "{ jobs(block: {number: 99999999}) { id } }",
        "{ marketStats { posted } }",
        "{ jobs { unheard } }",
      ];
      for (const query of refused)
        expect(await ask(query).catch((error: Error) => error), query).to.be.instanceOf(Error);
    });
  });
});
