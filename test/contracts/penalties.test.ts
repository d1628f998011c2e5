import { expect } from "chai";
import { id as hashText } from "ethers";
import { JobStatus, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { accepted, HOUR, idOf, type Job, NOT_FROZEN, PRICE, sinceOf, specOf, submitted } from "./support/jobs.ts";
import { membersOf } from "./support/structs.ts";
import { openWorlds, PROVIDER_STAKE, usd } from "./support/world.ts";

const newWorld = await openWorlds();
const newWorldOfHarshFloors = await openWorlds({ parameters: { noShowFloor: usd(25) } });
const newWorldWithoutPenalties = await openWorlds({
  parameters: { noShowFloor: 0n, noShowShare: 0, declineShare: 0 },
});
const GRACE = BigInt(publicParameters.declineGrace);
/** A hundredth of the price, rounded up, and the fifth of it that the client has. */
const DECLINE_FEE = 33_334n;
const DECLINE_PAID = 6_666n;
/** A twentieth of the price, rounded up, and the fifth of it that the client has. */
const PENALTY = 166_667n;
const PENALTY_PAID = 33_333n;

describe("Declining an accepted job", () => {
  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`${isAhead ? "is free" : "costs a share of the price"} ${when} of the grace`, async () => {
      const world = await newWorld();
      const { market, operator, provider } = world;
      const { spec, id, frozen } = await accepted(world);

      await setNextTime(world, (await sinceOf(world, id)) + GRACE + offset);
      const decline = await market.connect(operator).decline(spec, frozen);

      await expect(decline)
        .to.emit(market, "JobRefunded")
        .withArgs(id, provider, Outcome.Declined, PRICE, isAhead ? 0n : DECLINE_PAID);
      if (isAhead) {
        await expect(decline).not.to.emit(market, "Slashed");
      } else {
        await expect(decline).to.emit(market, "Slashed").withArgs(provider, DECLINE_FEE, 0n);
      }
    });

    it(`is ${isAhead ? "in time" : "too late"} ${when} to submit`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      const { spec, id, frozen } = await accepted(world);
      const deadline = (await sinceOf(world, id)) + HOUR;

      await setNextTime(world, deadline + offset);
      const decline = market.connect(provider).decline(spec, frozen);

      if (isAhead) {
        await expect(decline).to.emit(market, "JobRefunded");
      } else {
        await expect(decline).to.be.revertedWithCustomError(market, "JobTooLate").withArgs(id, deadline);
      }
    });
  }

  it("within the grace gives the price back and ends the exposure", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, id, frozen } = await accepted(world);

    const moves = await movesOf(world, () => market.connect(provider).decline(spec, frozen));

    expect(moves).to.deep.equal({ escrow: -PRICE, "client.balance": PRICE, "provider.exposure": -PRICE });
    expect((await market.jobOf(id)).status).to.equal(JobStatus.Refunded);
  });

  it("after the grace also takes a fee from the stake: a fifth for the client, the rest for the pool", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, frozen } = await accepted(world);
    await pass(world, GRACE);

    const moves = await movesOf(world, () => market.connect(provider).decline(spec, frozen));

    expect(moves).to.deep.equal({
      escrow: -PRICE,
      "client.balance": PRICE + DECLINE_PAID,
      pool: DECLINE_FEE - DECLINE_PAID,
      "provider.exposure": -PRICE,
      "provider.stake": -DECLINE_FEE,
    });
  });

  it("never costs anything where the time to submit is shorter than the grace", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, id, frozen } = await accepted(world, { submitWithin: GRACE });
    await setNextTime(world, (await sinceOf(world, id)) + GRACE - 1n);

    await expect(market.connect(provider).decline(spec, frozen)).not.to.emit(market, "Slashed");
  });

  it("is terminal: the job cannot be taken on again", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, id, frozen } = await accepted(world);
    await market.connect(provider).decline(spec, frozen);

    await expect(market.connect(provider).accept(spec, provider))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(id, JobStatus.Refunded);
  });

  it("is refused with other values than were frozen", async () => {
    const world = await newWorld();
    const { market, provider, rival } = world;
    const { spec, id, frozen } = await accepted(world);

    await expect(market.connect(provider).decline(spec, { ...frozen, price: 0n }))
      .to.be.revertedWithCustomError(market, "JobWrongFrozen")
      .withArgs(id);
    await expect(market.connect(rival).decline(spec, { ...frozen, provider: rival.address }))
      .to.be.revertedWithCustomError(market, "JobWrongFrozen")
      .withArgs(id);
  });

  it("is refused with another spec than was posted", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, frozen } = await accepted(world);
    const other = { ...spec, price: PRICE * 2n };

    await expect(market.connect(provider).decline(other, frozen))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(await idOf(world, other), JobStatus.None);
  });

  it("is too late once the result is submitted", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, id, frozen } = await submitted(world);

    await expect(market.connect(provider).decline(spec, frozen))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(id, JobStatus.Submitted);
  });
});

describe("Expiring a job whose provider did not show", () => {
  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "too early" : "open"} ${when} to submit`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      const { spec, id, frozen } = await accepted(world);
      const deadline = (await sinceOf(world, id)) + HOUR;

      await setNextTime(world, deadline + offset);
      const expire = market.expire(spec, frozen);

      if (isAhead) {
        await expect(expire).to.be.revertedWithCustomError(market, "JobTooEarly").withArgs(id, deadline);
      } else {
        await expect(expire).to.emit(market, "JobRefunded").withArgs(id, provider, Outcome.NoShow, PRICE, PENALTY_PAID);
      }
    });
  }

  it("gives the client the price and a fifth of the penalty, and ends the exposure, whoever calls", async () => {
    const world = await newWorld();
    const { market, stranger } = world;
    const { spec, id, frozen } = await accepted(world);
    await pass(world, HOUR);

    const moves = await movesOf(world, () => market.connect(stranger).expire(spec, frozen));

    expect(moves).to.deep.equal({
      escrow: -PRICE,
      "client.balance": PRICE + PENALTY_PAID,
      pool: PENALTY - PENALTY_PAID,
      "provider.exposure": -PRICE,
      "provider.stake": -PENALTY,
    });
    expect(membersOf(await market.jobOf(id))).to.deep.equal({
      status: BigInt(JobStatus.Refunded),
      since: await now(world),
      digest: `0x${"00".repeat(26)}`,
    });
  });

  it("says that the provider lost stake, none of which burned", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, frozen } = await accepted(world);
    await pass(world, HOUR);

    await expect(market.expire(spec, frozen)).to.emit(market, "Slashed").withArgs(provider, PENALTY, 0n);
  });

  it("costs at least the floor, of which the client has a fifth and the pool the rest", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { noShowFloor } = publicParameters;
    const { spec, id, frozen } = await accepted(world, { price: 100n });
    await pass(world, HOUR);

    const moves = await movesOf(world, async () => {
      const expire = await market.expire(spec, frozen);
      await expect(expire)
        .to.emit(market, "JobRefunded")
        .withArgs(id, provider, Outcome.NoShow, 100n, noShowFloor / 5n);
      await expect(expire).to.emit(market, "Slashed").withArgs(provider, noShowFloor, 0n);
      await expect(expire)
        .to.emit(market, "PenaltyPooled")
        .withArgs(provider, (noShowFloor * 4n) / 5n);
      await expect(expire).not.to.emit(market, "PoolFunded");
    });

    expect(moves).to.deep.equal({
      escrow: -100n,
      "client.balance": 100n + noShowFloor / 5n,
      pool: (noShowFloor * 4n) / 5n,
      "provider.exposure": -100n,
      "provider.stake": -noShowFloor,
    });
  });

  it("costs nothing in a market without penalties", async () => {
    const world = await newWorldWithoutPenalties();
    const { market } = world;
    const { spec, frozen } = await accepted(world);
    await pass(world, HOUR);

    const moves = await movesOf(world, async () => {
      await expect(market.expire(spec, frozen)).not.to.emit(market, "Slashed");
    });

    expect(moves).to.deep.equal({ escrow: -PRICE, "client.balance": PRICE, "provider.exposure": -PRICE });
  });

  it("reaches what is unbonding once the stake is used up, and takes no more than there is", async () => {
    const world = await newWorldOfHarshFloors();
    const { market, provider } = world;
    const jobs: Job[] = [];
    for (const name of ["a", "b", "c", "d", "e"]) {
      jobs.push(await accepted(world, { price: usd(1), salt: hashText(name) }));
    }
    await market.connect(provider).requestUnstake(usd(10));
    await pass(world, HOUR);

    const penalties: bigint[] = [];
    for (const { spec, frozen } of jobs) {
      const moves = await movesOf(world, () => market.expire(spec, frozen));
      penalties.push(-((moves["provider.stake"] ?? 0n) + (moves["provider.unbonding"] ?? 0n)));
    }

    expect(penalties).to.deep.equal([usd(25), usd(25), usd(25), usd(25), 0n]);
    const { stake, exposure } = await market.accountOf(provider);
    const { amount } = await market.unbondingOf(provider);
    expect([stake, amount, exposure]).to.deep.equal([0n, 0n, 0n]);
    expect(PROVIDER_STAKE).to.equal(usd(100));
  });

  it("is refused with other values than were frozen", async () => {
    const world = await newWorld();
    const { market } = world;
    const { spec, id, frozen } = await accepted(world);
    await pass(world, HOUR);

    for (const wrong of [NOT_FROZEN, { ...frozen, provider: world.rival.address }]) {
      await expect(market.expire(spec, wrong)).to.be.revertedWithCustomError(market, "JobWrongFrozen").withArgs(id);
    }
  });

  it("is not possible once the result is submitted, however late it gets", async () => {
    const world = await newWorld();
    const { market } = world;
    const { spec, id, frozen } = await submitted(world);
    await pass(world, 1_000n * HOUR);

    await expect(market.expire(spec, frozen))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(id, JobStatus.Submitted);
  });

  it("needs a job that was posted", async () => {
    const world = await newWorld();
    const { market } = world;
    const spec = await specOf(world);

    await expect(market.expire(spec, NOT_FROZEN))
      .to.be.revertedWithCustomError(market, "JobWrongStatus")
      .withArgs(await idOf(world, spec), JobStatus.None);
  });
});
