import { expect } from "chai";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { movesOf } from "./support/books.ts";
import { pass } from "./support/clock.ts";
import { MODEL, posted } from "./support/jobs.ts";
import { openWorlds, PROVIDER_STAKE, usd } from "./support/world.ts";

const newWorld = await openWorlds({ hasCourt: true });
const newWorldWithoutCourt = await openWorlds();
const AMOUNT = usd(30);

describe("A slash", () => {
  it("takes stake, gives the awards as balance and burns the rest", async () => {
    const world = await newWorld();
    const { court, provider, client, stranger } = world;
    const awards = [
      { recipient: client.address, amount: usd(10) },
      { recipient: stranger.address, amount: usd(2) },
    ];

    const moves = await movesOf(world, () => court.slash(provider, AMOUNT, awards));

    expect(moves).to.deep.equal({
      "provider.stake": -AMOUNT,
      "client.balance": usd(10),
      "stranger.balance": usd(2),
      "burned.balance": usd(18),
    });
  });

  it("says how much was taken and how much of it burned", async () => {
    const { market, court, provider, client } = await newWorld();
    const awards = [{ recipient: client.address, amount: usd(10) }];

    await expect(court.slash(provider, AMOUNT, awards))
      .to.emit(market, "Slashed")
      .withArgs(provider, AMOUNT, usd(20));
  });

  it("says whom it gave what of whose stake, and then that it was taken", async () => {
    const { market, court, provider, client, stranger } = await newWorld();
    const awards = [
      { recipient: client.address, amount: usd(10) },
      { recipient: stranger.address, amount: usd(2) },
    ];

    const slash = await court.slash(provider, AMOUNT, awards);

    const receipt = await slash.wait();
    const told = receipt?.logs
      .map((log) => market.interface.parseLog(log))
      .map((log) => [log?.name, ...(log?.args ?? [])]);
    expect(told).to.deep.equal([
      ["Awarded", client.address, provider.address, usd(10)],
      ["Awarded", stranger.address, provider.address, usd(2)],
      ["Slashed", provider.address, AMOUNT, usd(18)],
    ]);
  });

  it("is the court's alone", async () => {
    const { market, provider, stranger } = await newWorld();

    await expect(market.connect(stranger).slash(provider, AMOUNT, []))
      .to.be.revertedWithCustomError(market, "StakingNotCourt")
      .withArgs(stranger);
  });

  it("is nobody's in a market without a court", async () => {
    const { market, court, provider } = await newWorldWithoutCourt();

    await expect(court.slash(provider, AMOUNT, []))
      .to.be.revertedWithCustomError(market, "StakingNotCourt")
      .withArgs(court);
  });

  it("awards at most half of what it takes, to the unit", async () => {
    const world = await newWorld();
    const { market, court, provider, client } = world;
    const half = { recipient: client.address, amount: 3n };

    await expect(court.slash(provider, 7n, [half, { ...half, amount: 1n }]))
      .to.be.revertedWithCustomError(market, "StakingAwardsTooHigh")
      .withArgs(4n, 7n);

    const moves = await movesOf(world, () => court.slash(provider, 7n, [half]));
    expect(moves).to.deep.equal({ "provider.stake": -7n, "client.balance": 3n, "burned.balance": 4n });
  });

  it("takes no more than there is, and tells how much that was", async () => {
    const world = await newWorld();
    const { market, court, provider } = world;
    expect(await court.slash.staticCall(provider, PROVIDER_STAKE + 1n, [])).to.equal(PROVIDER_STAKE);

    await expect(court.slash(provider, PROVIDER_STAKE + 1n, []))
      .to.emit(market, "Slashed")
      .withArgs(provider, PROVIDER_STAKE, PROVIDER_STAKE);

    expect((await market.accountOf(provider)).stake).to.equal(0n);
  });

  it("holds the awards to half of what there was, not of what was asked for", async () => {
    const { market, court, provider, client } = await newWorld();
    const awards = [{ recipient: client.address, amount: PROVIDER_STAKE / 2n + 1n }];

    await expect(court.slash(provider, PROVIDER_STAKE * 10n, awards))
      .to.be.revertedWithCustomError(market, "StakingAwardsTooHigh")
      .withArgs(PROVIDER_STAKE / 2n + 1n, PROVIDER_STAKE);
  });

  it("of a provider that has nothing takes nothing", async () => {
    const world = await newWorld();

    expect(await movesOf(world, () => world.court.slash(world.stranger, AMOUNT, []))).to.deep.equal({});
  });

  it("takes the stake first and then what is unbonding", async () => {
    const world = await newWorld();
    const { market, court, provider } = world;
    await market.connect(provider).requestUnstake(usd(80));

    const moves = await movesOf(world, () => court.slash(provider, AMOUNT, []));

    expect(moves).to.deep.equal({
      "provider.stake": -usd(20),
      "provider.unbonding": -usd(10),
      "burned.balance": AMOUNT,
    });
  });

  it("reaches all that is unbonding, also after its period, until it is withdrawn", async () => {
    const world = await newWorld();
    const { market, court, provider } = world;
    await market.connect(provider).requestUnstake(PROVIDER_STAKE);
    await pass(world, publicParameters.unbondingPeriod);

    const moves = await movesOf(world, () => court.slash(provider, PROVIDER_STAKE * 2n, []));

    expect(moves).to.deep.equal({ "provider.unbonding": -PROVIDER_STAKE, "burned.balance": PROVIDER_STAKE });
    const { withdrawableAt } = await market.unbondingOf(provider);
    await expect(market.withdrawStake(provider))
      .to.be.revertedWithCustomError(market, "StakingNotWithdrawable")
      .withArgs(provider, 0n, withdrawableAt);
  });

  it("cannot reach free balance or what others staked", async () => {
    const world = await newWorld();
    const { market, court, provider } = world;
    await market.connect(provider).requestUnstake(PROVIDER_STAKE);
    await pass(world, publicParameters.unbondingPeriod);
    await market.withdrawStake(provider);

    expect(await movesOf(world, () => court.slash(provider, AMOUNT, []))).to.deep.equal({});
  });

  it("that leaves less than the minimum stake ends new accepts", async () => {
    const world = await newWorld();
    const { market, court, provider } = world;
    const { spec } = await posted(world);
    const left = publicParameters.minStake - 1n;
    await court.slash(provider, PROVIDER_STAKE - left, []);

    await expect(market.connect(provider).accept(spec, provider))
      .to.be.revertedWithCustomError(market, "StakingBelowMinimum")
      .withArgs(provider, left, publicParameters.minStake);
  });
});

describe("The verified flag of a model", () => {
  it("is set and lifted by the court", async () => {
    const { market, court } = await newWorld();

    for (const verified of [true, false]) {
      await expect(court.setVerified(MODEL, verified)).to.emit(market, "ModelVerified").withArgs(MODEL, verified);
      expect(await market.isVerified(MODEL)).to.equal(verified);
    }
  });

  it("is not set at first", async () => {
    const { market } = await newWorld();

    expect(await market.isVerified(MODEL)).to.equal(false);
  });

  it("is the court's alone", async () => {
    const { market, stranger } = await newWorld();

    await expect(market.connect(stranger).setVerified(MODEL, true))
      .to.be.revertedWithCustomError(market, "StakingNotCourt")
      .withArgs(stranger);
  });

  it("is never set in a market without a court", async () => {
    const { market, court } = await newWorldWithoutCourt();

    await expect(court.setVerified(MODEL, true))
      .to.be.revertedWithCustomError(market, "StakingNotCourt")
      .withArgs(court);
    expect(await market.isVerified(MODEL)).to.equal(false);
  });
});
