import { Verdict } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { ACCOUNTS, openPanel, runSeat, SWIFT_COURT } from "../integration/node/support/bench.ts";
import { SmallEngine } from "../integration/node/support/engine.ts";
import { type Face, startFace } from "../integration/node/support/face.ts";
import { LiveBuyer, prepareLive } from "../integration/node/support/live-buyer.ts";
import { type NodeUnderTest, runNode, until } from "../integration/node/support/running.ts";
import { TRIAL_MS } from "../integration/node/support/trial.ts";
import { World } from "../integration/node/support/world.ts";

const SEATS = 12;
const BOND = 50_000_000n;

describe("receipts whose data nobody can get over the network", function () {
  this.timeout(2 * TRIAL_MS);
  let world: World;
  let face: Face;
  let node: NodeUnderTest;
  let seats: NodeUnderTest[] = [];
  const engine = new SmallEngine();

  before(async () => {
    world = await World.start({ blockTime: 0.5, accounts: ACCOUNTS, court: SWIFT_COURT });
    await openPanel(world, engine.terms, SEATS);
    await prepareLive(world, BOND);
    node = await runNode(world, [engine], { pollIntervalMs: 200, live: true });
    face = await startFace(world, node);
    face.setMood("withholds");
    seats = await Promise.all(Array.from({ length: SEATS }, (_, index) => runSeat(world, index, engine)));
    buyer = new LiveBuyer(world, node.live!);
    await until(() => [node, ...seats].every((one) => one.health().isSynced), Boolean);
  });

  after(async () => {
    await Promise.all([node, ...seats].map((one) => one?.stop()));
    await face?.close();
    await world?.close();
  });

  let buyer: LiveBuyer;
  const closed = (id: `0x${string}`) =>
    until(
      () => world.storyOfCase(id),
      (story) => story.includes("CaseClosed"),
      TRIAL_MS,
    );
  const bond = async () => (await world.readCourt<{ amount: bigint }>("bondOf", [world.provider.address])).amount;

  it("are shown on chain by the node that signed them, and stand", async () => {
    const { job, id } = await buyer.bring(engine, "Tell of a river");
    await closed(id);
    expect(await world.verdictOf(id)).to.equal(Verdict.Acquitted);
    expect(await world.countOf("Demanded", job)).to.equal(1);
    expect(await world.countOf("Answered", job)).to.equal(1);
    expect(await bond()).to.equal(BOND);
  });

  it("count as withheld if their node is gone, and the bond pays", async () => {
    const { id } = await buyer.bring(engine, "Tell of a fox");
    await node.stop();
    await closed(id);
    expect(await world.verdictOf(id)).to.equal(Verdict.Withheld);
    expect(await bond()).to.be.lessThan(BOND);
  });
});
