import { expect } from "chai";
import { SEALED } from "../../client-sdk/src/protocol/generated/constants.ts";
import { CaseStatus, JobStatus, Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
import {
  all,
  challenged,
  closes,
  DRAWN_PRICE,
  escalated,
  FIRST_TIER,
  GUILTY,
  HONEST,
  judged,
  opened,
  SECOND_TIER,
  SMALL_PRICE,
  seated,
  seatsAt,
  speak,
  type Trial,
  trialOf,
} from "./support/cases.ts";
import { AROUND_DEADLINE, pass, setNextTime } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, JUDGED_MODEL, ofSeats, openCourtWorlds } from "./support/court-world.ts";
import { sinceOf, statusOf } from "./support/jobs.ts";
import { CLIENT_BALANCE, usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const newWorldOfTwelve = await openCourtWorlds({ seats: 12 });
const BOND = 500_000n;
const FEE = 20_000n;
const SLASH = usd(25);

describe("A challenge", () => {
  it("holds the payment, takes a bond, and pins the case for a panel that nobody knows yet", async () => {
    const world = await newWorld();
    const { court, client, parameters } = world;
    const job = await judged(world, { price: SMALL_PRICE });
    const { caseId } = trialOf(job, 3n);

    const moves = await courtMovesOf(world, async () => {
      const challenge = await court.connect(client).challenge(job.spec, job.frozen, 3n);
      await expect(challenge).to.emit(court, "CaseOpened").withArgs(caseId, job.id, client, 3n);
      const anchor = (challenge.blockNumber ?? 0) + parameters.drawDelay;
      await expect(challenge).to.emit(court, "CasePinned").withArgs(caseId, 1, anchor);
    });

    expect(moves).to.deep.equal({ "client.balance": -BOND, "court.balance": BOND });
    expect(await statusOf(world, job.id)).to.equal(JobStatus.InCase);
    const { startItem, bond } = await court.caseOf(caseId);
    expect([startItem, bond]).to.deep.equal([3n, BOND]);
  });

  it("is the client's alone, of an item that the job has, once an item", async () => {
    const world = await newWorld();
    const { court, client, stranger } = world;
    const job = await judged(world, { price: SMALL_PRICE });

    await expect(court.connect(stranger).challenge(job.spec, job.frozen, 0n))
      .to.be.revertedWithCustomError(court, "CaseNotClient")
      .withArgs(client, stranger);
    await expect(court.connect(client).challenge(job.spec, job.frozen, 8n))
      .to.be.revertedWithCustomError(court, "CaseNoSuchItem")
      .withArgs(job.id, 8n);
    await court.connect(client).challenge(job.spec, job.frozen, 7n);
    await expect(court.connect(client).challenge(job.spec, job.frozen, 7n))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trialOf(job, 7n).caseId, CaseStatus.Pinned);
    await expect(court.connect(client).challenge(job.spec, job.frozen, 6n)).to.emit(court, "CaseOpened");
    expect(await court.holdsOf(job.id)).to.equal(2n);
  });

  it("needs the bond in the client's free balance", async () => {
    const world = await newWorld();
    const { court, market, client } = world;
    const job = await judged(world, { price: SMALL_PRICE });
    const { balance } = await market.accountOf(client);
    await market.connect(client).withdraw(client, balance);

    await expect(court.connect(client).challenge(job.spec, job.frozen, 0n))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(client, 0n, BOND);
    expect(balance).to.be.below(CLIENT_BALANCE);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when} of the challenge window`, async () => {
      const world = await newWorld();
      const { court, client } = world;
      const job = await judged(world, { price: SMALL_PRICE });
      const deadline = (await sinceOf(world, job.id)) + job.spec.challengeWindow;

      await setNextTime(world, deadline + offset);
      const challenge = court.connect(client).challenge(job.spec, job.frozen, 0n);

      if (isAhead) await expect(challenge).to.emit(court, "CaseOpened");
      else {
        await expect(challenge)
          .to.be.revertedWithCustomError(court, "CaseTooLate")
          .withArgs(trialOf(job, 0n).caseId, deadline);
      }
    });
  }

  it("that acquits costs the client its bond, which goes to the pool", async () => {
    const world = await newWorld();
    const job = await judged(world, { price: SMALL_PRICE });
    const trial = await challenged(world, job, 3n);
    const seats = await seatsAt(world, trial, FIRST_TIER);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, world.parameters.appealWindow);

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Acquitted));

    expect(moves).to.deep.equal({ "court.balance": -BOND, pool: BOND, ...ofSeats(seats, "credit", FEE) });
  });

  it("that convicts gives the bond back, with a fifth of the slash besides the compensation", async () => {
    const world = await newWorld();
    const job = await judged(world);
    const trial = await escalated(world, await challenged(world, job, 3n));
    const seats = await seatsAt(world, trial, [...FIRST_TIER, ...SECOND_TIER]);
    await speak(world, trial, all(SECOND_TIER, GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted));

    expect(moves).to.deep.equal({
      escrow: -DRAWN_PRICE,
      "client.balance": DRAWN_PRICE + DRAWN_PRICE + SLASH / 5n + BOND,
      "court.balance": -BOND,
      "provider.stake": -SLASH,
      "provider.exposure": -DRAWN_PRICE - usd(5),
      pool: 12n * FEE,
      "burned.balance": SLASH - DRAWN_PRICE - SLASH / 5n - 12n * FEE,
      ...ofSeats(seats, "credit", FEE),
    });
  });

  it("compensates by no more than the price", async () => {
    const world = await newWorld();
    const job = await judged(world, { price: usd(1) });
    const trial = await escalated(world, await challenged(world, job, 3n));
    await speak(world, trial, all(SECOND_TIER, GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted));

    expect(moves["client.balance"]).to.equal(usd(1) + usd(1) + SLASH / 5n + BOND);
    expect(moves["burned.balance"]).to.be.at.least(SLASH / 2n);
  });

  it("of a sealed job is possible while a panel stands behind its model: the client discloses by it", async () => {
    const world = await newWorldOfTwelve();
    const { court, client, validators } = world;
    const sealed = { price: SMALL_PRICE, flags: BigInt(SEALED) };
    const job = await judged(world, sealed);

    const trial = await challenged(world, job, 0n);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, world.parameters.appealWindow);
    await closesWith(world, trial, Verdict.Acquitted);

    const other = await judged(world, { ...sealed, salt: `0x${"44".repeat(32)}` });
    const [leaver] = validators as [CourtWorld["client"]];
    await court.connect(leaver).leavePanel(leaver, JUDGED_MODEL);
    await expect(court.connect(client).challenge(other.spec, other.frozen, 0n))
      .to.be.revertedWithCustomError(court, "CaseNotVerified")
      .withArgs(other.id);
  });

  it("of a job that was not verified is refused", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await judged(world, { model: `0x${"22".repeat(32)}` });

    await expect(court.connect(client).challenge(job.spec, job.frozen, 0n))
      .to.be.revertedWithCustomError(court, "CaseNotVerified")
      .withArgs(job.id);
  });
});

describe("An appeal", () => {
  it("takes an acquittal to tier two, with a bond", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const trial = await opened(world);
    await speak(world, trial, all(FIRST_TIER, HONEST));

    const moves = await courtMovesOf(world, async () => {
      const appeal = await court.connect(client).appeal(trial.spec, trial.frozen, trial.key);
      await expect(appeal).to.emit(court, "CaseAppealed").withArgs(trial.caseId, client);
      await expect(appeal).to.emit(court, "CasePinned");
    });

    expect(moves).to.deep.equal({ "client.balance": -BOND, "court.balance": BOND, "provider.exposure": usd(5) });
  });

  it("that convicts pays as a challenge does, and the seats that acquitted pay for their words", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const trial = await opened(world);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    const bribed = await seatsAt(world, trial, FIRST_TIER);
    await court.connect(client).appeal(trial.spec, trial.frozen, trial.key);
    await seated(world, trial);
    const seats = await seatsAt(world, trial, SECOND_TIER);
    await speak(world, trial, all(SECOND_TIER, GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted));

    expect(moves).to.deep.equal({
      escrow: -DRAWN_PRICE,
      "client.balance": DRAWN_PRICE + DRAWN_PRICE + SLASH / 5n + BOND,
      "court.balance": -BOND - 3n * usd(25),
      "provider.stake": -SLASH,
      "provider.exposure": -DRAWN_PRICE - usd(5),
      pool: 9n * FEE + 3n * usd(25),
      "burned.balance": SLASH - DRAWN_PRICE - SLASH / 5n - 9n * FEE,
      ...ofSeats(bribed, "stake", -usd(25)),
      ...ofSeats(seats, "credit", FEE),
    });
  });

  it("against a challenge that acquitted costs both bonds where tier two acquits as well", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const trial = await challenged(world, await judged(world, { price: SMALL_PRICE }), 3n);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await court.connect(client).appeal(trial.spec, trial.frozen, trial.key);
    expect((await court.caseOf(trial.caseId)).bond).to.equal(2n * BOND);
    await seated(world, trial);
    await speak(world, trial, all(SECOND_TIER, HONEST));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Acquitted));

    expect([moves["court.balance"], moves.pool]).to.deep.equal([-2n * BOND, 2n * BOND]);
  });

  it("is the client's alone", async () => {
    const world = await newWorld();
    const { court, client, stranger } = world;
    const trial = await opened(world);
    await speak(world, trial, all(FIRST_TIER, HONEST));

    await expect(court.connect(stranger).appeal(trial.spec, trial.frozen, trial.key))
      .to.be.revertedWithCustomError(court, "CaseNotClient")
      .withArgs(client, stranger);
  });

  it("is refused where tier one did not acquit, has not spoken yet, or was appealed already", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const trial = await opened(world);
    const appeal = () => court.connect(client).appeal(trial.spec, trial.frozen, trial.key);

    await expect(appeal())
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Commit);
    await speak(world, trial, { ...all(FIRST_TIER, HONEST), 0: GUILTY });
    await expect(appeal()).to.be.revertedWithCustomError(court, "CaseNotAcquitted").withArgs(trial.caseId);
    await closes(world, trial);
    await seated(world, trial);
    await speak(world, trial, all(SECOND_TIER, HONEST));
    await expect(appeal()).to.be.revertedWithCustomError(court, "CaseNotAcquitted").withArgs(trial.caseId);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when} of its window`, async () => {
      const world = await newWorld();
      const { court, client, parameters } = world;
      const trial = await opened(world);
      await speak(world, trial, all(FIRST_TIER, HONEST));
      const deadline = (await court.caseOf(trial.caseId)).since + BigInt(parameters.appealWindow);

      await setNextTime(world, deadline + offset);
      const appeal = court.connect(client).appeal(trial.spec, trial.frozen, trial.key);

      if (isAhead) await expect(appeal).to.emit(court, "CaseAppealed");
      else {
        await expect(appeal).to.be.revertedWithCustomError(court, "CaseTooLate").withArgs(trial.caseId, deadline);
      }
    });
  }
});

async function closesWith(world: CourtWorld, trial: Trial, verdict: Verdict): Promise<void> {
  const close = await closes(world, trial);
  await expect(close).to.emit(world.court, "CaseClosed");
  const [event] = await world.court.queryFilter(world.court.filters.CaseClosed(trial.caseId), close.blockNumber ?? 0);
  expect(event?.args.verdict).to.equal(BigInt(verdict));
}
