import {
  type CreateMarketIndexParameters,
  createMarketIndex,
  type MarketIndex,
  subgraphIndex,
  type TouchstoneError,
} from "@touchstone/sdk";
import { expect } from "chai";
import { type Address, createPublicClient, http, numberToHex, zeroAddress, zeroHash } from "viem";
import { anvil } from "viem/chains";
import { failureOf } from "./support/failure.ts";
import { type FlakyProxy, startFlakyProxy } from "./support/flaky-proxy.ts";
import { type ScriptedSubgraph, scriptSubgraph } from "./support/scripted-subgraph.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { draft, newBuyer } from "./support/trade.ts";

describe("SDK: which source an index asks", function () {
  this.timeout(60_000);
  let world: World;
  let proxy: FlakyProxy;
  let subgraph: ScriptedSubgraph;
  let told: TouchstoneError[];
  before(async () => {
    world = await startWorld();
    await (await newBuyer(world)).postJob(draft());
    proxy = await startFlakyProxy(world.rpcUrl);
    subgraph = await scriptSubgraph();
  });
  after(async () => {
    await subgraph.close();
    await proxy.stop();
    await world.stop();
  });
  beforeEach(async () => {
    told = [];
    proxy.fault = () => undefined;
    subgraph.instead = undefined;
    subgraph.asked.length = 0;
    await answerWell();
  });

  const newIndex = (changes: Partial<CreateMarketIndexParameters> = {}): MarketIndex =>
    createMarketIndex({
      client: createPublicClient({ chain: anvil, transport: http(proxy.rpcUrl, { retryCount: 0 }) }),
      ...{ market: world.market, subgraph: subgraph.url, onError: (error) => told.push(error), ...changes },
    });

  /** A subgraph that knows up to some block, of some market, and counts 77 jobs: so one sees who answers. */
  async function answerWell(changes: { block?: bigint; timestamp?: number; market?: Address } = {}): Promise<void> {
    const { number, timestamp } = await world.tester.getBlock();
    const block = { number: Number(changes.block ?? number), timestamp: changes.timestamp ?? Number(timestamp) };
    const market = (changes.market ?? world.market).toLowerCase();
    const sums = ["pool", "volume", "fees", "refunded", "penalties", "slashed", "burned"].map((name) => [name, "0"]);
    const counts = ["openJobs", "providers", "seats", "cases", "convictions", "receipts"].map((name) => [name, 0]);
    const one = { address: market, jobs: 77, updatedAt: "5", ...Object.fromEntries([...sums, ...counts]) };
    subgraph.answer = (query) =>
      query.includes("_meta") ? { data: { _meta: { block }, markets: [{ id: market }] } } : { data: { one } };
  }

  it("asks a subgraph that is well, and says so", async () => {
    const index = newIndex();
    expect(await index.market()).to.include({ jobs: 77, updatedAt: 5, address: await marketAddress() });
    const { number, timestamp } = await world.tester.getBlock();
    const status = { source: "subgraph", block: number, timestamp: Number(timestamp), behind: 0n };
    expect(await index.status()).to.deep.equal(status);
    expect(told).to.deep.equal([]);
  });

  const marketAddress = async () =>
    (await createMarketIndex({ client: world.tester, market: world.market }).market()).address;

  for (const [what, code, spoil] of [
    ["answers with a page", "SUBGRAPH_INVALID", (s: ScriptedSubgraph) => (s.instead = (r) => r.end("<html>"))],
    ["answers with another shape", "SUBGRAPH_INVALID", (s) => (s.answer = () => ({ data: { _meta: null } }))],
    ["refuses the query", "SUBGRAPH_FAILED", (s) => (s.answer = () => ({ errors: [{ message: "indexing_error" }] }))],
    ["answers with a status", "SUBGRAPH_UNREACHABLE", (s) => (s.instead = (r) => r.writeHead(502).end())],
    ["hangs up", "SUBGRAPH_UNREACHABLE", (s) => (s.instead = (r) => r.destroy())],
  ] satisfies [string, string, (subgraph: ScriptedSubgraph) => void][]) {
    it(`reads logs where the subgraph ${what}`, async () => {
      spoil(subgraph);
      const index = newIndex();
      expect(await index.market()).to.include({ jobs: 1 });
      const { source, failure } = await index.status();
      expect([source, failure?.code]).to.deep.equal(["logs", code]);
      expect(told.map((error) => error.code)).to.deep.equal([code]);
      expect(await index.jobs()).to.have.length(1);
      expect(subgraph.asked).to.have.length(1); // it is not asked again at once
    });
  }

  it("reads logs where the subgraph does not answer in time", async () => {
    subgraph.instead = () => undefined;
    const index = newIndex({ subgraph: { url: subgraph.url, timeoutMs: 50 } });
    expect(await index.market()).to.include({ jobs: 1 });
    expect((await index.status()).failure).to.include({ code: "SUBGRAPH_UNREACHABLE", retryable: true });
  });

  it("reads logs where there is no subgraph at the address", async () => {
    const index = newIndex({ subgraph: "http://127.0.0.1:9/none" });
    expect(await index.market()).to.include({ jobs: 1 });
    expect((await index.status()).failure).to.include({ code: "SUBGRAPH_UNREACHABLE" });
  });

  it("reads logs where the subgraph is of another market", async () => {
    await answerWell({ market: zeroAddress });
    const index = newIndex();
    expect(await index.market()).to.include({ jobs: 1 });
    expect((await index.status()).failure).to.include({ code: "SUBGRAPH_WRONG_MARKET", retryable: false });
  });

  it("reads logs where the subgraph is too far behind the chain, by time", async () => {
    const { number, timestamp } = await world.tester.getBlock();
    await answerWell({ block: number - 3n, timestamp: Number(timestamp) - 121 });
    const index = newIndex();
    expect(await index.market()).to.include({ jobs: 1 });
    expect((await index.status()).failure).to.include({ code: "SUBGRAPH_BEHIND" });
    const patient = newIndex({ maxBehind: 121 });
    expect(await patient.market()).to.include({ jobs: 77 });
    expect(await patient.status()).to.include({ source: "subgraph", behind: 3n });
  });

  it("takes a subgraph for well that knows the latest block, however long ago that was", async () => {
    const { number, timestamp } = await world.tester.getBlock();
    await answerWell({ block: number, timestamp: Number(timestamp) - 10_000 });
    expect(await newIndex().status()).to.include({ source: "subgraph" });
  });

  it("answers by the logs a query in whose midst the subgraph fails", async () => {
    const index = newIndex();
    expect(await index.market()).to.include({ jobs: 77 });
    subgraph.answer = () => ({ errors: [{ message: "store error" }] });
    expect(await index.market()).to.include({ jobs: 1 });
    expect((await index.status()).source).to.equal("logs");
    expect(told.map(({ code }) => code)).to.deep.equal(["SUBGRAPH_FAILED"]);
  });

  it("goes back to the subgraph when it is well again", async () => {
    const { answer } = subgraph;
    subgraph.answer = () => ({ errors: [{ message: "store error" }] });
    const index = newIndex();
    expect(await index.market()).to.include({ jobs: 1 });
    subgraph.answer = answer;
    expect(await index.market()).to.include({ jobs: 1 });
    await index.refresh();
    expect(await index.market()).to.include({ jobs: 77 });
  });

  it("looks at a subgraph that failed again by itself, after half a minute", async () => {
    const { answer } = subgraph;
    subgraph.answer = () => ({ errors: [{ message: "store error" }] });
    const index = newIndex();
    expect(await index.market()).to.include({ jobs: 1 });
    subgraph.answer = answer;
    const now = performance.now.bind(performance);
    try {
      performance.now = () => now() + 29_000;
      expect(await index.market()).to.include({ jobs: 1 });
      performance.now = () => now() + 31_000;
      expect(await index.market()).to.include({ jobs: 77 });
    } finally {
      performance.now = now;
    }
  });

  it("asks the subgraph alone where the chain cannot be asked", async () => {
    proxy.fault = () => "drop";
    const index = newIndex();
    expect(await index.market()).to.include({ jobs: 77 });
    subgraph.instead = (response) => response.destroy();
    await index.refresh().catch(() => undefined);
    expect(await failureOf(index.market())).to.include({ code: "RPC_FAILED" });
  });

  it("blames neither source for a question that makes no sense", async () => {
    const wrong: [string, (index: MarketIndex) => Promise<unknown>][] = [
      ["first", (index) => index.jobs({ first: 0 })],
      ["first", (index) => index.jobs({ first: 1001 })],
      ["first", (index) => index.cases({ first: 1.5 })],
      ["before.postedAt", (index) => index.jobs({ before: { id: zeroHash, postedAt: -1 } })],
      ["before.id", (index) => index.jobs({ before: { id: "0x12", postedAt: 1 } })],
      ["before.job", (index) => index.receipts({ before: { job: "0x", broughtAt: 1 } })],
      ["client", (index) => index.jobs({ client: "0x12" })],
      ["status", (index) => index.jobs({ status: 9 as 1 })],
      ["from", (index) => index.marketStats({ interval: "day", from: Number.NaN })],
      ["interval", (index) => index.caseStats({ interval: "week" as "day" })],
      ["provider", (index) => index.providerStats({ interval: "day", provider: "0xZ" as Address })],
      ["must be", (index) => index.account("0x1234")],
      ["must be", (index) => index.job("0x1234")],
      ["", (index) => index.seat(0)],
      ["job", (index) => index.demands({ job: "0x" })],
      ["sort", (index) => index.jobs({ sort: "price" } as object)],
    ];
    const logs = createMarketIndex({ client: world.tester, market: world.market });
    for (const index of [logs, newIndex()]) {
      for (const [field, ask] of wrong) {
        const error = await failureOf(ask(index));
        expect(error).to.include({ code: "INDEX_QUERY_INVALID", retryable: false });
        expect(error.message).to.include(field);
      }
    }
    expect(told).to.deep.equal([]);
  });

  it("asks a subgraph page by page for lists that are longer than a page", async () => {
    const id = (number: number) => numberToHex(number, { size: 32 });
    const model = (number: number) => ({ id: id(number), verified: true, seats: 0, jobs: 1, volume: "3" });
    subgraph.answer = (query) => {
      const after = Number(/id_gt: "(0x\w+)"/.exec(query)?.[1] ?? 0);
      const page = Array.from({ length: Math.min(1000, 2500 - after) }, (_, index) => model(after + index + 1));
      return { data: { page } };
    };
    const index = subgraphIndex({ url: subgraph.url, market: world.market });
    const models = await index.models();
    expect(models.map((one) => one.id)).to.deep.equal(Array.from({ length: 2500 }, (_, number) => id(number + 1)));
    expect(subgraph.asked).to.have.length(3);
    subgraph.answer = () => ({ data: { page: Array.from({ length: 1000 }, () => model(7)) } });
    expect(await failureOf(index.models())).to.include({ code: "SUBGRAPH_INVALID" });
  });

  it("asks for statistics page by page, through hours that more than a page of models share", async () => {
    const hours = [7_200, 3_600].flatMap((timestamp) =>
      Array.from({ length: timestamp === 7_200 ? 1_500 : 700 }, (_, number) => ({
        ...{ timestamp: `${timestamp}000000`, model: numberToHex(number, { size: 32 }) },
        ...{ posted: "1", settled: "0", refunded: "0", volume: "0", paid: "0", fees: "0", penalties: "0" },
      })),
    );
    subgraph.answer = (query) => {
      const end = BigInt(/timestamp_lt: "(\d+)"/.exec(query)?.[1] ?? 10n ** 18n);
      const skip = Number(/skip: (\d+)/.exec(query)?.[1]);
      const page = hours.filter(({ timestamp }) => BigInt(timestamp) < end).slice(skip, skip + 1_000);
      return { data: { page } };
    };
    const stats = await subgraphIndex({ url: subgraph.url, market: world.market }).modelStats({ interval: "hour" });
    expect(stats).to.have.length(2_200);
    expect(new Set(stats.map(({ timestamp, model }) => `${timestamp}/${model}`)).size).to.equal(2_200);
    expect([stats[0]?.timestamp, stats.at(-1)?.timestamp]).to.deep.equal([3_600, 7_200]);
    expect(subgraph.asked[0]).to.include("current: include");
  });
});
