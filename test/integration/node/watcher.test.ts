import { marketAbi } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { connect } from "../../../provider-node/src/chain/rpc.ts";
import { type ChainEvent, type WatcherOptions, watch } from "../../../provider-node/src/chain/watcher.ts";
import { systemClock } from "../../../provider-node/src/clock.ts";
import { silentLogger } from "../../../provider-node/src/logger.ts";
import type { BlockRef } from "../../../provider-node/src/store/blocks.ts";
import { startFlakyProxy } from "../support/flaky-proxy.ts";
import { chance } from "./support/chance.ts";
import { type FaultyRpc, startFaultyRpc } from "./support/proxy.ts";
import { until } from "./support/running.ts";
import { World } from "./support/world.ts";

/** A chain as a listener rebuilds it from what a watcher says. */
class Listener {
  readonly events: ChainEvent[] = [];
  chain: BlockRef[] = [];
  final = -1;
  readonly logs = new Map<number, string[]>();
  failure: unknown;
  readonly #controller = new AbortController();
  readonly done: Promise<void>;

  constructor(options: Omit<WatcherOptions, "signal" | "clock" | "logger">) {
    const rest = { clock: systemClock, logger: silentLogger, signal: this.#controller.signal };
    this.chain = [...options.known];
    this.done = this.#listen(watch({ ...options, ...rest }));
  }

  get head(): number {
    return this.chain.at(-1)?.number ?? -1;
  }

  async stop(): Promise<void> {
    this.#controller.abort(new Error("stop"));
    await this.done;
  }

  async #listen(events: AsyncIterable<ChainEvent>): Promise<void> {
    try {
      for await (const event of events) {
        this.#take(event);
      }
    } catch (error) {
      this.failure = error;
    }
  }

  #take(event: ChainEvent): void {
    this.events.push(event);
    if (event.type === "block") {
      const { number, parentHash } = event.block;
      const before = this.chain.at(-1);
      if (before !== undefined && number === before.number + 1) {
        expect(parentHash).to.equal(before.hash);
      }
      expect(number).to.be.greaterThan(this.head);
      this.chain.push(event.block);
      this.logs.set(
        number,
        event.logs.map(({ eventName }) => eventName),
      );
    } else if (event.type === "reorg") {
      expect(event.ancestor.number).to.be.at.least(this.final);
      this.chain = this.chain.filter(({ number }) => number <= event.ancestor.number);
      for (const number of [...this.logs.keys()].filter((each) => each > event.ancestor.number)) {
        this.logs.delete(number);
      }
      expect(this.chain.at(-1)?.hash).to.equal(event.ancestor.hash);
    } else {
      expect(event.block.number).to.be.greaterThan(this.final);
      this.final = event.block.number;
      this.chain = this.chain.filter(({ number }) => number >= this.final);
    }
  }
}

describe("the watcher", () => {
  let world: World;
  let rpc: FaultyRpc;
  let listener: Listener | undefined;

  beforeEach(async () => {
    world = await World.start();
    rpc = await startFaultyRpc(world.chain.rpcUrl);
  });

  afterEach(async () => {
    await listener?.stop();
    listener = undefined;
    await rpc.close();
    await world.close();
  });

  function listen(options: Partial<WatcherOptions> & { readonly rpcUrls?: readonly string[] } = {}): Listener {
    const { rpcUrls = [rpc.url], ...rest } = options;
    const client = connect({ rpcUrls, timeoutMs: 150 });
    const standard = { market: world.market, known: [], lookbackBlocks: 0, finalityDepth: 5, pollIntervalMs: 20 };
    listener = new Listener({ client, ...standard, ...rest });
    return listener;
  }

  const height = async () => Number(await world.chain.client.getBlockNumber());

  /** Waits until the listener has the whole chain as it is, block by block. */
  async function untilSame(heard: Listener): Promise<void> {
    const newest = () => world.chain.client.getBlock();
    await until(newest, ({ hash }) => heard.chain.at(-1)?.hash === hash);
    for (const { number, hash } of heard.chain) {
      const block = await world.chain.client.getBlock({ blockNumber: BigInt(number) });
      expect(hash, `block ${number}`).to.equal(block.hash);
    }
  }

  it("tells every block with the market's logs, and what is final", async () => {
    const heard = listen();
    await until(
      () => heard.head,
      (head) => head >= 0,
    );
    await world.as(world.buyer, "reserve", [5n]);
    const at = await height();
    for (let round = 0; round < 5; round++) {
      await untilSame(heard);
      await world.chain.client.mine({ blocks: 4 });
    }
    await untilSame(heard);
    expect(heard.logs.get(at)).to.deep.equal(["Reserved"]);
    expect(heard.final).to.equal((await height()) - 5);
    const numbers = heard.events.flatMap((event) => (event.type === "block" ? [event.block.number] : []));
    const [first = 0] = numbers;
    expect(numbers).to.deep.equal(numbers.map((_, index) => first + index));
  });

  for (const depth of [1, 3, 64]) {
    it(`finds the common ancestor of a reorg ${depth} deep, and tells the new blocks`, async () => {
      await world.chain.client.mine({ blocks: 80 });
      const heard = listen({ finalityDepth: 70 });
      await untilSame(heard);
      const before = await height();
      await world.chain.reorg(depth);
      await untilSame(heard);
      await world.chain.client.mine({ blocks: 1 });
      await untilSame(heard);
      const reorgs = heard.events.flatMap((event) => (event.type === "reorg" ? [event.ancestor.number] : []));
      expect(reorgs).to.deep.equal([before - depth]);
    });
  }

  it("finds a reorg that happened while it was away", async () => {
    await world.chain.client.mine({ blocks: 20 });
    const first = listen({ finalityDepth: 15 });
    await untilSame(first);
    await first.stop();
    await world.chain.reorg(4);
    await world.chain.client.mine({ blocks: 30 }); // Now what was reorged out is beyond finality, and is leapt over.
    const second = listen({ known: first.chain, finalityDepth: 15 });
    await untilSame(second);
    const reorg = second.events.find(({ type }) => type === "reorg");
    expect(reorg).to.have.nested.property("ancestor.number", first.head - 4);
  });

  it("halts loudly when the chain contradicts what was final", async () => {
    await world.chain.client.mine({ blocks: 20 });
    const heard = listen();
    await untilSame(heard);
    await world.chain.client.mine({ blocks: 3 });
    await until(
      () => heard.final,
      (final) => final > 10,
    );
    await world.chain.reorg(10);
    await heard.done;
    expect(heard.failure).to.include({ code: "REORG_PAST_FINALITY", kind: "fatal" });
  });

  it("catches up over a long absence by ranges, with every log, where the endpoint caps ranges", async () => {
    const first = listen();
    await untilSame(first);
    await first.stop();
    const story: number[] = [];
    for (let round = 0; round < 5; round++) {
      await world.chain.client.mine({ blocks: 300 });
      await world.as(world.buyer, "reserve", [1n]);
      story.push(await height());
    }
    await world.chain.client.mine({ blocks: 50 });
    rpc.setFate(({ method, params }) => {
      const [filter] = (params ?? []) as { readonly fromBlock?: string; readonly toBlock?: string }[];
      const isLong = method === "eth_getLogs" && Number(filter?.toBlock) - Number(filter?.fromBlock) >= 100;
      return isLong ? "fail" : "pass";
    });
    const second = listen({ known: first.chain });
    await untilSame(second);
    const heard = [...second.logs].flatMap(([number, names]) => (names.includes("Reserved") ? [number] : []));
    expect(heard).to.deep.equal(story);
    expect(rpc.calls.get("eth_getBlockByNumber")).to.be.lessThan(500); // 1,500 blocks, but not one by one
  });

  it("loses no block where a third of all calls fail, hang or are cut", async () => {
    const draw = chance(7);
    rpc.setFate(() => (draw() < 0.7 ? "pass" : (["fail", "hang", "refuse"] as const)[Math.floor(draw() * 3)]!));
    const heard = listen({ finalityDepth: 30 });
    for (let round = 0; round < 6; round++) {
      await world.as(world.buyer, "reserve", [1n]);
      if (round === 3) {
        await untilSame(heard);
        await world.chain.reorg(2);
      }
    }
    await untilSame(heard);
    const [begin = 0] = heard.logs.keys();
    const range = { address: world.market, abi: marketAbi, fromBlock: BigInt(begin) } as const;
    const logs = await world.chain.client.getContractEvents(range);
    expect(logs).to.have.length.greaterThan(3);
    expect([...heard.logs].flatMap(([number, names]) => names.map((name) => `${number} ${name}`))).to.deep.equal(
      logs.map(({ blockNumber, eventName }) => `${blockNumber} ${eventName}`),
    );
  });

  it("goes on with a second endpoint when the first is gone", async () => {
    rpc.setFate(() => "refuse");
    const heard = listen({ rpcUrls: [rpc.url, world.chain.rpcUrl] });
    await world.chain.client.mine({ blocks: 3 });
    await untilSame(heard);
  });

  it("takes an endpoint that lags behind for late, not for a reorg", async () => {
    await world.chain.client.mine({ blocks: 10 });
    const heard = listen();
    await untilSame(heard);
    const old = await world.chain.client.request({ method: "eth_getBlockByNumber", params: ["0x8", false] } as never);
    const lagging = await startFlakyProxy(world.chain.rpcUrl);
    lagging.alter = (method, result) => (method === "eth_getBlockByNumber" && numberOf(result) > 8 ? old : result);
    await heard.stop();
    const second = listen({ known: heard.chain, rpcUrls: [lagging.rpcUrl] });
    await until(
      () => lagging.asked.length,
      (asked) => asked > 20,
    );
    expect(second.events).to.deep.equal([]);
    await lagging.stop();
  });
});

function numberOf(block: unknown): number {
  return Number((block as { readonly number: string }).number);
}
