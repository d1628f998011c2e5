import { encodeOutput, outputHash, parseRequest, resultRoot, samplingSeed, traceRoot } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { Hex } from "viem";
import { SmallEngine } from "./support/engine.ts";
import { type InputHost, startInputHost } from "./support/host.ts";
import { sentSince, submittedRoot, untilPaid } from "./support/lives.ts";
import { type CrashPoint, NodeProcess } from "./support/process.ts";
import { settingsFor } from "./support/running.ts";
import { prompts, World } from "./support/world.ts";

const { model } = new SmallEngine();

/** One boundary of each kind; test/chaos kills at all of them. */
const POINTS: readonly CrashPoint[] = [
  { message: "transaction stored", of: "accept" },
  { message: "item stored", index: 0 },
  { message: "transaction sent", of: "submit" },
];

describe("a node that is killed", function () {
  this.timeout(180_000);
  let world: World;
  let host: InputHost;
  let running: NodeProcess | undefined;

  before(async () => {
    world = await World.start({ blockTime: 0.2 });
    host = await startInputHost();
  });

  after(async () => {
    await running?.kill();
    await host.close();
    await world.close();
  });

  /** The root of what an engine writes that nobody kills, traces included. */
  async function rootOf(job: Hex, requests: readonly Uint8Array[]): Promise<Hex> {
    const engine = new SmallEngine();
    const provider = world.provider.address;
    const items = requests.map(async (bytes, index) => {
      const seed = samplingSeed({ job, provider, index });
      const { output, trace } = await engine.generate(parseRequest(bytes), {
        seed,
        signal: new AbortController().signal,
      });
      expect(trace).to.have.length.greaterThan(0);
      return { outputHash: outputHash(encodeOutput(output)), traceRoot: traceRoot(trace) };
    });
    return resultRoot({ job, provider, items: await Promise.all(items) });
  }

  it("at each of three boundaries of one job goes on after its restart, and sends nothing twice", async () => {
    const begin = Number(await world.chain.client.getBlockNumber());
    const requests = prompts(2);
    host.offer(requests);
    const config = { ...settingsFor(world), contextSequences: 1 };
    const id = await world.post(await world.spec(model.id, { requests }), host.url);
    for (const point of POINTS) {
      running = new NodeProcess({ config, crashAt: [point] });
      expect(await running.ended).to.equal("SIGKILL");
    }
    running = new NodeProcess({ config });
    await untilPaid(world, id);
    expect(await sentSince(world, begin)).to.deep.equal({ sent: 3, reverted: 0 });
    expect(await submittedRoot(world, id)).to.equal(await rootOf(id, requests));
  });
});
