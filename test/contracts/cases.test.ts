import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { movesOf } from "./support/books.ts";
import { due, idOf, type Job, PRICE, sinceOf, statusOf, submitted } from "./support/jobs.ts";
import { membersOf } from "./support/structs.ts";
import { openWorlds, PROVIDER_STAKE, usd, type World } from "./support/world.ts";

const newWorld = await openWorlds({ hasCourt: true });
const newWorldWithoutCourt = await openWorlds();
const { None, Completed, Unverified, Cancelled, NotAccepted, Declined, NoShow } = Outcome;

describe("Locking a submitted job", () => {
  it("holds its payment and moves nothing", async () => {
    const world = await newWorld();
    const { market, court } = world;
    const { id, frozen } = await submitted(world);

    const moves = await movesOf(world, async () => {
      await expect(court.lockJob(id, frozen)).to.emit(market, "JobLocked").withArgs(id);
    });

    expect(moves).to.deep.equal({});
    expect(await statusOf(world, id)).to.equal(JobStatus.InCase);
  });

  it("is possible after the challenge window as long as nobody settled", async () => {
    const world = await newWorld();
    const { id, frozen } = await due(world);

    await expect(world.court.lockJob(id, frozen)).to.emit(world.market, "JobLocked").withArgs(id);
  });

  it("keeps when it was submitted and what was frozen", async () => {
    const world = await newWorld();
    const { market, court } = world;
    const { id, frozen } = await submitted(world);
    const { since, digest } = await market.jobOf(id);

    await court.lockJob(id, frozen);

    const locked = await market.jobOf(id);
    expect([locked.since, locked.digest]).to.deep.equal([since, digest]);
  });
});

describe("Releasing a locked job", () => {
  it("lets it be settled, as if it had not been locked", async () => {
    const world = await newWorld();
    const { market, court } = world;
    const { id, frozen } = await locked(world);
    const since = await sinceOf(world, id);

    await expect(court.releaseJob(id, frozen)).to.emit(market, "JobReleased").withArgs(id);

    expect(await statusOf(world, id)).to.equal(JobStatus.Submitted);
    expect(await sinceOf(world, id)).to.equal(since);
    await expect(market.settle(id, frozen)).to.emit(market, "JobSettled");
  });
});

describe("Rejecting a locked job", () => {
  for (const name of ["Withheld", "Rejected", "Undecidable"] as const) {
    it(`as ${name} gives the client the price, ends the exposure and keeps what was frozen`, async () => {
      const world = await newWorld();
      const { market, court, provider } = world;
      const { spec, id, frozen } = await locked(world);
      const { since, digest } = await market.jobOf(id);

      const moves = await movesOf(world, async () => {
        await expect(court.rejectJob(spec, frozen, Outcome[name]))
          .to.emit(market, "JobRefunded")
          .withArgs(id, provider, Outcome[name], PRICE, 0n);
      });

      expect(moves).to.deep.equal({ escrow: -PRICE, "client.balance": PRICE, "provider.exposure": -PRICE });
      expect(membersOf(await market.jobOf(id))).to.deep.equal({ status: BigInt(JobStatus.Rejected), since, digest });
    });
  }

  for (const outcome of [None, Completed, Unverified, Cancelled, NotAccepted, Declined, NoShow]) {
    it(`is refused with outcome ${outcome}, which is not the court's to give`, async () => {
      const world = await newWorld();
      const { market, court } = world;
      const { spec, frozen } = await locked(world);

      await expect(court.rejectJob(spec, frozen, outcome))
        .to.be.revertedWithCustomError(market, "JobInvalidOutcome")
        .withArgs(outcome);
    });
  }

  it("is refused with another spec than was posted", async () => {
    const world = await newWorld();
    const { market, court } = world;
    const { spec, frozen } = await locked(world);
    const other = { ...spec, client: world.stranger.address };

    await expect(court.rejectJob(other, frozen, Outcome.Rejected))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(await idOf(world, other), JobStatus.None);
  });

  it("goes with a slash, so that a conviction costs stake and awards the client", async () => {
    const world = await newWorld();
    const { court, client, provider } = world;
    const { spec, frozen } = await locked(world);
    const awards = [{ recipient: client.address, amount: PRICE }];

    const moves = await movesOf(world, async () => {
      await court.rejectJob(spec, frozen, Outcome.Rejected);
      await court.slash(provider, usd(25), awards);
    });

    expect(moves).to.deep.equal({
      escrow: -PRICE,
      "client.balance": 2n * PRICE,
      "provider.exposure": -PRICE,
      "provider.stake": -usd(25),
      "burned.balance": usd(25) - PRICE,
    });
  });

  it("is possible though the stake is gone", async () => {
    const world = await newWorld();
    const { market, court, provider } = world;
    const { spec, frozen } = await locked(world);
    await court.slash(provider, PROVIDER_STAKE, []);

    await court.rejectJob(spec, frozen, Outcome.Withheld);

    expect((await market.accountOf(provider)).exposure).to.equal(0n);
  });
});

/** The steps that are the court's, by the name of the function. */
const STEPS: Readonly<Record<string, (contract: Steps, job: Job) => Promise<unknown>>> = {
  lockJob: (contract, { id, frozen }) => contract.lockJob(id, frozen),
  releaseJob: (contract, { id, frozen }) => contract.releaseJob(id, frozen),
  rejectJob: (contract, { spec, frozen }) => contract.rejectJob(spec, frozen, Outcome.Rejected),
};

describe("The court's part", () => {
  for (const [name, step] of Object.entries(STEPS)) {
    it(`called ${name} is the court's alone`, async () => {
      const world = await newWorld();
      const { market, stranger } = world;
      const job = name === "lockJob" ? await submitted(world) : await locked(world);

      await expect(step(market.connect(stranger), job))
        .to.be.revertedWithCustomError(market, "StakingNotCourt")
        .withArgs(stranger);
    });

    it(`called ${name} is nobody's in a market without a court`, async () => {
      const world = await newWorldWithoutCourt();
      const job = await submitted(world);

      await expect(step(world.court, job))
        .to.be.revertedWithCustomError(world.market, "StakingNotCourt")
        .withArgs(world.court);
    });

    it(`called ${name} needs what was frozen`, async () => {
      const world = await newWorld();
      const job = name === "lockJob" ? await submitted(world) : await locked(world);
      const wrong = { ...job, frozen: { ...job.frozen, resultRoot: hashText("other") } };

      await expect(step(world.court, wrong))
        .to.be.revertedWithCustomError(world.market, "JobWrongFrozen")
        .withArgs(job.id);
    });
  }
});

type Steps = Pick<World["court"], "lockJob" | "releaseJob" | "rejectJob">;

async function locked(world: World): Promise<Job> {
  const job = await due(world);
  await world.court.lockJob(job.id, job.frozen);
  return job;
}
