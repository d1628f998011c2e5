import { frozenDigest, Outcome, Verdict } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import { connect } from "../../provider-node/src/chain/rpc.ts";
import { frozenIn } from "../../provider-node/src/seats/dossier.ts";
import { recall } from "../../provider-node/src/seats/recall.ts";
import { drawnCase } from "../integration/node/support/bench.ts";
import { SmallEngine } from "../integration/node/support/engine.ts";
import { until } from "../integration/node/support/running.ts";
import { TRIAL_MS, Trial } from "../integration/node/support/trial.ts";

describe("seats and a provider in trouble", function () {
  this.timeout(TRIAL_MS);
  let trial: Trial;

  before(async () => {
    const engine = new SmallEngine();
    trial = await Trial.start(engine, engine.terms);
  });

  afterEach(() => trial.rest());
  after(() => trial?.close());

  it("a server that sends gigabytes costs a seat little: it demands on chain, and judges what it is shown there", async () => {
    const { world, face } = trial;
    const { job, drawn } = await trial.open();
    face.setMood("floods");
    await trial.seat(drawn);
    await trial.expectAcquitted(job);
    expect(await world.countOf("Answered", job)).to.equal(3); // One an item.
    expect(face.flooded()).to.be.lessThan(500_000_000);
  });

  it("a job that was posted before the node began to watch is read from the chain, as if it had been told", async () => {
    const { world } = trial;
    const { job, drawn } = await trial.open();
    const client = connect({ rpcUrls: [world.chain.rpcUrl], timeoutMs: 2_000 });
    const { market, court } = world;
    const found = await recall({ client, market, court, receiptLifetime: 86_400 }, job);
    expect(world.idOf(found!.spec)).to.equal(job);
    expect(found!.facts.map(({ name }) => name)).to.deep.equal(["posted", "accepted", "submitted"]);
    const { digest } = await world.read<{ digest: string }>("jobOf", [job]);
    expect(frozenDigest(frozenIn(found!.spec, found!.facts)!)).to.equal(digest);
    await trial.seat(drawn);
    await trial.expectAcquitted(job);
  });

  it("a seat that is killed between commit and reveal reveals after its restart", async () => {
    const { job, drawn } = await trial.open();
    const [first = 0, ...others] = drawn;
    await trial.kill(first, { message: "transaction landed", of: "commit" });
    await trial.seat(others);
    await trial.expectAcquitted(job);
  });

  it("a commit that a reorg drops is sent again", async () => {
    const { world } = trial;
    const { job, drawn } = await trial.open();
    await trial.seat(drawn);
    await trial.untilStory(job, (story) => story.includes("WordCommitted"));
    const [block = 0, head] = [await world.firstBlockOf("WordCommitted", drawnCase(job)), await world.height()];
    await world.chain.reorg(head - block + 1);
    await trial.expectAcquitted(job);
  });

  it("a provider that was away answers after its restart, in time", async () => {
    const { job, drawn } = await trial.open();
    trial.face.setMood("withholds");
    await trial.node.stop();
    await trial.seat(drawn);
    await until(
      () => trial.world.countOf("Demanded", job),
      (count) => count > 0,
      TRIAL_MS,
    );
    await trial.revive();
    await trial.expectAcquitted(job);
  });

  it("a provider that answers nothing loses the job and stake, and no seat is fined", async () => {
    const { world } = trial;
    const { job, drawn } = await trial.open();
    trial.face.setMood("withholds");
    await trial.node.stop();
    await trial.seat(drawn);
    const story = await trial.untilStory(job, (seen) => seen.includes("CaseClosed"));
    expect(story).to.not.include("SeatPenalised");
    expect(await world.verdictOf(drawnCase(job))).to.equal(Verdict.Withheld);
    expect(await world.outcomeOf(job)).to.equal(Outcome.Withheld);
    const { stake } = await world.read<{ stake: bigint }>("accountOf", [world.provider.address]);
    expect(stake).to.be.lessThan(100_000_000n);
    await trial.revive();
    await until(
      () => trial.node.desk.progress(job)?.stage,
      (stage) => stage === "refunded",
    );
  });
});
