import { expect } from "chai";
import { all, closes, escalated, FIRST_TIER, GUILTY, HONEST, SECOND_TIER, speak } from "./support/cases.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, openCourtWorlds } from "./support/court-world.ts";
import { AMOUNT, BOND, bonded, brought, signed } from "./support/receipts.ts";
import { membersOf } from "./support/structs.ts";
import { usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();

describe("A live bond", () => {
  it("is posted from the provider's free balance into the court's account", async () => {
    const world = await newWorld();
    const { court, provider } = world;

    const moves = await courtMovesOf(world, async () => {
      await expect(court.connect(provider).postBond(usd(4)))
        .to.emit(court, "BondPosted")
        .withArgs(provider.address, usd(4));
      await court.connect(provider).postBond(usd(3));
    });

    expect(moves).to.deep.equal({ "provider.balance": -usd(7), "court.balance": usd(7) });
    expect(await bondOf(world)).to.deep.equal({ amount: usd(7), leaving: 0n, withdrawableAt: 0n, openCases: 0n });
  });

  it("is of something, and of what the provider has", async () => {
    const { court, market, provider } = await newWorld();

    await expect(court.connect(provider).postBond(0n)).to.be.revertedWithCustomError(court, "BondZeroAmount");
    await expect(court.connect(provider).postBond(usd(11)))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(provider.address, usd(10), usd(11));
  });

  it("is asked back in parts, and the delay of all that is leaving starts anew", async () => {
    const world = await bonded(await newWorld());
    const { court, provider, parameters } = world;
    await court.connect(provider).requestBondExit(usd(60));
    await pass(world, 3_600);

    const moves = await courtMovesOf(world, async () => {
      const request = court.connect(provider).requestBondExit(usd(40));
      const withdrawableAt = (await now(world)) + 1n + BigInt(parameters.bondDelay);
      await expect(request).to.emit(court, "BondExitRequested").withArgs(provider.address, BOND, withdrawableAt);
      expect(await bondOf(world)).to.include({ amount: BOND, leaving: BOND, withdrawableAt });
    });

    expect(moves).to.deep.equal({});
  });

  it("cannot be asked back twice, nor more than there is, nor nothing", async () => {
    const world = await bonded(await newWorld());
    const { court, provider, stranger } = world;
    await court.connect(provider).requestBondExit(usd(60));

    await expect(court.connect(provider).requestBondExit(usd(40) + 1n))
      .to.be.revertedWithCustomError(court, "BondInsufficient")
      .withArgs(provider.address, usd(40), usd(40) + 1n);
    await expect(court.connect(stranger).requestBondExit(1n))
      .to.be.revertedWithCustomError(court, "BondInsufficient")
      .withArgs(stranger.address, 0n, 1n);
    await expect(court.connect(provider).requestBondExit(0n)).to.be.revertedWithCustomError(court, "BondZeroAmount");
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "kept" : "withdrawn by anyone, for the provider,"} ${when} of its delay`, async () => {
      const world = await bonded(await newWorld());
      const { court, provider, stranger, parameters } = world;
      await court.connect(provider).requestBondExit(usd(60));
      const deadline = (await now(world)) + BigInt(parameters.bondDelay);
      await setNextTime(world, deadline + offset);

      const withdraw = court.connect(stranger).withdrawBond(provider);

      if (isAhead) {
        await expect(withdraw)
          .to.be.revertedWithCustomError(court, "BondNotWithdrawable")
          .withArgs(provider.address, usd(60), deadline, 0n);
      } else {
        await expect(withdraw).to.emit(court, "BondWithdrawn").withArgs(provider.address, usd(60));
        expect(await bondOf(world)).to.include({ amount: usd(40), leaving: 0n });
      }
    });
  }

  it("is withdrawn into the provider's free balance, once", async () => {
    const world = await bonded(await newWorld());
    const { court, provider, parameters } = world;
    await court.connect(provider).requestBondExit(BOND);
    await pass(world, parameters.bondDelay);

    const moves = await courtMovesOf(world, () => court.withdrawBond(provider));

    expect(moves).to.deep.equal({ "provider.balance": BOND, "court.balance": -BOND });
    await expect(court.withdrawBond(provider)).to.be.revertedWithCustomError(court, "BondNotWithdrawable");
  });

  it("stays while a case about a receipt is open, however long it was asked back before", async () => {
    const world = await bonded(await newWorld());
    const { court, provider, parameters } = world;
    await court.connect(provider).requestBondExit(BOND);
    await pass(world, parameters.bondDelay);
    const trial = await brought(world);
    const { withdrawableAt } = await court.bondOf(provider);

    await expect(court.withdrawBond(provider))
      .to.be.revertedWithCustomError(court, "BondNotWithdrawable")
      .withArgs(provider.address, BOND, withdrawableAt, 1n);

    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, parameters.appealWindow);
    await closes(world, trial);
    await court.withdrawBond(provider);
    expect((await court.bondOf(provider)).amount).to.equal(0n);
  });

  it("that is leaving can still be slashed, after what stays", async () => {
    const world = await bonded(await newWorld());
    const { court, provider } = world;
    await court.connect(provider).requestBondExit(usd(95));
    const trial = await escalated(world, await brought(world, await signed(world, { amount: 3n * AMOUNT })));
    await speak(world, trial, all(SECOND_TIER, GUILTY));

    await closes(world, trial);

    expect(await bondOf(world)).to.include({ amount: usd(70), leaving: usd(70), openCases: 0n });
  });

  it("is no stake: jobs do not reach it, and it takes no job", async () => {
    const world = await newWorld();
    const { market, court, stranger } = world;
    await bonded(world, BOND, stranger);

    expect((await market.accountOf(stranger)).stake).to.equal(0n);
    expect(await market.capacityOf(stranger)).to.equal(0n);
    expect((await court.bondOf(stranger)).amount).to.equal(BOND);
  });
});

async function bondOf({ court, provider }: CourtWorld) {
  return membersOf(await court.bondOf(provider));
}
