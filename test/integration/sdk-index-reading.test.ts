import {
  createMarketIndex,
  type IndexCache,
  type LogsParameters,
  type MarketIndex,
  type TouchstoneError,
  webStorageCache,
} from "@touchstone/sdk";
import { expect } from "chai";
import { createPublicClient, type Hex, http, zeroAddress } from "viem";
import { anvil } from "viem/chains";
import { localParameters } from "../../scripts/network/parameters.ts";
import { answersOf } from "../support/index-answers.ts";
import { makeBusy } from "./support/busy-market.ts";
import { failureOf } from "./support/failure.ts";
import { type FlakyProxy, startFlakyProxy } from "./support/flaky-proxy.ts";
import { startWorld, type World } from "./support/sdk-world.ts";
import { draft, newBuyer } from "./support/trade.ts";

/** What an index asked of the logs, by ranges of blocks. */
interface Range {
  readonly fromBlock: Hex;
  readonly toBlock: Hex;
}

describe("SDK: how an index reads logs", function () {
  this.timeout(180_000);
  let world: World;
  let proxy: FlakyProxy;
  let ranges: { from: bigint; to: bigint }[];
  before(async () => {
    world = await startWorld();
    await makeBusy(world);
    proxy = await startFlakyProxy(world.rpcUrl);
  });
  after(async () => {
    await proxy.stop();
    await world.stop();
  });
  beforeEach(() => {
    ranges = [];
    proxy.alter = (_, result) => result;
    proxy.fault = (method, params) => {
      if (method === "eth_getLogs") {
        const { fromBlock, toBlock } = params[0] as Range;
        ranges.push({ from: BigInt(fromBlock), to: BigInt(toBlock) });
      }
      return undefined;
    };
  });

  const client = () => createPublicClient({ chain: anvil, transport: http(proxy.rpcUrl, { retryCount: 0 }) });
  const newIndex = (changes: Partial<LogsParameters> = {}): MarketIndex =>
    createMarketIndex({ client: client(), market: world.market, refreshMs: 60_000, ...changes });
  const height = () => world.tester.getBlockNumber({ cacheTime: 0 });
  /** What an index that reads everything now answers. */
  const truth = () => answersOf(newIndex());

  /** Keeps text while the test lasts. */
  function memoryCache(text?: string): IndexCache & { text: string | undefined } {
    return {
      text,
      load() {
        return Promise.resolve(this.text);
      },
      save(saved) {
        this.text = saved;
        return Promise.resolve();
      },
    };
  }

  it("answers queries at the same time with one read, and later ones by what it knows", async () => {
    const index = newIndex();
    await Promise.all([index.market(), index.jobs(), index.providers(), index.status()]);
    expect(ranges).to.have.length(1);
    await index.cases();
    expect(ranges).to.have.length(1);
    expect(await index.status()).to.deep.equal({
      source: "logs",
      block: await height(),
      timestamp: await world.now(),
    });
  });

  it("reads on when told to, and not what lies deep", async () => {
    const index = newIndex();
    await index.market();
    const buyer = await newBuyer(world);
    const { job } = await buyer.postJob(draft());
    expect(await index.job(job)).to.equal(undefined);
    const settled = (await index.status()).block - 64n;
    await index.refresh();
    expect(await index.job(job)).to.include({ id: job, client: buyer.account.address });
    expect(ranges.at(-1)).to.deep.equal({ from: settled + 1n, to: await height() });
    const asked = ranges.length;
    await index.refresh();
    expect(ranges).to.have.length(asked); // no block came since
  });

  it("tells what happened before the call, also where it was reading already", async () => {
    const index = newIndex();
    const reading = index.market();
    const buyer = await newBuyer(world);
    const { job } = await buyer.postJob(draft());
    await Promise.all([reading, index.refresh(), index.refresh()]);
    expect(await index.job(job)).to.include({ id: job });
  });

  it("reads on by itself when what it knows is old", async () => {
    const index = newIndex({ refreshMs: 0 });
    const { jobs } = await index.market();
    await (await newBuyer(world)).postJob(draft());
    expect((await index.market()).jobs).to.equal(jobs + 1);
  });

  it("leaves the answers that it gave as they were", async () => {
    const index = newIndex();
    const buyer = await newBuyer(world);
    const { job } = await buyer.postJob(draft());
    await index.refresh();
    const [before, account] = [await index.job(job), await index.account(buyer.account.address)];
    const copies = [{ ...before }, { ...account }];
    await buyer.cancelJob({ job });
    await world.tester.mine({ blocks: 70 });
    await index.refresh();
    expect([before, account]).to.deep.equal(copies);
    expect(await index.job(job)).to.not.deep.equal(before);
  });

  it("forgets what a reorganisation took back", async () => {
    const index = newIndex();
    const buyer = await newBuyer(world);
    await index.refresh();
    const before = await answersOf(index);
    const id = await world.tester.snapshot();
    const { job } = await buyer.postJob(draft());
    await index.refresh();
    expect(await index.job(job)).to.include({ id: job });
    await world.tester.revert({ id });
    await world.tester.mine({ blocks: 2 });
    await index.refresh();
    expect(await answersOf(index)).to.deep.equal(before);
  });

  it("reads everything anew where a reorganisation went deeper than it folds anew", async () => {
    const index = newIndex();
    const buyer = await newBuyer(world);
    const id = await world.tester.snapshot();
    const { job } = await buyer.postJob(draft());
    await world.tester.mine({ blocks: 100 });
    await index.refresh();
    expect(await index.job(job)).to.include({ id: job });
    await world.tester.revert({ id });
    await buyer.postJob(draft({ price: 7n }));
    await world.tester.mine({ blocks: 200 });
    await index.refresh();
    expect(await index.job(job)).to.equal(undefined);
    expect(await answersOf(index)).to.deep.equal(await truth());
  });

  it("starts where its cache ended", async () => {
    const cache = memoryCache();
    await newIndex({ cache }).market();
    const settled = (await height()) - 64n;
    await (await newBuyer(world)).postJob(draft());
    ranges = [];
    const again = newIndex({ cache });
    const answers = await answersOf(again);
    expect(ranges.map(({ from }) => from)).to.deep.equal([settled + 1n]);
    expect(answers).to.deep.equal(await truth());
  });

  it("drops a cache of another version, market or chain, or of a block that is not there, or that is no cache", async () => {
    const kept = memoryCache();
    await newIndex({ cache: kept }).market();
    const text = kept.text as string;
    const snapshot = JSON.parse(text) as Record<string, unknown>;
    const rows = snapshot.rows as Record<string, Record<string, unknown>[]>;
    const lie = { ...rows.accounts![0], balance: "999999999999" };
    const changes: Record<string, unknown>[] = [
      { version: 0 },
      { market: zeroAddress },
      { chainId: 1 },
      { court: null },
      { fromBlock: "3" },
      { hash: `0x${"12".repeat(32)}`, rows: { ...rows, accounts: [lie, ...rows.accounts!.slice(1)] } },
      { block: "99999999" },
      { rows: { ...rows, jobs: [{ ...rows.jobs![0], price: -1 }] } },
      { rows: {} },
    ];
    const texts = [...changes.map((change) => JSON.stringify({ ...snapshot, ...change })), "", "{", "null", "[1]"];
    const right = await truth();
    for (const wrong of texts) {
      ranges = [];
      expect(await answersOf(newIndex({ cache: memoryCache(wrong) }))).to.deep.equal(right);
      expect(ranges[0]!.from).to.equal(0n);
    }
  });

  it("goes on without a cache that fails, and says so", async () => {
    const told: TouchstoneError[] = [];
    const fail = () => Promise.reject(new Error("no"));
    const index = newIndex({ cache: { load: fail, save: fail }, onError: (error) => told.push(error) });
    expect((await index.market()).jobs).to.be.above(0);
    expect(told.map(({ code }) => code)).to.deep.equal(["INDEX_CACHE_FAILED", "INDEX_CACHE_FAILED"]);
  });

  it("keeps itself in a browser's storage", async () => {
    const stored = new Map<string, string>();
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    };
    await newIndex({ cache: webStorageCache(storage, "here") }).market();
    ranges = [];
    await newIndex({ cache: webStorageCache(storage, "here") }).market();
    expect(ranges[0]!.from).to.be.above(0n);
  });

  it("fails with a typed error while the server does, and answers after", async () => {
    const index = newIndex({ refreshMs: 0 });
    const { fault } = proxy;
    proxy.fault = () => "drop";
    expect(await failureOf(index.market())).to.include({ code: "RPC_FAILED", retryable: true });
    proxy.fault = (method) => (method === "eth_getLogs" ? "drop" : undefined);
    expect(await failureOf(index.jobs())).to.include({ code: "RPC_FAILED" });
    proxy.fault = fault;
    expect(await answersOf(index)).to.deep.equal(await truth());
  });

  it("asks in halves where the server finds a range too long, and for times that logs come without", async () => {
    const right = await truth();
    proxy.fault = (method, params) => {
      const { fromBlock, toBlock } = (params[0] ?? {}) as Partial<Range>;
      const isLong = method === "eth_getLogs" && BigInt(toBlock!) - BigInt(fromBlock!) > 30n;
      return isLong ? { error: { code: -32005, message: "range too long" } } : undefined;
    };
    proxy.alter = (method, result) =>
      method === "eth_getLogs" ? (result as object[]).map((log) => ({ ...log, blockTimestamp: undefined })) : result;
    expect(await answersOf(newIndex())).to.deep.equal(right);
    expect(proxy.asked).to.include("eth_getBlockByNumber");
  });

  it("says that events are missing where it is told to begin too late", async () => {
    const late = newIndex({ fromBlock: await blockOfFirstAccept() });
    expect(await failureOf(late.market())).to.include({ code: "INDEX_EVENTS_INCONSISTENT" });
    expect(await failureOf(late.market())).to.include({ code: "INDEX_EVENTS_INCONSISTENT" });
  });

  async function blockOfFirstAccept(): Promise<bigint> {
    const jobs = await newIndex().jobs({ first: 1000 });
    const { steps } = (await newIndex().job(jobs.findLast(({ acceptedAt }) => acceptedAt !== undefined)!.id))!;
    return steps.find(({ kind }) => kind === "JobAccepted")!.block;
  }

  it("reads a market that has no court", async () => {
    const market = await world.deploy("Market.sol/Market", [world.token, zeroAddress, localParameters]);
    const index = newIndex({ market });
    expect(await index.market()).to.include({ jobs: 0, updatedAt: 0, pool: 0n });
    expect(await index.seats()).to.deep.equal([]);
    expect(await index.jobs()).to.deep.equal([]);
    expect(await index.marketStats({ interval: "day" })).to.deep.equal([]);
  });

  it("says that there is no market where there is none", async () => {
    const index = newIndex({ market: world.tester.account.address });
    expect(await failureOf(index.market())).to.include({ code: "MARKET_MISSING" });
  });
});
