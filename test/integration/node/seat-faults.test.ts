import { Outcome, Verdict } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { Hex } from "viem";
import { ACCOUNTS, drawnCase, FIRST_SEAT, openPanel, runSeat, SWIFT_COURT, seatSettings } from "./support/bench.ts";
import { SmallEngine } from "./support/engine.ts";
import { type Face, startFace } from "./support/face.ts";
import { type CrashPoint, NodeProcess } from "./support/process.ts";
import { type NodeUnderTest, runNode, settingsFor, until } from "./support/running.ts";
import { prompts, World } from "./support/world.ts";

const LONG_MS = 120_000;

/** A panel of twelve, of whom only those run that a case draws: they catch up with the chain first, as after an outage. */
describe("seats and a provider in trouble", function () {
  this.timeout(LONG_MS);
  let world: World;
  let face: Face;
  let node: NodeUnderTest;
  const running: { stop(): Promise<unknown> }[] = [];
  const engine = new SmallEngine();

  const startProvider = () => runNode(world, [engine], { pollIntervalMs: 200 });

  before(async () => {
    world = await World.start({ blockTime: 0.5, accounts: ACCOUNTS, court: SWIFT_COURT });
    await openPanel(world, engine.terms, 12);
    node = await startProvider();
    face = await startFace(world, node);
  });

  afterEach(async () => {
    face.setMood("honest");
    await Promise.all(running.splice(0).map((one) => one.stop()));
  });

  after(async () => {
    await node?.stop();
    await face?.close();
    await world?.close();
  });

  /** Has a job done and its case opened, which the provider's node does itself; gives the seats that were drawn. */
  async function opened(): Promise<{ readonly job: Hex; readonly drawn: readonly number[] }> {
    const requests = prompts(3, 6);
    await node.inputs.save(requests, 0);
    const job = await world.post(await world.spec(engine.model.id, { requests }));
    const seats = await until(
      () => world.readCourt<number[]>("seatsOf", [drawnCase(job)]),
      ([first]) => first !== 0,
      LONG_MS,
    );
    return { job, drawn: seats.filter(Boolean).map((seat) => seat - 1) };
  }

  async function start(indices: readonly number[]): Promise<void> {
    const started = await Promise.all(indices.map((index) => runSeat(world, index, engine)));
    running.push(...started);
  }

  const untilStory = (job: Hex, holds: (story: string[]) => boolean) =>
    until(() => world.storyOfCase(drawnCase(job)), holds, LONG_MS);

  /** The case and the job end well: three words, all revealed by who committed to them. */
  async function expectAcquitted(job: Hex): Promise<void> {
    const story = await untilStory(job, (seen) => seen.includes("CaseClosed"));
    const count = (name: string) => story.filter((event) => event === name).length;
    expect([count("WordCommitted"), count("WordRevealed"), count("SeatPenalised")]).to.deep.equal([3, 3, 0]);
    expect(await world.verdictOf(drawnCase(job))).to.equal(Verdict.Acquitted);
    const outcome = await until(
      () => world.outcomeOf(job),
      (seen) => seen !== undefined,
      LONG_MS,
    );
    expect(outcome).to.equal(Outcome.Completed);
  }

  for (const mood of ["withholds", "lies", "floods", "hangs"] as const) {
    it(`a server that ${mood} costs a seat little: it demands on chain, and judges what it is shown there`, async () => {
      const { job, drawn } = await opened();
      face.setMood(mood);
      await start(drawn);
      await expectAcquitted(job);
      expect(await world.countOf("Answered", job)).to.equal(3); // One an item.
      expect(face.flooded()).to.be.lessThan(500_000_000);
    });
  }

  it("a seat that is killed between commit and reveal reveals after its restart", async () => {
    const { job, drawn } = await opened();
    const [first = 0, ...others] = drawn;
    const config = { ...settingsFor(world), ...seatSettings(world, first) };
    const crashAt: readonly CrashPoint[] = [{ message: "transaction landed", of: "commit" }];
    const account = FIRST_SEAT + first;
    const victim = new NodeProcess({ config, crashAt, account });
    expect(await victim.ended).to.equal("SIGKILL");
    await start(others);
    const again = new NodeProcess({ config, account });
    running.push({ stop: () => again.kill("SIGTERM") });
    await expectAcquitted(job);
  });

  it("a commit that a reorg drops is sent again", async () => {
    const { job, drawn } = await opened();
    await start(drawn);
    await untilStory(job, (story) => story.includes("WordCommitted"));
    const [block = 0, head] = [await world.firstBlockOf("WordCommitted", drawnCase(job)), await world.height()];
    await world.chain.reorg(head - block + 1);
    await expectAcquitted(job);
  });

  it("a provider that was away answers after its restart, in time", async () => {
    const { job, drawn } = await opened();
    face.setMood("withholds");
    await node.stop();
    await start(drawn);
    await until(
      () => world.countOf("Demanded", job),
      (count) => count > 0,
      LONG_MS,
    );
    node = await startProvider();
    face.show(node);
    await expectAcquitted(job);
  });

  it("a provider that answers nothing loses the job and stake, and no seat is fined", async () => {
    const { job, drawn } = await opened();
    face.setMood("withholds");
    await node.stop();
    await start(drawn);
    const story = await untilStory(job, (seen) => seen.includes("CaseClosed"));
    expect(story).to.not.include("SeatPenalised");
    expect(await world.verdictOf(drawnCase(job))).to.equal(Verdict.Withheld);
    expect(await world.outcomeOf(job)).to.equal(Outcome.Withheld);
    const { stake } = await world.read<{ stake: bigint }>("accountOf", [world.provider.address]);
    expect(stake).to.be.lessThan(100_000_000n);
    node = await startProvider();
    await until(
      () => node.desk.progress(job)?.stage,
      (stage) => stage === "refunded",
    );
  });
});
