import { expect } from "chai";
import { CaseStatus, JobStatus, Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
import { all, escalated, FIRST_TIER, HONEST, mine, SECOND_TIER, seatsAt, sitterOf, speak } from "./support/cases.ts";
import { pass } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, JUDGED_MODEL, ofSeats, openCourtWorlds, sit } from "./support/court-world.ts";
import { answerFor } from "./support/evidence.ts";
import { closesWith, isOver } from "./support/receipt-trials.ts";
import { AMOUNT, BOND, bonded, brings, brought, CHALLENGE_BOND, signed } from "./support/receipts.ts";
import { fund, usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const newWorldOfTwelve = await openCourtWorlds({ seats: 12 });
const FEE = 20_000n;
const DEPOSIT = 100_000n;
/** The least that a false receipt costs, and a fifth of it. */
const LEAST = usd(10);
const FIFTH = usd(2);
const EVERYONE = [...FIRST_TIER, ...SECOND_TIER];

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
