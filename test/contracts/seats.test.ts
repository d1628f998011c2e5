import { expect } from "chai";
import { movesOf } from "./support/books.ts";
import { all, closes, FIRST_TIER, HONEST, opened, speak } from "./support/cases.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, JUDGED_MODEL, openCourtWorlds, POOL } from "./support/court-world.ts";
import { membersOf } from "./support/structs.ts";
import { usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const newWorldOfTwelve = await openCourtWorlds({ seats: 12 });
const STAKE = usd(50);

describe("Staking a seat", () => {
  it("makes the seat with the first stake, and tells its number", async () => {
    const world = await newWorld();
    const { court, stranger } = world;
    await fundStranger(world);
    expect(await court.connect(stranger).stakeSeat.staticCall(STAKE)).to.equal(14n);

    const moves = await courtMovesOf(world, async () => {
      await expect(court.connect(stranger).stakeSeat(STAKE))
        .to.emit(court, "SeatStaked")
        .withArgs(14n, stranger, STAKE);
    });

    expect(moves).to.deep.equal({ "stranger.balance": -STAKE, "court.balance": STAKE });
    expect(await court.seatOf(stranger)).to.equal(14n);
    expect(membersOf(await court.seatAt(14n))).to.deep.equal({ owner: stranger.address, stake: STAKE });
  });

  it("raises the stake of a seat that is there", async () => {
    const world = await newWorld();
    const { court, validators } = world;

    await expect(court.connect(validators[0]).stakeSeat(usd(1)))
      .to.emit(court, "SeatStaked")
      .withArgs(1n, validators[0], usd(1));

    expect((await court.seatAt(1n)).stake).to.equal(STAKE + usd(1));
  });

  it("is refused where it would leave less than a whole seat stake", async () => {
    const world = await newWorld();
    const { court, stranger } = world;
    await fundStranger(world);

    await expect(court.connect(stranger).stakeSeat(STAKE - 1n))
      .to.be.revertedWithCustomError(court, "SeatsBelowStake")
      .withArgs(STAKE - 1n, STAKE);
    expect(await court.seatOf(stranger)).to.equal(0n);
  });

  it("takes free balance, and no other", async () => {
    const { court, market, stranger } = await newWorld();

    await expect(court.connect(stranger).stakeSeat(STAKE))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(stranger, 0n, STAKE);
  });

  it("is refused where the court cannot number more seats", async () => {
    const world = await newWorld();
    const { court, stranger } = world;
    await fundStranger(world);
    await setSeatCount(world, 2 ** 21 - 2);

    await court.connect(stranger).stakeSeat(STAKE);
    expect(await court.seatOf(stranger)).to.equal(2n ** 21n - 1n);
    await expect(court.connect(world.client).stakeSeat(STAKE)).to.be.revertedWithCustomError(court, "SeatsFull");
  });
});

describe("Withdrawing a seat's stake", () => {
  it("is refused while the seat sits on a panel", async () => {
    const { court, validators } = await newWorld();

    await expect(court.connect(validators[0]).withdrawSeat())
      .to.be.revertedWithCustomError(court, "SeatsNotWithdrawable")
      .withArgs(validators[0], 1n, BigInt(259_200));
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "too early" : "open"} ${when} of the unbonding that began with its last leave`, async () => {
      const world = await newWorld();
      const { court, validators, parameters } = world;
      const [validator] = validators as [CourtWorld["client"]];
      await court.connect(validator).leavePanel(validator, JUDGED_MODEL);
      const withdrawableAt = (await now(world)) + BigInt(parameters.seatUnbonding);

      await setNextTime(world, withdrawableAt + offset);
      const withdraw = court.connect(validator).withdrawSeat();

      if (isAhead) {
        await expect(withdraw)
          .to.be.revertedWithCustomError(court, "SeatsNotWithdrawable")
          .withArgs(validator, 0n, withdrawableAt);
      } else {
        await expect(withdraw).to.emit(court, "SeatWithdrawn").withArgs(1n, validator, STAKE);
      }
    });
  }

  it("gives the stake back as free balance, once", async () => {
    const world = await newWorld();
    const { court, validators, parameters } = world;
    const [validator] = validators as [CourtWorld["client"]];
    await court.connect(validator).leavePanel(validator, JUDGED_MODEL);
    await pass(world, parameters.seatUnbonding);

    const moves = await courtMovesOf(world, () => court.connect(validator).withdrawSeat());

    expect(moves).to.deep.equal({ "court.balance": -STAKE, "validator1.balance": STAKE, "seat1.stake": -STAKE });
    await expect(court.connect(validator).withdrawSeat()).to.be.revertedWithCustomError(court, "SeatsNotWithdrawable");
  });

  it("is open at once for a seat that never sat on a panel", async () => {
    const world = await newWorldOfTwelve();
    const { court, validators } = world;
    const idle = validators[12] as CourtWorld["client"];
    await court.connect(idle).stakeSeat(STAKE);

    await expect(court.connect(idle).withdrawSeat()).to.emit(court, "SeatWithdrawn").withArgs(13n, idle, STAKE);
  });

  it("is refused to whoever has no seat", async () => {
    const { court, stranger } = await newWorld();

    await expect(court.connect(stranger).withdrawSeat()).to.be.revertedWithCustomError(court, "SeatsNotWithdrawable");
  });

  it("leaves the seat its number, and room to stake again", async () => {
    const world = await newWorld();
    const { court, validators, parameters } = world;
    const [validator] = validators as [CourtWorld["client"]];
    await court.connect(validator).leavePanel(validator, JUDGED_MODEL);
    await pass(world, parameters.seatUnbonding);
    await court.connect(validator).withdrawSeat();

    await expect(court.connect(validator).stakeSeat(STAKE)).to.emit(court, "SeatStaked").withArgs(1n, validator, STAKE);
  });
});

describe("Claiming what was earned", () => {
  it("pays from the pool, whoever calls", async () => {
    const world = await newWorld();
    const { court, rival, stranger } = world;
    await acquit(world);

    const moves = await courtMovesOf(world, async () => {
      await expect(court.connect(rival).claim(stranger)).to.emit(court, "Claimed").withArgs(stranger, 10_000n);
    });

    expect(moves).to.deep.equal({ pool: -10_000n, "stranger.balance": 10_000n, "stranger.credit": -10_000n });
  });

  it("pays as far as the pool reaches, and leaves the rest standing", async () => {
    const world = await newWorld();
    const { court, market, client, stranger } = world;
    await acquit(world);
    await emptyPool(world);
    await market.connect(client).fundPool(4_000n);
    expect(await court.claim.staticCall(stranger)).to.equal(4_000n);

    const moves = await courtMovesOf(world, () => court.claim(stranger));

    expect(moves).to.deep.equal({ pool: -4_000n, "stranger.balance": 4_000n, "stranger.credit": -4_000n });
    expect(await court.creditOf(stranger)).to.equal(6_000n);
  });

  it("is refused where the pool is empty, and takes no credit away", async () => {
    const world = await newWorld();
    const { court, market, client, stranger } = world;
    await acquit(world);
    await emptyPool(world);

    await expect(court.claim(stranger))
      .to.be.revertedWithCustomError(court, "SeatsNothingToClaim")
      .withArgs(stranger, 10_000n);

    await market.connect(client).fundPool(10_000n);
    expect(await movesOf(world, () => court.claim(stranger))).to.deep.equal({
      pool: -10_000n,
      "stranger.balance": 10_000n,
    });
  });

  it("is refused where nothing was earned", async () => {
    const { court, stranger } = await newWorld();

    await expect(court.claim(stranger))
      .to.be.revertedWithCustomError(court, "SeatsNothingToClaim")
      .withArgs(stranger, 0n);
  });
});

/** The stranger opens a drawn case, which acquits. */
async function acquit(world: CourtWorld): Promise<void> {
  const trial = await opened(world);
  await speak(world, trial, all(FIRST_TIER, HONEST));
  await pass(world, world.parameters.appealWindow);
  await closes(world, trial);
}

/** Has the pool pay all of it to somebody. */
async function emptyPool({ chain, market, court, friend }: CourtWorld): Promise<void> {
  const address = await court.getAddress();
  await chain.networkHelpers.impersonateAccount(address);
  await chain.networkHelpers.setBalance(address, 10n ** 18n);
  await market.connect(await chain.ethers.getSigner(address)).payFromPool(friend, POOL);
  await chain.networkHelpers.stopImpersonatingAccount(address);
}

async function fundStranger({ market, stranger }: CourtWorld): Promise<void> {
  await market.connect(stranger).deposit(stranger, usd(60));
}

/** Writes how many seats there are where the court keeps it: in the first slot that holds the number of now. */
async function setSeatCount({ chain, court }: CourtWorld, count: number): Promise<void> {
  const address = await court.getAddress();
  for (let slot = 0; slot < 8; slot++) {
    const word = await chain.networkHelpers.getStorageAt(address, slot);
    if (BigInt(word) === 13n) {
      await chain.networkHelpers.setStorageAt(address, slot, count);
      return;
    }
  }
  throw new Error("The court keeps the number of seats elsewhere.");
}
