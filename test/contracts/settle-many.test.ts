import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus, Obstacle } from "../../client-sdk/src/protocol/generated/enums.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, setNextTime } from "./support/clock.ts";
import { accepted, due, HOUR, type Job, PRICE, sinceOf, statusOf, submitted } from "./support/jobs.ts";
import { openWorlds, type World, ZERO_ADDRESS } from "./support/world.ts";

const newWorld = await openWorlds();
/** Two hundredths of the price, rounded up. */
const FEE = 66_667n;

describe("Settling many jobs", () => {
  it("pays each, of one provider or several, whoever calls", async () => {
    const world = await newWorld();
    const { market, rival, stranger } = world;
    const jobs = [
      await submitted(world, { salt: hashText("a") }),
      await submitted(world, { salt: hashText("b") }),
      await due(world, { salt: hashText("c"), provider: ZERO_ADDRESS }, rival),
    ];

    const moves = await movesOf(world, () => market.connect(stranger).settleMany(jobs));

    expect(moves).to.deep.equal({
      escrow: -3n * PRICE,
      "provider.balance": 2n * (PRICE - FEE),
      "provider.fees": 2n * FEE,
      "provider.exposure": -2n * PRICE,
      "rival.balance": PRICE - FEE,
      "rival.fees": FEE,
      "rival.exposure": -PRICE,
    });
    for (const { id } of jobs) expect(await statusOf(world, id)).to.equal(JobStatus.Settled);
  });

  it("of an empty list does nothing", async () => {
    const world = await newWorld();

    expect(await movesOf(world, () => world.market.settleMany([]))).to.deep.equal({});
  });

  it("passes over a job that does not exist", async () => {
    await expectSkipped((job) => ({ ...job, id: hashText("nothing") }), Obstacle.WrongStatus);
  });

  it("passes over a job that is not submitted yet", async () => {
    await expectSkipped((_, world) => accepted(world, { salt: hashText("other") }), Obstacle.WrongStatus);
  });

  it("passes over a job that is settled", async () => {
    await expectSkipped(async (job, { market }) => {
      await market.settle(job.id, job.frozen);
      return job;
    }, Obstacle.WrongStatus);
  });

  it("passes over a job that was told with other frozen values", async () => {
    await expectSkipped((job) => ({ ...job, frozen: { ...job.frozen, price: PRICE * 2n } }), Obstacle.WrongFrozen);
  });

  it("passes over a job whose challenge window is open", async () => {
    await expectSkipped((_, world) => submitted(world, { salt: hashText("other") }), Obstacle.TooEarly);
  });

  it("pays a job once that is named twice", async () => {
    const world = await newWorld();
    const { market } = world;
    const job = await due(world);

    const moves = await movesOf(world, async () => {
      await expect(market.settleMany([job, job]))
        .to.emit(market, "JobSkipped")
        .withArgs(job.id, Obstacle.WrongStatus);
    });

    expect(moves).to.deep.equal({
      escrow: -PRICE,
      "provider.balance": PRICE - FEE,
      "provider.fees": FEE,
      "provider.exposure": -PRICE,
    });
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`${isAhead ? "passes over" : "pays"} a job ${when} for a challenge`, async () => {
      const world = await newWorld();
      const { market } = world;
      const job = await submitted(world);
      const deadline = (await sinceOf(world, job.id)) + HOUR;

      await setNextTime(world, deadline + offset);
      const settle = market.settleMany([job]);

      if (isAhead) {
        await expect(settle).to.emit(market, "JobSkipped").withArgs(job.id, Obstacle.TooEarly);
      } else {
        await expect(settle).to.emit(market, "JobSettled");
      }
    });
  }
});

/** Settles a batch of a job with an obstacle and two that are due: the first is passed over, the others are paid. */
async function expectSkipped(
  hinder: (job: Job, world: World) => Job | Promise<Job>,
  obstacle: Obstacle,
): Promise<void> {
  const world = await newWorld();
  const { market } = world;
  const before = await due(world, { salt: hashText("before") });
  const after = await due(world, { salt: hashText("after") });
  const hindered = await hinder(await due(world, { salt: hashText("hindered") }), world);
  const status = await statusOf(world, hindered.id);

  const settle = await market.settleMany([before, hindered, after]);

  await expect(settle).to.emit(market, "JobSkipped").withArgs(hindered.id, obstacle);
  expect(await statusOf(world, hindered.id)).to.equal(status);
  for (const { id } of [before, after]) expect(await statusOf(world, id)).to.equal(JobStatus.Settled);
}
