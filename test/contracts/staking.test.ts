import { expect } from "chai";
import { id as hashText } from "ethers";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { accepted, due } from "./support/jobs.ts";
import { membersOf } from "./support/structs.ts";
import { fund, openWorlds, PROVIDER_BALANCE, PROVIDER_STAKE, usd } from "./support/world.ts";

const newWorld = await openWorlds();
const newWorldOfThirds = await openWorlds({ parameters: { exposureShare: 3_333 } });
const AMOUNT = usd(7);
const PERIOD = BigInt(publicParameters.unbondingPeriod);
/** A fifth of the stake. */
const CAP = PROVIDER_STAKE / 5n;

describe("Staking", () => {
  it("turns free balance into stake", async () => {
    const world = await newWorld();
    const { market, provider } = world;

    const moves = await movesOf(world, () => market.connect(provider).stake(AMOUNT));

    expect(moves).to.deep.equal({ "provider.balance": -AMOUNT, "provider.stake": AMOUNT });
  });

  it("says who staked how much", async () => {
    const { market, provider } = await newWorld();

    await expect(market.connect(provider).stake(AMOUNT)).to.emit(market, "Staked").withArgs(provider, AMOUNT);
  });

  it("of nothing is refused", async () => {
    const { market, provider } = await newWorld();

    await expect(market.connect(provider).stake(0n)).to.be.revertedWithCustomError(market, "StakingZeroAmount");
  });

  it("of more than is free is refused", async () => {
    const { market, provider } = await newWorld();

    await expect(market.connect(provider).stake(PROVIDER_BALANCE + 1n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(provider, PROVIDER_BALANCE, PROVIDER_BALANCE + 1n);
  });

  it("that would not fit the stake is refused", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await fund(world, provider, 2n ** 64n - 1n - PROVIDER_BALANCE);

    await expect(market.connect(provider).stake(2n ** 64n - PROVIDER_STAKE))
      .to.be.revertedWithCustomError(market, "SafeCastOverflowedUintDowncast")
      .withArgs(64, 2n ** 64n);
  });
});

describe("Asking stake back", () => {
  it("moves it out of the stake, into what is unbonding", async () => {
    const world = await newWorld();
    const { market, provider } = world;

    const moves = await movesOf(world, () => market.connect(provider).requestUnstake(AMOUNT));

    expect(moves).to.deep.equal({ "provider.stake": -AMOUNT, "provider.unbonding": AMOUNT });
    expect(membersOf(await market.unbondingOf(provider))).to.deep.equal({
      amount: AMOUNT,
      withdrawableAt: (await now(world)) + PERIOD,
    });
  });

  it("adds up, and the period of all that is unbonding starts anew", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await market.connect(provider).requestUnstake(AMOUNT);
    await pass(world, PERIOD - 5n);
    const timestamp = (await now(world)) + 1n;
    await setNextTime(world, timestamp);

    await expect(market.connect(provider).requestUnstake(1n))
      .to.emit(market, "UnstakeRequested")
      .withArgs(provider, AMOUNT + 1n, timestamp + PERIOD);

    await setNextTime(world, timestamp + PERIOD - 1n);
    await expect(market.withdrawStake(provider))
      .to.be.revertedWithCustomError(market, "StakingNotWithdrawable")
      .withArgs(provider, AMOUNT + 1n, timestamp + PERIOD);
  });

  it("may take all of it where nothing is exposed", async () => {
    const { market, provider } = await newWorld();

    await market.connect(provider).requestUnstake(PROVIDER_STAKE);

    expect((await market.accountOf(provider)).stake).to.equal(0n);
  });

  it("of nothing is refused", async () => {
    const { market, provider } = await newWorld();

    await expect(market.connect(provider).requestUnstake(0n)).to.be.revertedWithCustomError(
      market,
      "StakingZeroAmount",
    );
  });

  it("of more than there is is refused", async () => {
    const { market, provider } = await newWorld();

    await expect(market.connect(provider).requestUnstake(PROVIDER_STAKE + 1n))
      .to.be.revertedWithCustomError(market, "StakingInsufficientStake")
      .withArgs(provider, PROVIDER_STAKE, PROVIDER_STAKE + 1n);
  });

  it("that would not fit what is unbonding is refused", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await market.connect(provider).requestUnstake(PROVIDER_STAKE);
    await fund(world, provider, 2n ** 64n - 1n - PROVIDER_BALANCE);
    await market.connect(provider).stake(2n ** 64n - PROVIDER_STAKE);

    await expect(market.connect(provider).requestUnstake(2n ** 64n - PROVIDER_STAKE))
      .to.be.revertedWithCustomError(market, "SafeCastOverflowedUintDowncast")
      .withArgs(64, 2n ** 64n);
  });

  it("leaves what the exposure needs, to the unit", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await accepted(world, { price: usd(6) });
    const available = PROVIDER_STAKE - usd(30);

    await expect(market.connect(provider).requestUnstake(available + 1n))
      .to.be.revertedWithCustomError(market, "StakingInsufficientStake")
      .withArgs(provider, available, available + 1n);

    await market.connect(provider).requestUnstake(available);
    expect((await market.accountOf(provider)).stake).to.equal(usd(30));
  });

  it("leaves the minimum stake while any job is under way: a conviction takes no less", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const { spec, frozen } = await accepted(world, { price: 1n });
    const available = PROVIDER_STAKE - publicParameters.minStake;

    await expect(market.connect(provider).requestUnstake(available + 1n))
      .to.be.revertedWithCustomError(market, "StakingInsufficientStake")
      .withArgs(provider, available, available + 1n);

    await market.connect(provider).decline(spec, frozen);
    await market.connect(provider).requestUnstake(available + 1n);
  });

  it("rounds what the exposure needs up", async () => {
    const world = await newWorldOfThirds();
    const { market, provider } = world;
    await accepted(world, { price: usd(10) });

    // Ten tokens are a share of 0.3333 of 30.0030003, so that one unit less carries too little.
    const needed = 30_003_001n;
    await expect(market.connect(provider).requestUnstake(PROVIDER_STAKE - needed + 1n))
      .to.be.revertedWithCustomError(market, "StakingInsufficientStake")
      .withArgs(provider, PROVIDER_STAKE - needed, PROVIDER_STAKE - needed + 1n);

    await market.connect(provider).requestUnstake(PROVIDER_STAKE - needed);
    expect((await market.accountOf(provider)).stake).to.equal(needed);
  });

  it("finds nothing available once a penalty has eaten into what the exposure needs", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const missed = await accepted(world, { price: 1n, submitWithin: 1n });
    await accepted(world, { price: CAP - 1n, salt: hashText("second") });
    await market.expire(missed.spec, missed.frozen);

    await expect(market.connect(provider).requestUnstake(1n))
      .to.be.revertedWithCustomError(market, "StakingInsufficientStake")
      .withArgs(provider, 0n, 1n);
  });

  it("is open again once the job is settled", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const job = await due(world);
    await market.settle(job.id, job.frozen);

    await market.connect(provider).requestUnstake(PROVIDER_STAKE);

    expect((await market.accountOf(provider)).stake).to.equal(0n);
  });
});

describe("Withdrawing unbonded stake", () => {
  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "too early" : "open"} ${when}`, async () => {
      const world = await newWorld();
      const { market, provider } = world;
      await market.connect(provider).requestUnstake(AMOUNT);
      const withdrawableAt = (await now(world)) + PERIOD;

      await setNextTime(world, withdrawableAt + offset);
      const withdraw = market.withdrawStake(provider);

      if (isAhead) {
        await expect(withdraw)
          .to.be.revertedWithCustomError(market, "StakingNotWithdrawable")
          .withArgs(provider, AMOUNT, withdrawableAt);
      } else {
        await expect(withdraw).to.emit(market, "StakeWithdrawn").withArgs(provider, AMOUNT);
      }
    });
  }

  it("moves all of it into free balance, whoever calls", async () => {
    const world = await newWorld();
    const { market, provider, stranger } = world;
    await market.connect(provider).requestUnstake(AMOUNT);
    await pass(world, PERIOD);

    const moves = await movesOf(world, () => market.connect(stranger).withdrawStake(provider));

    expect(moves).to.deep.equal({ "provider.unbonding": -AMOUNT, "provider.balance": AMOUNT });
  });

  it("happens once", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await market.connect(provider).requestUnstake(AMOUNT);
    await pass(world, PERIOD);
    await market.withdrawStake(provider);

    await expect(market.withdrawStake(provider))
      .to.be.revertedWithCustomError(market, "StakingNotWithdrawable")
      .withArgs(provider, 0n, 0n);
  });

  it("needs something that was asked back", async () => {
    const { market, provider } = await newWorld();

    await expect(market.withdrawStake(provider))
      .to.be.revertedWithCustomError(market, "StakingNotWithdrawable")
      .withArgs(provider, 0n, 0n);
  });
});

describe("A provider's capacity", () => {
  it("is the exposure cap less what is exposed", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    expect(await market.capacityOf(provider)).to.equal(CAP);

    await accepted(world, { price: usd(3) });

    expect(await market.capacityOf(provider)).to.equal(CAP - usd(3));
  });

  it("is nothing below the minimum stake", async () => {
    const { market, provider } = await newWorld();
    await market.connect(provider).requestUnstake(PROVIDER_STAKE - publicParameters.minStake);
    expect(await market.capacityOf(provider)).to.equal(publicParameters.minStake / 5n);

    await market.connect(provider).requestUnstake(1n);

    expect(await market.capacityOf(provider)).to.equal(0n);
  });

  it("is nothing where a penalty left more exposed than the cap", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const missed = await accepted(world, { price: 1n, submitWithin: 1n });
    await accepted(world, { price: CAP - 1n, salt: hashText("second") });
    await market.expire(missed.spec, missed.frozen);

    const { stake, exposure } = await market.accountOf(provider);
    expect(exposure > stake / 5n).to.equal(true);
    expect(await market.capacityOf(provider)).to.equal(0n);
  });
});
