import { marketAbi } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { encodeFunctionData, type Hex } from "viem";
import { SmallEngine } from "./support/engine.ts";
import { startInputHost } from "./support/host.ts";
import { type FaultyRpc, startFaultyRpc } from "./support/proxy.ts";
import { type NodeUnderTest, runNode, until } from "./support/running.ts";
import { accountAt, prompts, World } from "./support/world.ts";

const WHOLE_LIFE = ["JobPosted", "JobAccepted", "JobSubmitted", "JobSettled"];

describe("a node in trouble", () => {
  let world: World;
  let rpc: FaultyRpc;
  let node: NodeUnderTest | undefined;

  beforeEach(async () => {
    world = await World.start();
    rpc = await startFaultyRpc(world.chain.rpcUrl);
  });

  afterEach(async () => {
    rpc.setFate(() => "pass");
    await node?.stop();
    node = undefined;
    await rpc.close();
    await world.close();
  });

  const requests = prompts(2);

  /** Starts a node behind the faulty endpoint, with an input it can work on. */
  async function start(
    engine = new SmallEngine(),
    overrides: Parameters<typeof runNode>[2] = {},
  ): Promise<{ readonly node: NodeUnderTest; readonly engine: SmallEngine }> {
    node = await runNode(world, [engine], {
      rpcUrls: [rpc.url],
      rpcTimeoutMs: 300,
      drainTimeoutSeconds: 0,
      ...overrides,
    });
    const started = node;
    await until(() => started.health().isSynced, Boolean);
    await started.inputs.save(requests, 0);
    return { node: started, engine };
  }

  async function post(engine: SmallEngine, input: readonly Uint8Array[] = requests): Promise<Hex> {
    return world.post(await world.spec(engine.model.id, { requests: input }));
  }

  const untilStage = (id: Hex, ...stages: string[]) =>
    until(
      () => node?.desk.progress(id)?.stage,
      (stage) => stages.includes(stage ?? ""),
    );

  /** Lets a block pass now and then until a job is where it should be. */
  async function mineUntilStage(id: Hex, stage: string): Promise<void> {
    const mining = setInterval(() => void world.chain.client.mine({ blocks: 1 }).catch(() => {}), 200);
    try {
      await untilStage(id, stage);
    } finally {
      clearInterval(mining);
    }
  }

  it("accepts again after a reorg took its accept back, without doing the work twice", async () => {
    const { engine } = await start(new SmallEngine({ msPerToken: 20 }), { confirmations: 2 });
    const id = await post(engine);
    await until(
      () => world.storyOf(id),
      (story) => story.includes("JobAccepted"),
    );
    await world.chain.client.mine({ blocks: 1 });
    await untilStage(id, "execute", "submit");
    await world.chain.reorg(2); // The accept and the block on top of it; the post stays.
    expect(await world.storyOf(id)).to.deep.equal(["JobPosted"]);
    await mineUntilStage(id, "settled");
    expect(await world.storyOf(id)).to.deep.equal(WHOLE_LIFE);
    expect(await world.operatorNonce()).to.equal(3);
    expect(engine.seeds.slice(1)).to.have.length(2); // One to warm up, then each item once.
  });

  it("submits again after a reorg took its submit back, and hides the results meanwhile", async () => {
    const { node: running, engine } = await start();
    const id = await world.post(await world.spec(engine.model.id, { requests, challengeWindow: 6 }));
    await until(
      () => running.desk.results(id),
      (results) => results !== undefined,
    );
    await world.chain.client.setAutomine(false);
    await world.chain.reorg(1);
    await until(
      () => running.desk.results(id),
      (results) => results === undefined,
    );
    expect(await world.storyOf(id)).to.deep.equal(["JobPosted", "JobAccepted"]);
    await world.chain.client.setAutomine(true);
    await mineUntilStage(id, "settled");
    expect(await world.storyOf(id)).to.deep.equal(WHOLE_LIFE);
    expect(await world.operatorNonce()).to.equal(3);
    expect(engine.seeds.slice(1)).to.have.length(2);
  });

  it("loses the whole job to a reorg, and does it when it is posted again", async () => {
    const { engine } = await start();
    const spec = await world.spec(engine.model.id, { requests });
    const id = await world.post(spec);
    await untilStage(id, "window");
    await world.chain.reorg(3);
    expect(await world.storyOf(id)).to.deep.equal([]);
    await untilStage(id, "unlisted");
    await world.post(spec);
    await mineUntilStage(id, "settled");
    expect(await world.storyOf(id)).to.deep.equal(WHOLE_LIFE);
    expect(engine.seeds.slice(1)).to.have.length(2);
  });

  it("catches up when its endpoint was gone for a while in the middle of a job", async () => {
    const { engine } = await start(new SmallEngine({ msPerToken: 50 }));
    const id = await post(engine);
    await untilStage(id, "execute");
    rpc.setFate(() => "refuse");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await world.chain.client.mine({ blocks: 10 });
    rpc.setFate(() => "pass");
    await mineUntilStage(id, "settled");
    expect(await world.storyOf(id)).to.deep.equal(WHOLE_LIFE);
    expect(await world.operatorNonce()).to.equal(3);
  });

  it("goes on when another process takes the nonce of its accept", async () => {
    const { engine } = await start();
    await world.chain.client.setAutomine(false);
    const spec = await world.spec(engine.model.id, { requests });
    const data = encodeFunctionData({ abi: marketAbi, functionName: "post", args: [spec, ""] });
    const hash = await world.chain.client.sendTransaction({ account: world.buyer, to: world.market, data });
    await world.chain.client.mine({ blocks: 1 });
    await world.chain.client.waitForTransactionReceipt({ hash });
    await until(
      () => world.chain.client.getTxpoolStatus(),
      ({ pending }) => pending > 0,
    );
    const { pending } = await world.chain.client.getTxpoolContent();
    const accept = Object.values(Object.values(pending)[0] ?? {})[0]!;
    await world.chain.client.dropTransaction({ hash: accept.hash });
    await world.chain.client.sendTransaction({
      account: world.operator,
      to: accountAt(9).address,
      nonce: 0,
      value: 1n,
    });
    await world.chain.client.mine({ blocks: 1 });
    await world.chain.client.setAutomine(true);
    const id = world.idOf(spec);
    await mineUntilStage(id, "settled");
    expect(await world.storyOf(id)).to.deep.equal(WHOLE_LIFE);
    expect(await world.operatorNonce()).to.equal(4);
  });

  it("resumes at the next item, and settles all that is due in one transaction", async () => {
    const many = prompts(6, 10);
    const { node: first, engine } = await start(new SmallEngine({ msPerToken: 20 }), { contextSequences: 1 });
    await first.inputs.save(many, 0);
    const long = await post(engine, many);
    const short = await post(engine);
    await until(
      () => first.desk.progress(long)?.done ?? 0,
      (done) => done >= 2,
    );
    await first.stop();
    const before = engine.seeds.length;
    const done = 6 - 1; // The warm-up of the second start is one more.
    const { node: second } = await start(engine, { contextSequences: 1, settle: false });
    await untilStage(long, "settle", "window");
    await untilStage(short, "settle", "window");
    expect(engine.seeds.length - before).to.be.at.most(done + 2);
    expect(new Set(engine.seeds.slice(1)).size).to.be.at.most(1 + 6 + 2);
    await second.stop();
    const sent = await world.operatorNonce();
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    await world.chain.client.mine({ blocks: 1 }); // Both windows are over when the node comes back.
    await start(engine);
    await mineUntilStage(long, "settled");
    await mineUntilStage(short, "settled");
    expect(await world.operatorNonce()).to.equal(sent + 1);
  });

  it("refuses before it accepts when its store or its disk is full", async () => {
    const host = await startInputHost();
    const { engine } = await start(new SmallEngine(), { maxStoreBytes: 1_000 });
    const big = prompts(12);
    host.offer(big);
    const id = await world.post(await world.spec(engine.model.id, { requests: big }), host.url);
    const warned = () => node?.log.find(({ message, data }) => message === "stage failed" && data.job === id);
    const line = await until(warned, (seen) => seen !== undefined);
    expect(line?.data.error).to.include({ code: "STORE_QUOTA_REACHED" });
    await node?.stop();
    await start(engine, { minFreeDiskBytes: 2 ** 50 }).catch(() => {}); // It cannot even take the upload.
    const fullDisk = () => node?.log.find(({ message, data }) => message === "stage failed" && data.job === id);
    const other = await until(fullDisk, (seen) => seen !== undefined);
    expect(other?.data.error).to.include({ code: "DISK_FULL" });
    expect(await world.storyOf(id)).to.deep.equal(["JobPosted"]);
    await host.close();
  });

  it("lets no second node use its database, in whatever process", async () => {
    await start();
    const failure = await runNode(world, []).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.include({ code: "STORE_LOCKED", kind: "fatal" });
  });

  it("waits for a chain that does not answer yet when it starts", async () => {
    rpc.setFate(() => "refuse");
    const starting = runNode(world, [], { rpcUrls: [rpc.url], drainTimeoutSeconds: 0 });
    await until(
      () => rpc.calls.get("eth_chainId") ?? 0,
      (calls) => calls > 2,
    );
    rpc.setFate(() => "pass");
    node = await starting;
    const started = node;
    await until(() => started.health().isSynced, Boolean);
  });

  it("starts for nobody else's provider and on no chain without its market", async () => {
    const failures = await Promise.all(
      [{ provider: accountAt(9).address }, { market: accountAt(9).address }].map((wrong) =>
        runNode(world, [], wrong).catch((error: { readonly code: string }) => error.code),
      ),
    );
    expect(failures).to.deep.equal(["NOT_OPERATOR", "MARKET_MISSING"]);
  });

  it("finishes what it has accepted when it drains, and takes nothing new", async () => {
    const { node: running, engine } = await start(new SmallEngine({ msPerToken: 40 }), { drainTimeoutSeconds: 30 });
    const id = await post(engine);
    await untilStage(id, "execute");
    const stopping = running.stop();
    const other = await post(engine);
    await stopping;
    node = undefined;
    expect(await world.storyOf(id)).to.include("JobSubmitted");
    expect(await world.storyOf(other)).to.deep.equal(["JobPosted"]);
  });

  it("halts loudly when the chain takes back what was final", async () => {
    const { node: running } = await start(new SmallEngine(), { finalityDepth: 3 });
    await world.chain.client.mine({ blocks: 10 });
    const height = Number(await world.chain.client.getBlockNumber());
    await until(
      () => running.health().head,
      (head) => head === height,
    );
    await world.chain.reorg(8);
    const failure = await running.finished.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.include({ code: "REORG_PAST_FINALITY", kind: "fatal" });
    node = undefined;
  });
});
