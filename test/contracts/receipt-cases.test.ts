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
  mine,
  SECOND_TIER,
  seated,
  seatsAt,
  sitterOf,
  speak,
  type Trial,
} from "./support/cases.ts";
import { pass } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, JUDGED_MODEL, ofSeats, openCourtWorlds, sit } from "./support/court-world.ts";
import { answerFor } from "./support/evidence.ts";
import { AMOUNT, BOND, bonded, brings, brought, CHALLENGE_BOND, type Signed, signed } from "./support/receipts.ts";
import { fund, usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const newWorldOfTwelve = await openCourtWorlds({ seats: 12 });
const FEE = 20_000n;
const DEPOSIT = 100_000n;
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

describe("The data behind a receipt", () => {
  it("is demanded by seats, and answered, as of jobs", async () => {
    const world = await bonded(await newWorld());
    const { court, provider } = world;
    const trial = await brought(world);
    const asker = await sitterOf(world, trial, 0);
    await court.connect(asker).demandForCase(trial.spec, trial.frozen, 0n, 0n);
    expect(await court.holdsOf(trial.id)).to.equal(2n);

    const moves = await courtMovesOf(world, () =>
      court.connect(provider).answer(trial.spec, trial.frozen, trial.caseId, answerFor(trial, 0)),
    );

    expect(moves["court.balance"]).to.equal(-DEPOSIT);
    expect(await court.holdsOf(trial.id)).to.equal(1n);
    expect((await court.caseOf(trial.caseId)).status).to.equal(CaseStatus.Commit);
  });

  it("costs the provider what a conviction does where it is withheld from a seat", async () => {
    const world = await bonded(await newWorld());
    const { court, parameters } = world;
    const trial = await brought(world);
    const seats = await seatsAt(world, trial, FIRST_TIER);
    const asker = await sitterOf(world, trial, 0);
    await court.connect(asker).demandForCase(trial.spec, trial.frozen, 0n, 0n);
    await pass(world, parameters.answerWindow);

    const moves = await courtMovesOf(world, async () => {
      await expect(court.defaultDemand(trial.spec, trial.frozen, trial.caseId))
        .to.emit(court, "CaseClosed")
        .withArgs(trial.caseId, trial.id, Verdict.Withheld, LEAST);
    });

    const awarded = FIFTH + 10n * AMOUNT;
    expect(moves).to.deep.equal({
      "client.balance": CHALLENGE_BOND + awarded,
      "court.balance": -CHALLENGE_BOND - LEAST - DEPOSIT,
      [`validator${seats[0]}.balance`]: DEPOSIT,
      "burned.balance": LEAST - awarded - 3n * FEE,
      pool: 3n * FEE,
      ...ofSeats(seats, "credit", FEE),
    });
    await isOver(world, trial, JobStatus.Rejected);
  });

  it("may be demanded by the payer while the case is open; withheld from it, the case is moot", async () => {
    const world = await bonded(await newWorld());
    const { court, client, provider, parameters } = world;
    const trial = await brought(world);
    await court.connect(client).demand(trial.spec, trial.frozen, 0n, 0n);
    await pass(world, parameters.answerWindow);

    const moves = await courtMovesOf(world, () => court.defaultDemand(trial.spec, trial.frozen, trial.id));

    expect(moves["client.balance"]).to.equal(DEPOSIT + FIFTH + 10n * AMOUNT);
    expect((await court.bondOf(provider)).openCases).to.equal(1n);
    await closesWith(world, trial, Verdict.Moot, 0n);
    await isOver(world, trial, JobStatus.Rejected);
  });

  it("stays demanded after the case is over: until it is answered, or withheld", async () => {
    for (const isAnswered of [true, false]) {
      const world = await bonded(await newWorld());
      const { court, client, provider, parameters } = world;
      const trial = await brought(world);
      await court.connect(client).demand(trial.spec, trial.frozen, 0n, 0n);
      await speak(world, trial, all(FIRST_TIER, HONEST));
      await pass(world, parameters.appealWindow);
      await closesWith(world, trial, Verdict.Acquitted, 0n);
      expect((await court.receiptJobOf(trial.id)).status).to.equal(JobStatus.InCase);
      expect((await court.bondOf(provider)).openCases).to.equal(1n);

      if (isAnswered) {
        await court.connect(provider).answer(trial.spec, trial.frozen, trial.id, answerFor(trial, 0));
      } else {
        await pass(world, parameters.answerWindow);
        await court.defaultDemand(trial.spec, trial.frozen, trial.id);
      }

      await isOver(world, trial, isAnswered ? JobStatus.Settled : JobStatus.Rejected);
      expect((await court.bondOf(provider)).amount).to.equal(isAnswered ? BOND : BOND - LEAST);
    }
  });
});

describe("The panel of a receipt", () => {
  it("has neither the payer's seat nor the provider's", async () => {
    const world = await newWorldOfTwelve();
    const [client, provider] = world.validators as [CourtWorld["client"], CourtWorld["client"]];
    await bonded(world, BOND, provider);
    await fund(world, client, usd(100));
    const judge = { ...world, client, provider };
    const call = await signed(judge, {}, provider);
    const trial = await escalated(judge, await brought(judge, call));

    const seats = await seatsAt(world, trial, EVERYONE);

    expect(seats).not.to.include.members([1n]);
    expect(seats).not.to.include.members([2n]);
    expect(seats.filter((seat) => seat > 0n).length).to.equal(10);
  });

  it("has no seat that joined less than a day before the receipt was issued", async () => {
    const world = await newWorldOfTwelve();
    const { parameters } = world;
    await sit(world, world.validators[12] as CourtWorld["client"]);
    await pass(world, parameters.seatMinAge - 600);
    const call = await signed(world);
    // Old enough by the time of the case, but not when the call was answered.
    await pass(world, 3_600);
    const trial = await escalated(world, await brought(world, call));

    expect(await seatsAt(world, trial, EVERYONE)).not.to.include(13n);
  });

  it("has no quorum where all seats left before: the case ends, and the payer has its bond back", async () => {
    const world = await bonded(await newWorld());
    const { court, validators } = world;
    const call = await signed(world);
    await brings(world, call);
    for (const validator of validators.slice(0, 11)) {
      await court.connect(validator).leavePanel(validator, JUDGED_MODEL);
    }
    await pass(world, 24 * 3_600);
    await mine(world, world.parameters.drawDelay);

    const moves = await courtMovesOf(world, async () => {
      await expect(court.seatPanel(call.spec, call.frozen, 0n)).to.emit(court, "CaseClosed");
    });

    expect(moves).to.deep.equal({ "client.balance": CHALLENGE_BOND, "court.balance": -CHALLENGE_BOND });
    expect((await court.receiptJobOf(call.id)).status).to.equal(JobStatus.Settled);
  });
});

async function closesWith(world: CourtWorld, trial: Trial, verdict: Verdict, slashed: bigint): Promise<void> {
  await expect(closes(world, trial))
    .to.emit(world.court, "CaseClosed")
    .withArgs(trial.caseId, trial.id, verdict, slashed);
}

/** A case whose tier two found the provider guilty; `close` convicts. */
async function convictable(world: CourtWorld, call: Signed): Promise<Trial & Signed> {
  const trial = await brought(world, call);
  await guilty(world, trial);
  return trial;
}

async function guilty(world: CourtWorld, trial: Trial): Promise<void> {
  await escalated(world, trial);
  await speak(world, trial, all(SECOND_TIER, GUILTY));
}

/** Nothing holds the receipt any more, nor the bond. */
async function isOver({ court, provider }: CourtWorld, trial: Trial, status: JobStatus): Promise<void> {
  expect((await court.receiptJobOf(trial.id)).status).to.equal(status);
  expect(await court.holdsOf(trial.id)).to.equal(0n);
  expect((await court.bondOf(provider)).openCases).to.equal(0n);
}
