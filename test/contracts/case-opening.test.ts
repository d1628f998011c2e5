import { expect } from "chai";
import type { Hex } from "viem";
import { slotOf, startItem } from "../../client-sdk/src/protocol/case.ts";
import { DRAW_KEY, SEALED } from "../../client-sdk/src/protocol/generated/constants.ts";
import { CaseStatus, Draw, JobStatus, Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
import { DRAWN_PRICE, FIRST_TIER, judged, mine, opened, SMALL_PRICE, seatsAt, trialOf } from "./support/cases.ts";
import { pass } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, JUDGED_MODEL, openCourtWorlds } from "./support/court-world.ts";
import { accepted, asSubmitted, type Job, ROOT, type Spec, statusOf } from "./support/jobs.ts";
import { usd } from "./support/world.ts";

/** Where EIP-2935 keeps older hashes. */
const HISTORY = "0x0000F90827F1C53a10cb7A02335B175320002935";

const newWorld = await openCourtWorlds();

describe("The draw", () => {
  it("is pending until the block that decides has a hash", async () => {
    const world = await newWorld();
    const { court, market, parameters } = world;
    const job = await justSubmitted(world);
    await mine(world, parameters.drawDelay - 2);

    expect(await court.drawOf(job.id, job.frozen)).to.equal(BigInt(Draw.Pending));
    await expect(market.settle(job.id, job.frozen)).to.be.revertedWithCustomError(market, "JobDrawPending");
  });

  it("is told with the block after it", async () => {
    const world = await newWorld();
    const { court, parameters } = world;
    const job = await justSubmitted(world);
    await mine(world, parameters.drawDelay);

    expect(await court.drawOf(job.id, job.frozen)).to.equal(BigInt(Draw.Pending));
    await mine(world, 1);
    expect(await court.drawOf(job.id, job.frozen)).to.equal(BigInt(Draw.Drawn));
  });

  it("chooses a job whose price is the audit value or more, whatever the seed", async () => {
    const world = await newWorld();
    const { court, market } = world;
    for (const price of [DRAWN_PRICE, DRAWN_PRICE + 1n, usd(6)]) {
      const job = await judged(world, { price, salt: `0x${price.toString(16).padStart(64, "0")}` });
      await pass(world, job.spec.challengeWindow);

      await expect(market.settle(job.id, job.frozen)).to.be.revertedWithCustomError(market, "JobDrawn");
      await expect(court.openDrawn(job.spec, job.frozen)).to.emit(court, "CaseOpened");
    }
  });

  it("passes over a job of the smallest price, which is then paid as completed", async () => {
    const world = await newWorld();
    const { court, market } = world;
    const job = await judged(world, { price: SMALL_PRICE });

    await expect(court.openDrawn(job.spec, job.frozen))
      .to.be.revertedWithCustomError(court, "CaseNotDrawn")
      .withArgs(job.id);
    await pass(world, job.spec.challengeWindow);
    await expect(market.settle(job.id, job.frozen)).to.emit(market, "JobSettled");
  });
});

describe("Opening a drawn case", () => {
  it("holds the payment, rewards whoever opens it, and seats tier one by the seed of the draw", async () => {
    const world = await newWorld();
    const { court, market, stranger, parameters } = world;
    const job = await judged(world);
    const { caseId } = trialOf(job, DRAW_KEY);
    const anchor = Number(job.frozen.submitBlock) + parameters.drawDelay;
    const seed = ((await world.chain.ethers.provider.getBlock(anchor))?.hash ?? "0x") as Hex;
    const first = startItem({ seed, job: job.id as Hex, items: 8 });
    const start = slotOf({ seed, caseId, position: 0, attempt: 0, slots: 13 });

    const moves = await courtMovesOf(world, async () => {
      const open = await court.connect(stranger).openDrawn(job.spec, job.frozen);
      const seats = await seatsAt(world, trialOf(job, DRAW_KEY), FIRST_TIER);
      await expect(open).to.emit(court, "CaseOpened").withArgs(caseId, job.id, stranger, DRAW_KEY);
      await expect(open).to.emit(court, "CaseSeated").withArgs(caseId, 1, seed, first, seats);
      await expect(open).to.emit(market, "JobLocked").withArgs(job.id);
      expect(seats[0]).to.equal(BigInt(start + 1));
    });

    expect(moves).to.deep.equal({ "stranger.credit": parameters.openReward });
    expect(await statusOf(world, job.id)).to.equal(JobStatus.InCase);
    expect(await court.holdsOf(job.id)).to.equal(1n);
    const { status, tier, startItem: item } = await court.caseOf(caseId);
    expect([status, tier, item]).to.deep.equal([BigInt(CaseStatus.Commit), 1n, BigInt(first)]);
  });

  it("happens once", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);

    await expect(court.openDrawn(trial.spec, trial.frozen))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Commit);
  });

  it("is refused before the block that decides", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await justSubmitted(world);

    await expect(court.openDrawn(job.spec, job.frozen))
      .to.be.revertedWithCustomError(court, "CaseNotDrawn")
      .withArgs(job.id);
  });

  it("is refused for a job that nobody submitted, is settled, or is told wrong", async () => {
    const world = await newWorld();
    const { court, market } = world;
    const open = await accepted(world, { model: JUDGED_MODEL, price: SMALL_PRICE });
    const settled = await judged(world, { price: SMALL_PRICE, salt: `0x${"11".repeat(32)}` });
    await pass(world, settled.spec.challengeWindow);
    await market.settle(settled.id, settled.frozen);

    for (const { spec, frozen } of [open, settled, { ...open, frozen: { ...open.frozen, price: 2n } }]) {
      await expect(court.openDrawn(spec, frozen)).to.be.revertedWithCustomError(court, "CaseWrongJob");
    }
  });

  it("is refused for a job that was not verified at its accept, and for a sealed one", async () => {
    const world = await newWorld();
    const { court } = world;
    const other = await judged(world, { model: `0x${"22".repeat(32)}`, salt: `0x${"11".repeat(32)}` });
    const sealed = await judged(world, { flags: BigInt(SEALED) });

    await expect(court.openDrawn(other.spec, other.frozen))
      .to.be.revertedWithCustomError(court, "CaseNotVerified")
      .withArgs(other.id);
    await expect(court.openDrawn(sealed.spec, sealed.frozen))
      .to.be.revertedWithCustomError(court, "CaseNotDrawn")
      .withArgs(sealed.id);
  });
});

describe("A job so old that the hash of its draw cannot be read", () => {
  it("is drawn by a later block: the case is pinned without a reward", async () => {
    const world = await newWorld();
    const { court, market, parameters } = world;
    const job = await aged(world, { price: SMALL_PRICE });
    const { caseId } = trialOf(job, DRAW_KEY);
    await expect(market.settle(job.id, job.frozen)).to.be.revertedWithCustomError(market, "JobDrawn");

    const moves = await courtMovesOf(world, async () => {
      const open = await court.openDrawn(job.spec, job.frozen);
      const anchor = (open.blockNumber ?? 0) + parameters.drawDelay;
      await expect(open).to.emit(court, "CasePinned").withArgs(caseId, 1, anchor);
    });

    expect(moves).to.deep.equal({});
  });

  it("is paid where the later block does not choose it", async () => {
    const world = await newWorld();
    const { court, market } = world;
    const job = await aged(world, { price: SMALL_PRICE });
    const { caseId } = trialOf(job, DRAW_KEY);
    await court.openDrawn(job.spec, job.frozen);
    await mine(world, world.parameters.drawDelay);

    await expect(court.seatPanel(job.spec, job.frozen, DRAW_KEY))
      .to.emit(court, "CaseClosed")
      .withArgs(caseId, job.id, Verdict.None, 0n);

    expect(await court.drawOf(job.id, job.frozen)).to.equal(BigInt(Draw.NotDrawn));
    await expect(market.settle(job.id, job.frozen)).to.emit(market, "JobSettled");
  });

  it("is judged where the later block chooses it", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await aged(world);
    await court.openDrawn(job.spec, job.frozen);
    await mine(world, world.parameters.drawDelay);

    await expect(court.seatPanel(job.spec, job.frozen, DRAW_KEY)).to.emit(court, "CaseSeated");
  });

  it("is drawn by its own block where the chain keeps older hashes", async () => {
    const world = await newWorld();
    const { court, chain } = world;
    const history = await chain.ethers.deployContract("TestHistory");
    await chain.networkHelpers.setCode(HISTORY, await chain.ethers.provider.getCode(history));
    const job = await judged(world, { price: SMALL_PRICE });
    await mine(world, 300);

    expect(await court.drawOf(job.id, job.frozen)).to.equal(BigInt(Draw.NotDrawn));
    await mine(world, 8_191);
    expect(await court.drawOf(job.id, job.frozen)).to.equal(BigInt(Draw.Drawn));
  });
});

/** A job submitted in the latest block. */
async function justSubmitted(world: CourtWorld): Promise<Job> {
  const job = await accepted(world, { model: JUDGED_MODEL, price: DRAWN_PRICE });
  await world.market.connect(world.provider).submit(job.id, job.frozen, ROOT);
  return asSubmitted(world, job);
}

/** A job whose draw is older than the hashes that the chain keeps. */
async function aged(world: CourtWorld, changes: Partial<Spec> = {}): Promise<Job> {
  await withoutHistory(world);
  const job = await judged(world, changes);
  await pass(world, job.spec.challengeWindow);
  await mine(world, 300);
  return job;
}

async function withoutHistory({ chain }: CourtWorld): Promise<void> {
  await chain.networkHelpers.setCode(HISTORY, "0x");
}
