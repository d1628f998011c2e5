import { expect } from "chai";
import { DRAW_KEY } from "../../client-sdk/src/protocol/generated/constants.ts";
import { CaseStatus, Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
import {
  all,
  challenged,
  closes,
  commits,
  DRAWN_PRICE,
  escalated,
  FIRST_TIER,
  GUILTY,
  HONEST,
  opened,
  SECOND_TIER,
  SMALL_PRICE,
  seatsAt,
  sitterOf,
  speak,
  type Trial,
} from "./support/cases.ts";
import { now, pass } from "./support/clock.ts";
import { COURT_PARAMETERS, type CourtWorld, courtMovesOf, ofSeats, openCourtWorlds } from "./support/court-world.ts";
import { answerFor, delivered, type Evidence, itemOf } from "./support/evidence.ts";
import { usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const DEPOSIT = COURT_PARAMETERS.demandDeposit;
const SLASH = usd(25);
const FEE = 20_000n;

describe("A seat's demand", () => {
  it("stops the clock of its case, which starts anew with the answer", async () => {
    const world = await newWorld();
    const { court, provider, parameters } = world;
    const job = await delivered(world, [itemOf(3), itemOf(4)]);
    const trial = await opened(world, job);
    const first = Number((await court.caseOf(trial.caseId)).startItem);
    const sitter = await sitterOf(world, trial, 2);
    const [seat] = await seatsAt(world, trial, [2]);
    await pass(world, parameters.commitWindow - 60);

    const asked = await courtMovesOf(world, async () => {
      await expect(demands(world, trial, 2))
        .to.emit(court, "Demanded")
        .withArgs(job.id, trial.caseId, sitter, first, 0, (await now(world)) + BigInt(parameters.answerWindow) + 1n);
    });
    expect(asked).to.deep.equal({ "court.balance": DEPOSIT, [`validator${seat}.balance`]: -DEPOSIT });
    expect((await court.caseOf(trial.caseId)).status).to.equal(CaseStatus.Waiting);
    await pass(world, parameters.commitWindow);

    const answered = await courtMovesOf(world, () =>
      court.connect(provider).answer(job.spec, job.frozen, trial.caseId, answerFor(job, first)),
    );
    expect(answered).to.deep.equal({ "court.balance": -DEPOSIT, [`validator${seat}.balance`]: DEPOSIT });
    const { status, since, demands: count } = await court.caseOf(trial.caseId);
    expect([status, since, count]).to.deep.equal([BigInt(CaseStatus.Commit), await now(world), 1n]);
    await commits(world, trial, 0, HONEST);
  });

  it("goes through the items in the order of the case, from where the last answer ended", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await delivered(world, [itemOf(100), itemOf(0), itemOf(1_030)]);
    const trial = await opened(world, job);
    const first = Number((await court.caseOf(trial.caseId)).startItem);
    const order = [0, 1, 2].map((offset) => (first + offset) % 3);
    const wanted = order.flatMap((item) =>
      item === 2
        ? [
            [2, 0],
            [2, 1],
          ]
        : [[item, 0]],
    );
    const asked: number[][] = [];

    for (const [item, chunk] of wanted) {
      const { status } = await court.caseOf(trial.caseId);
      expect(status).to.equal(CaseStatus.Commit);
      const attempt = demands(world, trial, 0);
      if (asked.flat().length > 0 && isEnough(asked)) {
        await expect(attempt).to.be.revertedWithCustomError(court, "DemandExhausted").withArgs(trial.caseId);
        break;
      }
      await expect(attempt).to.emit(court, "Demanded");
      const open = await court.demandOf(trial.caseId);
      expect([open.item, open.chunk]).to.deep.equal([BigInt(item as number), BigInt(chunk as number)]);
      await court.answer(job.spec, job.frozen, trial.caseId, answerFor(job, item as number, chunk));
      asked.push([item as number, chunk as number]);
    }
    await expect(demands(world, trial, 0))
      .to.be.revertedWithCustomError(court, "DemandExhausted")
      .withArgs(trial.caseId);
  });

  it("is left no more than twelve in a case", async () => {
    const world = await newWorld();
    const { court } = world;
    const items = Array.from({ length: 14 }, () => itemOf(1));
    const job = await delivered(world, items);
    const trial = await opened(world, job);

    for (let count = 0; count < 12; count++) {
      await demands(world, trial, 0);
      const { item } = await court.demandOf(trial.caseId);
      await court.answer(job.spec, job.frozen, trial.caseId, answerFor(job, Number(item)));
    }

    await expect(demands(world, trial, 0))
      .to.be.revertedWithCustomError(court, "DemandExhausted")
      .withArgs(trial.caseId);
  });

  it("is for those who sit in the tier that is running, while they may commit", async () => {
    const world = await newWorld();
    const { court, stranger, parameters } = world;
    const job = await delivered(world, [itemOf(3)]);
    const trial = await opened(world, job);
    const sitter = await sitterOf(world, trial, 0);
    const by = (account: CourtWorld["client"], position: bigint) =>
      court.connect(account).demandForCase(trial.spec, trial.frozen, trial.key, position);

    await expect(by(stranger, 0n))
      .to.be.revertedWithCustomError(court, "CaseNotSeat")
      .withArgs(trial.caseId, 0, stranger);
    for (const position of [3n, 12n, 2n ** 255n]) {
      await expect(by(sitter, position))
        .to.be.revertedWithCustomError(court, "CaseNotSeat")
        .withArgs(trial.caseId, position, sitter);
    }
    await pass(world, parameters.commitWindow);
    await expect(by(sitter, 0n)).to.be.revertedWithCustomError(court, "CaseTooLate");
    await closes(world, await afterReveals(world, trial));
    await expect(by(sitter, 0n))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Pinned);
  });

  it("is refused where the job is not in a case", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await smallJob(world);

    await expect(court.demandForCase(job.spec, job.frozen, DRAW_KEY, 0))
      .to.be.revertedWithCustomError(court, "CaseWrongJob")
      .withArgs(job.id);
  });

  it("needs the deposit in the seat's free balance", async () => {
    const world = await newWorld();
    const { market } = world;
    const job = await delivered(world, [itemOf(3)]);
    const trial = await opened(world, job);
    const sitter = await sitterOf(world, trial, 0);
    const { balance } = await market.accountOf(sitter);
    await market.connect(sitter).withdraw(sitter, balance);

    await expect(demands(world, trial, 0))
      .to.be.revertedWithCustomError(market, "LedgerInsufficientBalance")
      .withArgs(sitter, 0n, DEPOSIT);
  });

  for (const tier of [1, 2]) {
    it(`that nobody answers ends a case of tier ${tier} as withheld: seats are paid, the provider is slashed`, async () => {
      const world = await newWorld();
      const { court, parameters } = world;
      const job = await delivered(world, [itemOf(3)]);
      const trial = await opened(world, job);
      if (tier === 2) await escalated(world, trial);
      const positions = tier === 1 ? FIRST_TIER : [...FIRST_TIER, ...SECOND_TIER];
      const seats = await seatsAt(world, trial, positions);
      const by = tier === 1 ? 0 : 5;
      const [asking] = await seatsAt(world, trial, [by]);
      await demands(world, trial, by);
      await pass(world, parameters.answerWindow);

      const moves = await courtMovesOf(world, async () => {
        await expect(court.defaultDemand(job.spec, job.frozen, trial.caseId))
          .to.emit(court, "CaseClosed")
          .withArgs(trial.caseId, job.id, Verdict.Withheld, SLASH);
      });

      const fees = BigInt(seats.length) * FEE;
      expect(moves).to.deep.equal({
        escrow: -DRAWN_PRICE,
        "client.balance": DRAWN_PRICE + DRAWN_PRICE,
        "court.balance": -DEPOSIT,
        [`validator${asking}.balance`]: DEPOSIT,
        "provider.stake": -SLASH,
        "provider.exposure": -DRAWN_PRICE - (tier === 2 ? usd(5) : 0n),
        "burned.balance": SLASH - DRAWN_PRICE - fees,
        pool: fees,
        ...ofSeats(seats, "credit", FEE),
      });
      expect(await court.holdsOf(job.id)).to.equal(0n);
    });
  }

  it("of a case that became moot is given back", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await delivered(world, [itemOf(3), itemOf(3)]);
    const convicting = await escalated(world, await opened(world, job));
    const waiting = await challenged(world, job, 1n);
    await demands(world, waiting, 0);
    const [asking] = await seatsAt(world, waiting, [0]);
    await speak(world, convicting, all(SECOND_TIER, GUILTY));
    await closes(world, convicting);
    await closes(world, waiting);

    const moves = await courtMovesOf(world, () => court.defaultDemand(job.spec, job.frozen, waiting.caseId));

    expect(moves).to.deep.equal({ "court.balance": -DEPOSIT, [`validator${asking}.balance`]: DEPOSIT });
    expect(await court.holdsOf(job.id)).to.equal(0n);
  });

  it("may be answered, and the deposit goes back, though its case became moot", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await delivered(world, [itemOf(3), itemOf(3)]);
    const convicting = await escalated(world, await opened(world, job));
    const waiting = await challenged(world, job, 1n);
    await demands(world, waiting, 0);
    const [asking] = await seatsAt(world, waiting, [0]);
    await speak(world, convicting, all(SECOND_TIER, GUILTY));
    await closes(world, convicting);
    await closes(world, waiting);

    const moves = await courtMovesOf(world, () =>
      court.answer(job.spec, job.frozen, waiting.caseId, answerFor(job, 1)),
    );

    expect(moves).to.deep.equal({ "court.balance": -DEPOSIT, [`validator${asking}.balance`]: DEPOSIT });
    expect((await court.caseOf(waiting.caseId)).status).to.equal(CaseStatus.Closed);
  });

  it("keeps its case from being closed until it is answered", async () => {
    const world = await newWorld();
    const { court, parameters } = world;
    const job = await delivered(world, [itemOf(3)]);
    const trial = await opened(world, job);
    await demands(world, trial, 0);
    await pass(world, parameters.commitWindow + parameters.revealWindow);

    await expect(closes(world, trial))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Waiting);
  });
});

/** A job of two items that no draw chooses. */
function smallJob(world: CourtWorld): Promise<Evidence> {
  return delivered(world, [itemOf(3), itemOf(4)], { price: SMALL_PRICE });
}

async function demands(world: CourtWorld, trial: Trial, position: number) {
  const sitter = await sitterOf(world, trial, position);
  return world.court.connect(sitter).demandForCase(trial.spec, trial.frozen, trial.key, position);
}

/** Whether the answers cover as many tokens as a case judges, at the end of an item. */
function isEnough(asked: readonly number[][]): boolean {
  return asked.some(([item, chunk]) => item === 2 && chunk === 1);
}

async function afterReveals(world: CourtWorld, trial: Trial): Promise<Trial> {
  await pass(world, world.parameters.revealWindow);
  return trial;
}
