import { type SignedOrder, specToWire } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { Hex } from "viem";
import { chance } from "../integration/node/support/chance.ts";
import { SmallEngine } from "../integration/node/support/engine.ts";
import { type InputHost, startInputHost } from "../integration/node/support/host.ts";
import { sentSince, untilPaid } from "../integration/node/support/lives.ts";
import { type CrashPoint, NodeProcess } from "../integration/node/support/process.ts";
import { settingsFor, until } from "../integration/node/support/running.ts";
import { prompts, World } from "../integration/node/support/world.ts";

const { model } = new SmallEngine();

/** Every boundary between two writes or sendings on the way of a transaction. */
function boundariesOf(purpose: string): CrashPoint[] {
  return ["transaction stored", "transaction sent", "transaction landed"].map((message) => ({ message, of: purpose }));
}

const doneWith = (duty: string): CrashPoint => ({ message: "stage done", of: duty });

const POSTED: readonly CrashPoint[] = [
  { message: "node started" },
  doneWith("fetch"),
  ...boundariesOf("accept"),
  doneWith("accept"),
  { message: "item stored", index: 0 },
  { message: "item stored", index: 2 },
  doneWith("execute"),
  ...boundariesOf("submit"),
  doneWith("submit"),
  ...boundariesOf("settle"),
  doneWith("settle"),
];

const ORDERED: readonly CrashPoint[] = [
  { message: "item stored", index: 0 },
  doneWith("execute"),
  ...boundariesOf("fulfil"),
  doneWith("fulfil"),
  ...boundariesOf("settle"),
];

describe("a node that is killed", () => {
  let world: World;
  let host: InputHost;
  let running: NodeProcess | undefined;
  let folders = 0;

  before(async () => {
    world = await World.start({ blockTime: 0.15 });
    host = await startInputHost();
  });

  afterEach(async () => {
    await running?.kill();
    running = undefined;
  });

  after(async () => {
    await host.close();
    await world.close();
  });

  const requests = prompts(3);

  function freshConfig() {
    folders += 1;
    return { ...settingsFor(world, `node-${folders}`), contextSequences: 1, lookbackBlocks: 50 };
  }

  const height = async () => Number(await world.chain.client.getBlockNumber());
  const nameOf = ({ message, of, index }: CrashPoint) =>
    `"${[message, of, index].filter((part) => part !== undefined).join(" ")}"`;

  for (const point of POSTED) {
    it(`at ${nameOf(point)} goes on after its restart, and sends nothing twice`, async () => {
      const begin = await height();
      host.offer(requests);
      const config = freshConfig();
      running = new NodeProcess({ config, crashAt: [point] });
      const id = await world.post(await world.spec(model.id, { requests }), host.url);
      expect(await running.ended).to.equal("SIGKILL");
      running = new NodeProcess({ config });
      await untilPaid(world, id);
      expect(await sentSince(world, begin)).to.deep.equal({ sent: 3, reverted: 0 });
    });
  }

  for (const point of ORDERED) {
    it(`at ${nameOf(point)} of an order goes on after its restart, and is paid once`, async () => {
      await world.as(world.buyer, "reserve", [1_000_000n]);
      const begin = await height();
      const config = freshConfig();
      running = new NodeProcess({ config, crashAt: [point] });
      const spec = await world.spec(model.id, { requests });
      const order = { spec: specToWire(spec), signature: await world.sign(spec) };
      const job = await orderUntilTaken(running, order);
      expect(await running.ended).to.equal("SIGKILL");
      const isOnChain = (await world.storyOf(job)).length > 0;
      running = new NodeProcess({ config });
      await running.begun;
      const { isShown } = await running.ask({ type: "shown", job });
      expect(isShown && !isOnChain && (await world.storyOf(job)).length === 0).to.equal(false);
      await untilPaid(world, job);
      expect(await sentSince(world, begin)).to.deep.equal({ sent: 2, reverted: 0 });
    });
  }

  async function orderUntilTaken(node: NodeProcess, order: SignedOrder): Promise<Hex> {
    const answer = await until(
      () => node.ask({ type: "order", order, requests }),
      ({ code }) => code !== "RPC_UNAVAILABLE",
    );
    if (answer.job === undefined) {
      throw new Error(`The order was refused: ${answer.code}`);
    }
    return answer.job;
  }

  it("again and again at any moment, with many jobs under way, does each of them once", async () => {
    const begin = await height();
    const config = { ...freshConfig(), concurrency: 4 };
    const draw = chance(3);
    const ids: Hex[] = [];
    running = new NodeProcess({ config, msPerToken: 10 });
    for (let round = 0; round < 20; round++) {
      if (round < 8) {
        const input = prompts(2 + (round % 3), 4 + round);
        host.offer(input);
        ids.push(await world.post(await world.spec(model.id, { requests: input }), host.url));
      }
      await running.begun;
      await new Promise((resolve) => setTimeout(resolve, 100 + draw() * 1_500));
      expect(await running.kill()).to.equal("SIGKILL");
      running = new NodeProcess({ config, msPerToken: 10 });
    }
    for (const id of ids) {
      await untilPaid(world, id, 120_000);
    }
    const { sent, reverted } = await sentSince(world, begin);
    expect(reverted).to.equal(0);
    expect(sent).to.be.at.most(3 * ids.length);
  });
});
