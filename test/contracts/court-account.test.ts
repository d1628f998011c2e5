import { expect } from "chai";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { movesOf } from "./support/books.ts";
import { accepted, PRICE, posted } from "./support/jobs.ts";
import { CLIENT_BALANCE, fund, openWorlds, usd, type World } from "./support/world.ts";

const newWorld = await openWorlds({ hasCourt: true });
const newWorldWithoutCourt = await openWorlds();
const POOL = usd(3);

describe("The court's account", () => {
  it("collects free balance of an account", async () => {
    const world = await newWorld();
    const { market, court, client } = world;

    const moves = await movesOfCourt(world, async () => {
      await expect(court.collect(client, usd(5)))
        .to.emit(market, "Collected")
        .withArgs(client, usd(5));
    });

    expect(moves).to.deep.equal({ "client.balance": -usd(5), "court.balance": usd(5) });
  });

  it("collects no more than is free: neither reserve nor stake", async () => {
    const world = await newWorld();
    const { market, court, client } = world;
    await market.connect(client).reserve(usd(1));
    const free = CLIENT_BALANCE - usd(1);

    await expect(court.collect(client, free + 1n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(client, free, free + 1n);
  });

  it("pays what it has, and no more", async () => {
    const world = await newWorld();
    const { market, court, stranger } = world;
    await fund(world, court, usd(2));

    const moves = await movesOfCourt(world, async () => {
      await expect(court.pay(stranger, usd(2)))
        .to.emit(market, "Paid")
        .withArgs(stranger, usd(2));
    });

    expect(moves).to.deep.equal({ "court.balance": -usd(2), "stranger.balance": usd(2) });
    await expect(court.pay(stranger, 1n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(court, 0n, 1n);
  });
});

describe("The pool", () => {
  it("pays whom the court says", async () => {
    const world = await withPool();
    const { market, court, stranger } = world;

    const moves = await movesOfCourt(world, async () => {
      await expect(court.payFromPool(stranger, usd(1)))
        .to.emit(market, "PoolPaid")
        .withArgs(stranger, usd(1));
    });

    expect(moves).to.deep.equal({ pool: -usd(1), "stranger.balance": usd(1) });
  });

  it("pays as far as it reaches, tells how far that was, and pays nothing once it is empty", async () => {
    const world = await withPool();
    const { market, court, stranger } = world;
    expect(await court.payFromPool.staticCall(stranger, POOL + 1n)).to.equal(POOL);

    const moves = await movesOfCourt(world, () => court.payFromPool(stranger, POOL + 1n));

    expect(moves).to.deep.equal({ pool: -POOL, "stranger.balance": POOL });
    await expect(court.payFromPool(stranger, 1n)).to.emit(market, "PoolPaid").withArgs(stranger, 0n);
  });
});

describe("The weight of a case", () => {
  it("adds to a provider's exposure, whatever the cap, and is taken off again", async () => {
    const world = await newWorld();
    const { market, court, provider } = world;

    await expect(court.encumber(provider, usd(50)))
      .to.emit(market, "Encumbered")
      .withArgs(provider, usd(50));
    expect(await market.capacityOf(provider)).to.equal(0n);
    await expect(court.disencumber(provider, usd(50)))
      .to.emit(market, "Encumbered")
      .withArgs(provider, 0n);

    expect(await market.capacityOf(provider)).to.equal(usd(20));
  });

  it("moves no money", async () => {
    const world = await newWorld();
    const { court, provider } = world;

    const moves = await movesOfCourt(world, () => court.encumber(provider, usd(5)));

    expect(moves).to.deep.equal({ "provider.exposure": usd(5) });
  });

  it("stands in the way of an accept that would pass the cap with it", async () => {
    const world = await newWorld();
    const { market, court, provider } = world;
    const cap = (usd(100) * BigInt(publicParameters.exposureShare)) / 10_000n;
    const { spec } = await posted(world);
    await court.encumber(provider, cap - PRICE + 1n);

    await expect(market.connect(provider).accept(spec, provider))
      .to.be.revertedWithCustomError(market, "StakingExposureExceeded")
      .withArgs(provider, cap + 1n, cap);

    await court.disencumber(provider, 1n);
    await expect(market.connect(provider).accept(spec, provider)).to.emit(market, "JobAccepted");
  });

  it("keeps the stake behind it from being unstaked", async () => {
    const world = await newWorld();
    const { market, court, provider } = world;
    await court.encumber(provider, usd(5));

    await expect(market.connect(provider).requestUnstake(usd(75) + 1n))
      .to.be.revertedWithCustomError(market, "StakingInsufficientStake")
      .withArgs(provider, usd(75), usd(75) + 1n);
  });

  it("cannot be taken off more than is there", async () => {
    const world = await newWorld();
    const { court, provider } = world;
    await accepted(world);

    await expect(court.disencumber(provider, PRICE + 1n)).to.be.revertedWithPanic(0x11);
  });
});

/** What is the court's alone, by the name of the function. */
const POWERS: Readonly<Record<string, (contract: Powers, world: World) => Promise<unknown>>> = {
  collect: (contract, { client }) => contract.collect(client, 1n),
  pay: (contract, { stranger }) => contract.pay(stranger, 1n),
  payFromPool: (contract, { stranger }) => contract.payFromPool(stranger, 1n),
  encumber: (contract, { provider }) => contract.encumber(provider, 1n),
  disencumber: (contract, { provider }) => contract.disencumber(provider, 1n),
};

describe("A power over the ledger", () => {
  for (const [name, use] of Object.entries(POWERS)) {
    it(`called ${name} is the court's alone`, async () => {
      const world = await withPool();
      const { market, stranger } = world;

      await expect(use(market.connect(stranger), world))
        .to.be.revertedWithCustomError(market, "StakingNotCourt")
        .withArgs(stranger);
    });

    it(`called ${name} is nobody's in a market without a court`, async () => {
      const world = await newWorldWithoutCourt();
      const { market, court } = world;

      await expect(use(court, world)).to.be.revertedWithCustomError(market, "StakingNotCourt").withArgs(court);
    });
  }
});

type Powers = Pick<World["court"], "collect" | "pay" | "payFromPool" | "encumber" | "disencumber">;

/** A world whose pool somebody has funded. */
async function withPool(): Promise<World> {
  const world = await newWorld();
  await world.market.connect(world.client).fundPool(POOL);
  return world;
}

async function movesOfCourt(world: World, action: () => Promise<unknown>) {
  return movesOf(world, action, { court: await world.court.getAddress() });
}
