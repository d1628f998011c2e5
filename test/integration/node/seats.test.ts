import { JobStatus, Outcome, Verdict } from "@touchstone/sdk/protocol";
import { expect } from "chai";
import type { Hex } from "viem";
import { ACCOUNTS, drawnCase, openPanel, runSeat, SWIFT_COURT } from "./support/bench.ts";
import { SmallEngine } from "./support/engine.ts";
import { type Face, startFace } from "./support/face.ts";
import { type Brought, LiveBuyer, prepareLive } from "./support/live-buyer.ts";
import { type NodeUnderTest, runNode, until } from "./support/running.ts";
import { prompts, World } from "./support/world.ts";

const SEATS = 12;
const LONG_MS = 120_000;
const BOND = 50_000_000n;

describe("a court of seats", function () {
  this.timeout(LONG_MS);
  let world: World;
  let face: Face;
  let node: NodeUnderTest;
  let seats: NodeUnderTest[] = [];
  let isCheap = false;
  const engine = new SmallEngine();
  const cheap = new SmallEngine({ isCheap: true });

  before(async () => {
    world = await World.start({ blockTime: 0.5, accounts: ACCOUNTS, court: SWIFT_COURT });
    await openPanel(world, engine.terms, SEATS);
    await prepareLive(world, BOND);
    // What the provider's machine does is its own affair.
    const either = Object.assign(Object.create(engine), {
      generate: (...args: Parameters<SmallEngine["generate"]>) => (isCheap ? cheap : engine).generate(...args),
    });
    node = await runNode(world, [either], { pollIntervalMs: 200, live: true });
    face = await startFace(world, node);
    seats = await Promise.all(Array.from({ length: SEATS }, (_, index) => runSeat(world, index, engine)));
    await until(() => [node, ...seats].every((one) => one.health().isSynced), Boolean);
  });

  afterEach(() => {
    isCheap = false;
  });

  after(async () => {
    await Promise.all([node, ...seats].map((one) => one?.stop()));
    await face?.close();
    await world?.close();
  });

  /** Has a job done, up to its submit. */
  async function submitted(): Promise<Hex> {
    const requests = prompts(3, 6);
    await node.inputs.save(requests, 0);
    const id = await world.post(await world.spec(engine.model.id, { requests, price: 1_000_000n }));
    await until(
      () => world.storyOf(id),
      (story) => story.includes("JobSubmitted"),
      LONG_MS,
    );
    return id;
  }

  /** Waits for the end of a job's drawn case. */
  function closed(job: Hex): Promise<string[]> {
    return until(
      () => world.storyOfCase(drawnCase(job)),
      (story) => story.includes("CaseClosed"),
      LONG_MS,
    );
  }

  async function ending(job: Hex): Promise<{ readonly verdict: number; readonly outcome: number | undefined }> {
    const verdict = await world.verdictOf(drawnCase(job));
    const outcome = await until(
      () => world.outcomeOf(job),
      (seen) => seen !== undefined,
      LONG_MS,
    );
    return { verdict, outcome };
  }

  it("acquits an honest provider, which is paid then", async () => {
    const job = await submitted();
    const story = await closed(job);
    expect(story.filter((name) => name === "WordRevealed")).to.have.length(3);
    expect(await ending(job)).to.deep.equal({ verdict: Verdict.Acquitted, outcome: Outcome.Completed });
  });

  it("convicts a provider that ran another model", async () => {
    isCheap = true;
    const job = await submitted();
    const story = await closed(job);
    expect(story.filter((name) => name === "WordRevealed")).to.have.length(12);
    expect(await ending(job)).to.deep.equal({ verdict: Verdict.Convicted, outcome: Outcome.Rejected });
  });

  describe("over live calls", () => {
    let honest: Brought;
    let cheating: Brought;
    let stake: bigint;

    before(async () => {
      const buyer = new LiveBuyer(world, node.live!);
      stake = await staked();
      honest = await buyer.bring(engine, "Tell of a river");
      cheating = await buyer.bring(cheap, "Tell of a fox");
    });

    async function closedWith(id: Hex): Promise<number> {
      await until(
        () => world.storyOfCase(id),
        (story) => story.includes("CaseClosed"),
        LONG_MS,
      );
      return world.verdictOf(id);
    }

    const statusOf = async (job: Hex) => (await world.readCourt<{ status: number }>("receiptJobOf", [job])).status;
    const staked = async () => (await world.read<{ stake: bigint }>("accountOf", [world.provider.address])).stake;
    const bond = async () => (await world.readCourt<{ amount: bigint }>("bondOf", [world.provider.address])).amount;

    it("lets a true receipt stand", async () => {
      expect(await closedWith(honest.id)).to.equal(Verdict.Acquitted);
      expect(await statusOf(honest.job)).to.equal(JobStatus.Settled);
    });

    it("convicts whoever signed for another model's answer, which the bond pays for, not the stake", async () => {
      expect(await closedWith(cheating.id)).to.equal(Verdict.Convicted);
      expect(await statusOf(cheating.job)).to.equal(JobStatus.Rejected);
      expect(await bond()).to.equal(BOND - SWIFT_COURT.minBond);
      expect(await staked()).to.equal(stake);
    });
  });
});
