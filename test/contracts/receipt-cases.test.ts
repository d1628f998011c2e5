import { expect } from "chai";
import type { Address } from "viem";
import { DRAW_KEY } from "../../client-sdk/src/protocol/generated/constants.ts";
import { CaseStatus, JobStatus, Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
import {
  all,
  closes,
  escalated,
  FIRST_TIER,
  GUILTY,
  HONEST,
  SECOND_TIER,
  seated,
  seatsAt,
  speak,
} from "./support/cases.ts";
import { pass } from "./support/clock.ts";
import { courtMovesOf, ofSeats, openCourtWorlds } from "./support/court-world.ts";
import { closesWith, convictable, guilty, isOver } from "./support/receipt-trials.ts";
import { AMOUNT, BOND, bonded, brings, brought, CHALLENGE_BOND, type Signed, signed } from "./support/receipts.ts";
import { usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const FEE = 20_000n;
const WEIGHT = usd(5);
/** The least that a false receipt costs, and a fifth of it. */
const LEAST = usd(10);
const FIFTH = usd(2);
const EVERYONE = [...FIRST_TIER, ...SECOND_TIER];

describe("A case about a receipt", () => {
  it("that acquits costs the payer its bond; the provider loses nothing, and the receipt is settled", async () => {
    const world = await bonded(await newWorld());
    const { court, provider, parameters } = world;
    const trial = await brought(world);
    const seats = await seatsAt(world, trial, FIRST_TIER);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, parameters.appealWindow);

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Acquitted, 0n));

    expect(moves).to.deep.equal({
      "court.balance": -CHALLENGE_BOND,
      pool: CHALLENGE_BOND,
      ...ofSeats(seats, "credit", FEE),
    });
    await isOver(world, trial, JobStatus.Settled);
    expect((await court.bondOf(provider)).amount).to.equal(BOND);
    await expect(brings(world, trial)).to.be.revertedWithCustomError(court, "ReceiptAlreadyBrought");
  });

  it("that convicts takes the least, where a thousand amounts are not more: half and more of it burns", async () => {
    const world = await bonded(await newWorld());
    const { court, provider } = world;
    const trial = await convictable(world, await signed(world, { amount: AMOUNT / 2n }));
    const seats = await seatsAt(world, trial, EVERYONE);

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, LEAST));

    const awarded = FIFTH + 5n * AMOUNT;
    expect(moves).to.deep.equal({
      "client.balance": CHALLENGE_BOND + awarded,
      "court.balance": -CHALLENGE_BOND - LEAST,
      "burned.balance": LEAST - awarded - 12n * FEE,
      "provider.exposure": -WEIGHT,
      pool: 12n * FEE,
      ...ofSeats(seats, "credit", FEE),
    });
    await isOver(world, trial, JobStatus.Rejected);
    expect((await court.bondOf(provider)).amount).to.equal(BOND - LEAST);
    await expect(brings(world, trial)).to.be.revertedWithCustomError(court, "ReceiptAlreadyBrought");
  });

  it("that convicts takes a thousand amounts where that is more, and the stake stays as it is", async () => {
    const world = await bonded(await newWorld());
    const { court } = world;
    const trial = await convictable(world, await signed(world, { amount: 3n * AMOUNT }));
    const close = closes(world, trial);

    await expect(close).to.emit(court, "CaseClosed").withArgs(trial.caseId, trial.id, Verdict.Convicted, usd(30));
    const burned = usd(30) - usd(6) - 30n * AMOUNT - 12n * FEE;
    await expect(close).to.emit(court, "BondSlashed").withArgs(world.provider.address, usd(30), burned);
    expect((await world.market.accountOf(world.provider)).stake).to.equal(usd(100));
  });

  it("that convicts over nothing charged compensates nothing: the payer has the challenger's fifth", async () => {
    const world = await bonded(await newWorld());
    const trial = await convictable(world, await signed(world, { amount: 0n }));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, LEAST));

    expect(moves["client.balance"]).to.equal(CHALLENGE_BOND + FIFTH);
  });

  it("awards two fifths at most, however much was charged", async () => {
    const world = await bonded(await newWorld());
    const trial = await convictable(world, await signed(world, { amount: usd(50) }));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, BOND));

    expect(moves["client.balance"]).to.equal(usd(5) + (2n * BOND) / 5n);
    expect(moves["burned.balance"]).to.equal(BOND - (2n * BOND) / 5n - 12n * FEE);
  });

  it("gives a provider that is its own payer back less than half of what it loses", async () => {
    const world = await bonded(await newWorld());
    const { provider } = world;
    const own = { payer: provider.address as Address, amount: usd(50) };
    const judge = { ...world, client: provider };

    const moves = await courtMovesOf(world, async () => {
      const trial = await escalated(world, await brought(judge, await signed(world, own)));
      await speak(world, trial, all(SECOND_TIER, GUILTY));
      await closesWith(world, trial, Verdict.Convicted, BOND);
    });

    expect(moves["provider.balance"]).to.equal((2n * BOND) / 5n);
  });

  it("that cannot be decided leaves the receipt as it is; the payer's bond pays the seats", async () => {
    const world = await bonded(await newWorld());
    const trial = await escalated(world, await brought(world));
    const seats = await seatsAt(world, trial, EVERYONE);
    const others = [6, 7, 8, 9, 10, 11].map((position) => [position, { ...HONEST, tokens: position }] as const);
    await speak(world, trial, { ...all([3, 4, 5], HONEST), ...Object.fromEntries(others) });

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Undecidable, 0n));

    expect(moves).to.deep.equal({
      "client.balance": CHALLENGE_BOND - 12n * FEE,
      "court.balance": -CHALLENGE_BOND,
      "provider.exposure": -WEIGHT,
      pool: 12n * FEE,
      ...ofSeats(seats, "credit", FEE),
    });
    await isOver(world, trial, JobStatus.Settled);
  });

  it("without a quorum repays nobody, for nothing was escrowed: the fines of the absent go to the pool", async () => {
    const world = await bonded(await newWorld());
    const trial = await escalated(world, await brought(world));
    const present = await seatsAt(world, trial, [0, 1, 2, 3, 4, 5, 6, 7]);
    const absent = await seatsAt(world, trial, [8, 9, 10, 11]);
    await speak(world, trial, all([3, 4, 5, 6, 7], GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.NoQuorum, 0n));

    expect(moves).to.deep.equal({
      "client.balance": CHALLENGE_BOND - 8n * FEE,
      "court.balance": -CHALLENGE_BOND - 4n * usd(5),
      "provider.exposure": -WEIGHT,
      pool: 4n * usd(5) + 8n * FEE,
      ...ofSeats(present, "credit", FEE),
      ...ofSeats(absent, "stake", -usd(5)),
    });
    await isOver(world, trial, JobStatus.Settled);
  });

  it("can be appealed, with as much again", async () => {
    const world = await bonded(await newWorld());
    const { court, client } = world;
    const trial = await brought(world, await signed(world, { amount: usd(9) }));
    await speak(world, trial, all(FIRST_TIER, HONEST));

    const moves = await courtMovesOf(world, () => court.connect(client).appeal(trial.spec, trial.frozen, 0n));

    expect(moves["client.balance"]).to.equal(-usd(9) / 10n);
    await seated(world, trial);
    await speak(world, trial, all(SECOND_TIER, GUILTY));
    await closesWith(world, trial, Verdict.Convicted, BOND);
  });

  it("is the only one about it: nobody draws it, and the payer cannot challenge it once more", async () => {
    const world = await bonded(await newWorld());
    const { court, client, stranger } = world;
    const trial = await brought(world);

    await expect(court.connect(stranger).openDrawn(trial.spec, trial.frozen))
      .to.be.revertedWithCustomError(court, "CaseNotDrawn")
      .withArgs(trial.id);
    await expect(court.connect(client).challenge(trial.spec, trial.frozen, 0n))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Commit);
    await expect(court.seatPanel(trial.spec, trial.frozen, DRAW_KEY)).to.be.revertedWithCustomError(
      court,
      "CaseWrongStatus",
    );
  });

  it("is of the receipt that was brought: not before, not with another's values, not once it is over", async () => {
    const world = await bonded(await newWorld());
    const { court, client, parameters } = world;
    const call = await signed(world);
    const refused = async (of: Signed, frozen = of.frozen) => {
      await expect(court.seatPanel(of.spec, frozen, 0n))
        .to.be.revertedWithCustomError(court, "CaseWrongJob")
        .withArgs(of.id);
      await expect(court.connect(client).demand(of.spec, frozen, 0n, 0n)).to.be.revertedWithCustomError(
        court,
        "CaseWrongJob",
      );
    };
    await refused(call);
    const trial = await brought(world, call);
    await refused(call, { ...call.frozen, submitBlock: 1n });
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, parameters.appealWindow);
    await closes(world, trial);
    await refused(call);
  });

  it("cannot become a job of the market", async () => {
    const world = await bonded(await newWorld());
    const { market, client } = world;
    const { spec, receipt } = await signed(world);

    await expect(
      market
        .connect(client)
        .post({ ...spec, acceptBy: BigInt(receipt.issuedAt + 600), submitWithin: 60n, challengeWindow: 3_600n }, ""),
    )
      .to.be.revertedWithCustomError(market, "JobInvalidSpec")
      .withArgs("flags");
  });
});

describe("Several receipts of one provider", () => {
  it("are judged side by side; a later conviction finds what an earlier one left, and ends all the same", async () => {
    const world = await bonded(await newWorld(), usd(12));
    const { court, provider } = world;
    const first = await brought(world, await signed(world, { seq: 1n }));
    const second = await brought(world, await signed(world, { seq: 2n }));
    expect((await court.bondOf(provider)).openCases).to.equal(2n);
    for (const trial of [first, second]) await guilty(world, trial);

    await closesWith(world, first, Verdict.Convicted, usd(10));
    const moves = await courtMovesOf(world, () => closesWith(world, second, Verdict.Convicted, usd(2)));

    // Two fifths of two, of which a tenth goes to the seats; the payer's bond pays the rest of them.
    const rest = 12n * FEE - usd(2) / 10n;
    expect(moves["client.balance"]).to.equal(CHALLENGE_BOND + usd(2) / 5n + 10n * AMOUNT - rest);
    expect(moves.pool).to.equal(12n * FEE);
    expect((await court.bondOf(provider)).amount).to.equal(0n);
    await isOver(world, second, JobStatus.Rejected);
  });

  it("without any bond left take nothing from anybody else: the payer's bond pays the seats, not the pool", async () => {
    const world = await newWorld();
    const trial = await convictable(world, await signed(world));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, 0n));

    expect(moves["client.balance"]).to.equal(CHALLENGE_BOND - 12n * FEE);
    expect(moves.pool).to.equal(12n * FEE);
    expect(moves["burned.balance"]).to.equal(undefined);
  });
});
