import { expect } from "chai";
import { id as hashText } from "ethers";
import { SEALED } from "../../client-sdk/src/protocol/generated/constants.ts";
import { Draw, JobStatus, Obstacle, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { fulfil, ordered, quoted, take } from "./support/agreements.ts";
import { pass, setNextTime } from "./support/clock.ts";
import { due, HOUR, idOf, MODEL, PRICE, posted, sinceOf, statusOf, submitted } from "./support/jobs.ts";
import { openWorlds, usd, type World } from "./support/world.ts";

const openWorld = await openWorlds({ hasCourt: true });
/** Two hundredths of the price, rounded up. */
const FEE = 66_667n;

/** A world whose court says that the model is verified, and answers every draw so. */
async function newWorld(answer: Draw = Draw.NotDrawn): Promise<World> {
  const world = await openWorld();
  await world.court.setVerified(MODEL, true);
  await world.court.setAnswer(answer);
  return world;
}

describe("Whether a job is verified", () => {
  it("is told at the accept", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, id } = await posted(world);

    await expect(market.connect(provider).accept(spec, provider))
      .to.emit(market, "JobAccepted")
      .withArgs(id, provider, true);
  });

  it("is told where a quote or an order stands for the accept", async () => {
    const world = await newWorld();
    const { market, client, provider } = world;
    await market.connect(client).reserve(usd(100));
    const quote = await quoted(world);
    const order = await ordered(world, { salt: hashText("order") });

    await expect(take(world, quote))
      .to.emit(market, "JobAccepted")
      .withArgs(await idOf(world, quote.spec), provider, true);
    await expect(fulfil(world, order))
      .to.emit(market, "JobAccepted")
      .withArgs(await idOf(world, order.spec), provider, true);
  });

  it("stays as it was at the accept when the court lifts the flag", async () => {
    const world = await newWorld();
    const { market, court } = world;
    const { id, frozen } = await due(world);
    await court.setVerified(MODEL, false);
    await court.setAnswer(Draw.Drawn);

    await expect(market.settle(id, frozen)).to.be.revertedWithCustomError(market, "JobDrawn").withArgs(id);
  });

  it("stays as it was at the accept when the court sets the flag", async () => {
    const world = await openWorld();
    const { market, court, provider } = world;
    const { id, frozen } = await due(world);
    await court.setVerified(MODEL, true);
    await court.setAnswer(Draw.Drawn);

    await expect(market.settle(id, frozen))
      .to.emit(market, "JobSettled")
      .withArgs(id, provider, Outcome.Unverified, PRICE - FEE, FEE);
  });

  it("hangs on the job's own model", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, id } = await posted(world, { model: hashText("other model") });

    await expect(market.connect(provider).accept(spec, provider))
      .to.emit(market, "JobAccepted")
      .withArgs(id, provider, false);
  });
});

describe("The draw of a verified job", () => {
  it("is not asked for an unverified job", async () => {
    const world = await openWorld();
    const { market, court } = world;
    await court.setAnswer(Draw.Drawn);
    const { id, frozen } = await due(world);

    await expect(market.settle(id, frozen)).to.emit(market, "JobSettled");
  });

  it("is not asked for a job told with other values than were frozen", async () => {
    const world = await newWorld(Draw.Drawn);
    const { market } = world;
    const { id, frozen } = await due(world);

    await expect(market.settle(id, { ...frozen, verified: false }))
      .to.be.revertedWithCustomError(market, "JobWrongFrozen")
      .withArgs(id);
  });

  it("lets the provider be paid where it is not drawn, as completed", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { id, frozen } = await due(world);

    expect(await market.settle.staticCall(id, frozen)).to.equal(BigInt(Outcome.Completed));
    await expect(market.settle(id, frozen))
      .to.emit(market, "JobSettled")
      .withArgs(id, provider, Outcome.Completed, PRICE - FEE, FEE);
  });

  it("does not shorten the challenge window where it is not drawn", async () => {
    const world = await newWorld();
    const { market } = world;
    const { id, frozen } = await submitted(world);
    const deadline = (await sinceOf(world, id)) + HOUR;
    await setNextTime(world, deadline - 1n);

    await expect(market.settle(id, frozen)).to.be.revertedWithCustomError(market, "JobTooEarly").withArgs(id, deadline);
  });

  it("holds the payment while it is pending, also after the window", async () => {
    const world = await newWorld(Draw.Pending);
    const { market, court } = world;
    const { id, frozen } = await due(world);

    await expect(market.settle(id, frozen)).to.be.revertedWithCustomError(market, "JobDrawPending").withArgs(id);

    await court.setAnswer(Draw.NotDrawn);
    await expect(market.settle(id, frozen)).to.emit(market, "JobSettled");
  });

  it("holds the payment where it is drawn, also after the window", async () => {
    const world = await newWorld(Draw.Drawn);
    const { market } = world;
    const { id, frozen } = await due(world);

    await expect(market.settle(id, frozen)).to.be.revertedWithCustomError(market, "JobDrawn").withArgs(id);

    expect(await statusOf(world, id)).to.equal(JobStatus.Submitted);
  });

  it("is told before the challenge window is over, so that nobody waits for nothing", async () => {
    const world = await newWorld(Draw.Drawn);
    const { market, stranger } = world;
    const { id, frozen } = await submitted(world);

    await expect(market.connect(stranger).settle(id, frozen))
      .to.be.revertedWithCustomError(market, "JobDrawn")
      .withArgs(id);
  });
});

describe("The draw in a batch", () => {
  it("passes over a job whose draw is pending", async () => {
    const world = await newWorld(Draw.Pending);
    const { market } = world;
    const job = await due(world);
    const unverified = await due(world, { model: hashText("other model") });

    const settle = await market.settleMany([job, unverified]);

    await expect(settle).to.emit(market, "JobSkipped").withArgs(job.id, Obstacle.DrawPending);
    expect(await statusOf(world, job.id)).to.equal(JobStatus.Submitted);
    expect(await statusOf(world, unverified.id)).to.equal(JobStatus.Settled);
  });

  it("passes over a job that is drawn and pays the others", async () => {
    const world = await newWorld(Draw.Drawn);
    const { market } = world;
    const job = await due(world);
    const unverified = await due(world, { model: hashText("other model") });

    const settle = await market.settleMany([job, unverified]);

    await expect(settle).to.emit(market, "JobSkipped").withArgs(job.id, Obstacle.Drawn);
    expect(await statusOf(world, job.id)).to.equal(JobStatus.Submitted);
    expect(await statusOf(world, unverified.id)).to.equal(JobStatus.Settled);
  });
});

describe("A sealed job", () => {
  it("is never drawn: its inputs are for the provider alone", async () => {
    const world = await newWorld(Draw.Drawn);
    const { market, provider } = world;
    const { id, frozen } = await due(world, { flags: BigInt(SEALED) });

    await expect(market.settle(id, frozen))
      .to.emit(market, "JobSettled")
      .withArgs(id, provider, Outcome.Unverified, PRICE - FEE, FEE);
  });

  it("is accepted as not verified, by an accept, a quote or an order", async () => {
    const world = await newWorld();
    const { market, client, provider } = world;
    await market.connect(client).reserve(usd(100));
    const sealed = { flags: BigInt(SEALED) };
    const { spec, id } = await posted(world, sealed);
    const quote = await quoted(world, { ...sealed, salt: hashText("quote") });
    const order = await ordered(world, { ...sealed, salt: hashText("order") });

    await expect(market.connect(provider).accept(spec, provider))
      .to.emit(market, "JobAccepted")
      .withArgs(id, provider, false);
    await expect(take(world, quote))
      .to.emit(market, "JobAccepted")
      .withArgs(await idOf(world, quote.spec), provider, false);
    await expect(fulfil(world, order))
      .to.emit(market, "JobAccepted")
      .withArgs(await idOf(world, order.spec), provider, false);
  });

  it("may still be locked by the court, for its own client's case", async () => {
    const world = await newWorld();
    const { market, court } = world;
    const { id, frozen } = await submitted(world, { flags: BigInt(SEALED) });

    await expect(court.lockJob(id, frozen)).to.emit(market, "JobLocked").withArgs(id);
  });
});

describe("A drawn job that the court released", () => {
  it("is settled as any other once the court answers that it is not drawn any more", async () => {
    const world = await newWorld(Draw.Drawn);
    const { market, court, provider } = world;
    const { id, frozen } = await due(world);
    await court.lockJob(id, frozen);
    await court.setAnswer(Draw.NotDrawn);
    await court.releaseJob(id, frozen);

    await expect(market.settle(id, frozen))
      .to.emit(market, "JobSettled")
      .withArgs(id, provider, Outcome.Completed, PRICE - FEE, FEE);
  });

  it("is held as before where the court answers that it is drawn still", async () => {
    const world = await newWorld(Draw.Drawn);
    const { market, court } = world;
    const { id, frozen } = await due(world);
    await court.lockJob(id, frozen);
    await court.releaseJob(id, frozen);

    await expect(market.settle(id, frozen)).to.be.revertedWithCustomError(market, "JobDrawn").withArgs(id);
  });

  it("does not wait anew: its window still counts from the submit", async () => {
    const world = await newWorld(Draw.Drawn);
    const { market, court } = world;
    const { id, frozen } = await submitted(world);
    const since = await sinceOf(world, id);
    await court.lockJob(id, frozen);
    await pass(world, HOUR);
    await court.setAnswer(Draw.NotDrawn);
    await court.releaseJob(id, frozen);

    expect(await sinceOf(world, id)).to.equal(since);
    await expect(market.settle(id, frozen)).to.emit(market, "JobSettled");
  });
});
