import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Hex } from "viem";
import { chance } from "../integration/node/support/chance.ts";
import { SmallEngine } from "../integration/node/support/engine.ts";
import { type InputHost, startInputHost } from "../integration/node/support/host.ts";
import { sentSince, untilPaid, WHOLE_LIFE } from "../integration/node/support/lives.ts";
import { NodeProcess } from "../integration/node/support/process.ts";
import { type FaultyRpc, startFaultyRpc } from "../integration/node/support/proxy.ts";
import { runNode, settingsFor, until } from "../integration/node/support/running.ts";
import { prompts, World } from "../integration/node/support/world.ts";

const { model } = new SmallEngine();

describe("a node in lasting trouble", () => {
  let world: World;
  let host: InputHost;
  let rpc: FaultyRpc;
  const running: NodeProcess[] = [];
  let begin: number;

  beforeEach(async () => {
    world = await World.start({ blockTime: 0.25 });
    host = await startInputHost();
    rpc = await startFaultyRpc(world.chain.rpcUrl);
    begin = Number(await world.chain.client.getBlockNumber());
  });

  afterEach(async () => {
    const nodes = running.splice(0);
    for (const node of nodes) {
      await node.kill();
    }
    await rpc.close();
    await host.close();
    await world.close();
    expect(
      nodes.map(({ failure }) => failure).filter((code) => code !== undefined && code !== "STORE_LOCKED"),
    ).to.deep.equal([]);
  });

  function start(options: ConstructorParameters<typeof NodeProcess>[0]): NodeProcess {
    const node = new NodeProcess(options);
    running.push(node);
    return node;
  }

  /** Settings of a node behind the faulty endpoint. */
  const faulty = (name?: string) => ({ ...settingsFor(world, name), rpcUrls: [rpc.url], rpcTimeoutMs: 400 });

  async function postJobs(count: number, items = 2, maxTokens = 4): Promise<Hex[]> {
    const ids: Hex[] = [];
    for (let index = 0; index < count; index++) {
      const requests = prompts(items, maxTokens + index);
      host.offer(requests);
      ids.push(await world.post(await world.spec(model.id, { requests }), host.url));
    }
    return ids;
  }

  it("catches up when its only endpoint is gone for a minute in the middle of its jobs", async () => {
    start({ config: faulty(), msPerToken: 50 });
    const ids = await postJobs(3, 4, 10);
    await until(
      () => world.storyOf(ids[0]!),
      (story) => story.includes("JobAccepted"),
    );
    rpc.setFate(() => "refuse");
    await sleep(60_000);
    rpc.setFate(() => "pass");
    for (const id of ids) {
      await untilPaid(world, id);
    }
    expect((await sentSince(world, begin)).reverted).to.equal(0);
  });

  it("does eight jobs once each where a third of all calls fail, hang, or lose their reply", async () => {
    const draw = chance(5);
    const faults = ["fail", "hang", "refuse", "loseReply"] as const;
    start({ config: faulty() });
    rpc.setFate(() => (draw() < 0.7 ? "pass" : faults[Math.floor(draw() * faults.length)]!));
    const ids = await postJobs(8);
    for (const id of ids) {
      await untilPaid(world, id, 180_000);
    }
    expect((await sentSince(world, begin)).sent).to.be.at.most(3 * ids.length);
  });

  it("brings every job that stays on chain to its pay, whatever reorgs do", async () => {
    const draw = chance(9);
    await world.chain.client.mine({ blocks: 10 }); // No reorg reaches the market itself.
    const node = start({ config: { ...faulty(), confirmations: 2 }, msPerToken: 5 });
    await node.begun;
    const ids: Hex[] = [];
    for (let round = 0; round < 10; round++) {
      ids.push(...(await postJobs(1)));
      await sleep(500 + draw() * 1_500);
      await world.chain.reorg(1 + Math.floor(draw() * 5));
    }
    await sleep(2_000);
    const stories = new Map<Hex, string[]>();
    for (const id of ids) {
      const story = await until(
        () => world.storyOf(id),
        (seen) => seen.length === 0 || seen.includes("JobSettled"),
        60_000,
      );
      stories.set(id, story);
    }
    const passed = "JobSkipped"; // A batch may pass over a job that it finds settled.
    const listed = [...stories.values()]
      .map((story) => story.filter((event) => event !== passed))
      .filter((story) => story.length > 0);
    expect(listed).to.have.length.greaterThan(2);
    expect(listed).to.deep.equal(listed.map(() => WHOLE_LIFE));
  });

  it("shares its key with another node of its provider, and every job is done once", async () => {
    start({ config: faulty("one") });
    start({ config: faulty("two") });
    const ids = await postJobs(5);
    for (const id of ids) {
      await untilPaid(world, id, 120_000);
    }
  });

  it("finds a second process of its data folder out", async () => {
    const first = start({ config: faulty() });
    await first.begun;
    const second = start({ config: faulty() });
    expect(await second.begun).to.deep.equal({ type: "failed", code: "STORE_LOCKED" });
    expect(await second.ended).to.equal(1);
    const [id] = await postJobs(1);
    await untilPaid(world, id!);
  });

  it("goes on where it was when its machine slept for twenty seconds", async () => {
    const node = start({ config: faulty(), msPerToken: 50 });
    const ids = await postJobs(2, 4, 10);
    await until(
      () => world.storyOf(ids[0]!),
      (story) => story.includes("JobAccepted"),
    );
    node.pause(true);
    await sleep(20_000);
    node.pause(false);
    for (const id of ids) {
      await untilPaid(world, id);
    }
    expect((await sentSince(world, begin)).reverted).to.equal(0);
  });

  it("takes nothing on while its disk is full, finishes what it can, and goes on when there is room again", async () => {
    const dataDir = path.join(world.folder, "small");
    mkdirSync(dataDir);
    const isSmall = mountSmallDisk(dataDir);
    try {
      const minFreeDiskBytes = isSmall ? 8_000_000 : 0;
      start({ config: { ...faulty(), dataDir, minFreeDiskBytes, maxStoreBytes: isSmall ? 2 ** 30 : 4_000 } });
      const [first] = await postJobs(1);
      await untilPaid(world, first!);
      const filler = path.join(dataDir, "filler");
      const [big] = isSmall ? [] : await postJobs(1, 20);
      if (isSmall) {
        writeFileSync(filler, Buffer.alloc(10_000_000));
      }
      const [refused] = isSmall ? await postJobs(1, 2, 30) : [big];
      await sleep(5_000);
      expect(await world.storyOf(refused!)).to.deep.equal(["JobPosted"]);
      if (isSmall) {
        rmSync(filler);
        await untilPaid(world, refused!);
      }
    } finally {
      for (const node of running.splice(0)) {
        await node.kill();
      }
      if (isSmall) {
        execFileSync("umount", [dataDir]);
      }
    }
  });

  for (const days of [400, -400]) {
    it(`does its job with a wall clock that is ${days} days off`, async () => {
      const engine = new SmallEngine();
      const requests = prompts(2);
      host.offer(requests);
      const node = await runNode(world, [engine], {}, { wallClockError: days * 86_400 });
      const id = await world.post(await world.spec(engine.model.id, { requests }), host.url);
      await untilPaid(world, id);
      await node.stop();
    });
  }
});

/** A disk of 16 MB at a folder, where this user may mount one. */
function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
