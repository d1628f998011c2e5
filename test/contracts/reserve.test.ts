import { expect } from "chai";
import { publicParameters } from "../../scripts/network/parameters.ts";
import { movesOf } from "./support/books.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { membersOf } from "./support/structs.ts";
import { CLIENT_BALANCE, fund, openWorlds, usd } from "./support/world.ts";

const newWorld = await openWorlds();
const AMOUNT = usd(70);
const DELAY = BigInt(publicParameters.releaseDelay);

describe("A reserve", () => {
  it("takes free balance aside to back orders", async () => {
    const world = await newWorld();
    const { market, client } = world;

    const moves = await movesOf(world, () => market.connect(client).reserve(AMOUNT));

    expect(moves).to.deep.equal({ "client.balance": -AMOUNT, "client.reserve": AMOUNT });
  });

  it("says who reserved how much", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).reserve(AMOUNT)).to.emit(market, "Reserved").withArgs(client, AMOUNT);
  });

  it("grows by what is added", async () => {
    const { market, client } = await newWorld();

    await market.connect(client).reserve(AMOUNT);
    await market.connect(client).reserve(1n);

    expect(membersOf(await market.reserveOf(client))).to.deep.equal({
      amount: AMOUNT + 1n,
      leaving: 0n,
      releasableAt: 0n,
    });
  });

  it("of nothing is refused", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).reserve(0n)).to.be.revertedWithCustomError(market, "LedgerZeroAmount");
  });

  it("of more than is free is refused", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).reserve(CLIENT_BALANCE + 1n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(client, CLIENT_BALANCE, CLIENT_BALANCE + 1n);
  });

  it("that would not fit 64 bits is refused", async () => {
    const world = await newWorld();
    const { market, client } = world;
    await market.connect(client).reserve(CLIENT_BALANCE);
    await fund(world, client, 2n ** 64n - 1n);

    await expect(market.connect(client).reserve(2n ** 64n - CLIENT_BALANCE)).to.be.revertedWithPanic(0x11);
  });
});

describe("Asking a reserve back", () => {
  it("marks the part that is leaving and when, and moves nothing", async () => {
    const world = await newWorld();
    const { market, client } = world;
    await market.connect(client).reserve(AMOUNT);

    const moves = await movesOf(world, () => market.connect(client).requestRelease(usd(20)));

    expect(moves).to.deep.equal({});
    expect(membersOf(await market.reserveOf(client))).to.deep.equal({
      amount: AMOUNT,
      leaving: usd(20),
      releasableAt: (await now(world)) + DELAY,
    });
  });

  it("adds up, and the delay of all that is leaving starts anew", async () => {
    const world = await newWorld();
    const { market, client } = world;
    await market.connect(client).reserve(AMOUNT);
    await market.connect(client).requestRelease(usd(20));
    await pass(world, DELAY - 5n);
    const timestamp = (await now(world)) + 1n;
    await setNextTime(world, timestamp);

    await expect(market.connect(client).requestRelease(usd(30)))
      .to.emit(market, "ReleaseRequested")
      .withArgs(client, usd(50), timestamp + DELAY);

    await pass(world, DELAY - 1n);
    await market.release(client);
    expect((await market.reserveOf(client)).amount).to.equal(AMOUNT - usd(50));
  });

  it("of nothing is refused", async () => {
    const { market, client } = await newWorld();

    await expect(market.connect(client).requestRelease(0n)).to.be.revertedWithCustomError(market, "LedgerZeroAmount");
  });

  it("of more than is there is refused, what is leaving already included", async () => {
    const { market, client } = await newWorld();
    await market.connect(client).reserve(AMOUNT);
    await market.connect(client).requestRelease(AMOUNT);

    await expect(market.connect(client).requestRelease(1n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientReserve")
      .withArgs(client, AMOUNT, AMOUNT + 1n);
  });
});

describe("Releasing a reserve", () => {
  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "too early" : "open"} ${when}`, async () => {
      const world = await newWorld();
      const { market, client } = world;
      await market.connect(client).reserve(AMOUNT);
      await market.connect(client).requestRelease(usd(20));
      const releasableAt = (await now(world)) + DELAY;

      await setNextTime(world, releasableAt + offset);
      const release = market.connect(client).release(client);

      if (isAhead) {
        await expect(release)
          .to.be.revertedWithCustomError(market, "LedgerNotReleasable")
          .withArgs(client, usd(20), releasableAt);
      } else {
        await expect(release).to.emit(market, "Released").withArgs(client, usd(20));
      }
    });
  }

  it("moves what was asked back, and no more, into free balance, whoever calls", async () => {
    const world = await newWorld();
    const { market, client, stranger } = world;
    await market.connect(client).reserve(AMOUNT);
    await market.connect(client).requestRelease(usd(20));
    await pass(world, DELAY);

    const moves = await movesOf(world, () => market.connect(stranger).release(client));

    expect(moves).to.deep.equal({ "client.balance": usd(20), "client.reserve": -usd(20) });
    expect((await market.reserveOf(client)).leaving).to.equal(0n);
  });

  it("happens once", async () => {
    const world = await newWorld();
    const { market, client } = world;
    await market.connect(client).reserve(AMOUNT);
    await market.connect(client).requestRelease(usd(20));
    const releasableAt = (await now(world)) + DELAY;
    await pass(world, DELAY);
    await market.release(client);

    await expect(market.release(client))
      .to.be.revertedWithCustomError(market, "LedgerNotReleasable")
      .withArgs(client, 0n, releasableAt);
  });

  it("needs something that was asked back", async () => {
    const { market, client } = await newWorld();
    await market.connect(client).reserve(AMOUNT);

    await expect(market.release(client))
      .to.be.revertedWithCustomError(market, "LedgerNotReleasable")
      .withArgs(client, 0n, 0n);
  });
});
