import { expect } from "chai";
import { SEALED } from "../../client-sdk/src/protocol/generated/constants.ts";
import { CaseStatus, JobStatus, Outcome } from "../../client-sdk/src/protocol/generated/enums.ts";
import {
  all,
  challenged,
  closes,
  DRAWN_PRICE,
  escalated,
  GUILTY,
  judged,
  opened,
  SECOND_TIER,
  SMALL_PRICE,
  sitterOf,
  speak,
  type Trial,
} from "./support/cases.ts";
import { AROUND_DEADLINE, now, pass, setNextTime } from "./support/clock.ts";
import { COURT_PARAMETERS, type CourtWorld, courtMovesOf, openCourtWorlds } from "./support/court-world.ts";
import { answerFor, delivered, type Evidence, itemOf } from "./support/evidence.ts";
import { sinceOf, statusOf } from "./support/jobs.ts";
import { membersOf } from "./support/structs.ts";
import { usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const DEPOSIT = COURT_PARAMETERS.demandDeposit;
const SLASH = usd(25);

describe("A client's demand", () => {
  it("holds the payment, takes a deposit, and gives the provider its window", async () => {
    const world = await newWorld();
    const { court, client, parameters } = world;
    const job = await smallJob(world);

    const moves = await courtMovesOf(world, async () => {
      const demand = await court.connect(client).demand(job.spec, job.frozen, 1, 0);
      const answerBy = (await now(world)) + BigInt(parameters.answerWindow);
      await expect(demand).to.emit(court, "Demanded").withArgs(job.id, job.id, client, 1, 0, answerBy);
      expect(membersOf(await court.demandOf(job.id))).to.deep.equal({
        job: job.id,
        demander: client.address,
        answerBy,
        item: 1n,
        chunk: 0n,
      });
    });

    expect(moves).to.deep.equal({ "client.balance": -DEPOSIT, "court.balance": DEPOSIT });
    expect(await statusOf(world, job.id)).to.equal(JobStatus.InCase);
  });

  it("is the client's alone, of an item that the job has, one at a time", async () => {
    const world = await newWorld();
    const { court, client, stranger } = world;
    const job = await smallJob(world);

    await expect(court.connect(stranger).demand(job.spec, job.frozen, 0, 0))
      .to.be.revertedWithCustomError(court, "CaseNotClient")
      .withArgs(client, stranger);
    await expect(court.connect(client).demand(job.spec, job.frozen, 2, 0))
      .to.be.revertedWithCustomError(court, "CaseNoSuchItem")
      .withArgs(job.id, 2);
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);
    await expect(court.connect(client).demand(job.spec, job.frozen, 1, 0))
      .to.be.revertedWithCustomError(court, "DemandOpen")
      .withArgs(job.id);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "in time" : "too late"} ${when} of the challenge window`, async () => {
      const world = await newWorld();
      const { court, client } = world;
      const job = await smallJob(world);
      const deadline = (await sinceOf(world, job.id)) + job.spec.challengeWindow;

      await setNextTime(world, deadline + offset);
      const demand = court.connect(client).demand(job.spec, job.frozen, 0, 0);

      if (isAhead) await expect(demand).to.emit(court, "Demanded");
      else {
        await expect(demand).to.be.revertedWithCustomError(court, "DemandTooLate").withArgs(job.id, deadline);
      }
    });
  }

  it("is in time as long as a case is open", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await smallJob(world);
    await challenged(world, job);
    await pass(world, job.spec.challengeWindow);

    await expect(court.connect(client).demand(job.spec, job.frozen, 0, 0)).to.emit(court, "Demanded");
  });

  it("is refused for a job that nobody judges", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await judged(world, { model: `0x${"22".repeat(32)}` });

    await expect(court.connect(client).demand(job.spec, job.frozen, 0, 0))
      .to.be.revertedWithCustomError(court, "CaseNotVerified")
      .withArgs(job.id);
  });

  it("is possible for a sealed job: the client discloses by it", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await delivered(world, [itemOf(3)], { price: SMALL_PRICE, flags: BigInt(SEALED) });

    await expect(court.connect(client).demand(job.spec, job.frozen, 0, 0)).to.emit(court, "Demanded");
  });

  it("pays its deposit to whoever answers, and lets the payment go", async () => {
    const world = await newWorld();
    const { court, client, friend } = world;
    const job = await smallJob(world);
    await court.connect(client).demand(job.spec, job.frozen, 1, 0);

    const moves = await courtMovesOf(world, async () => {
      await expect(court.connect(friend).answer(job.spec, job.frozen, job.id, answerFor(job, 1)))
        .to.emit(court, "Answered")
        .withArgs(job.id, job.id, 1, 0, Object.values(inOrder(answerFor(job, 1))));
    });

    expect(moves).to.deep.equal({ "court.balance": -DEPOSIT, "friend.balance": DEPOSIT });
    expect(await statusOf(world, job.id)).to.equal(JobStatus.Submitted);
    expect((await court.demandOf(job.id)).demander).to.equal(`0x${"00".repeat(20)}`);
  });

  it("does not stop the clock of a case, nor stand in the way of a seat's", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await smallJob(world);
    const trial = await challenged(world, job);
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);

    expect((await court.caseOf(trial.caseId)).status).to.equal(CaseStatus.Commit);
    await expect(demands(world, trial, 0)).to.emit(court, "Demanded");
  });

  it("of a later chunk is answered by that chunk alone, or by the last, which is not full", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await delivered(world, [itemOf(1_024)], { price: SMALL_PRICE });

    for (const chunk of [0, 1, 255]) {
      await court.connect(client).demand(job.spec, job.frozen, 0, chunk);
      const answer = answerFor(job, 0, chunk);
      expect(answer.traceChunk).to.equal(Math.min(chunk, 1));
      await expect(court.answer(job.spec, job.frozen, job.id, answer)).to.emit(court, "Answered");
    }
  });

  it("is answered without a trace where the item has none", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await delivered(world, [itemOf(0), itemOf(3)], { price: SMALL_PRICE });

    for (const chunk of [0, 1]) {
      await court.connect(client).demand(job.spec, job.frozen, 0, chunk);
      await expect(court.answer(job.spec, job.frozen, job.id, answerFor(job, 0, chunk))).to.emit(court, "Answered");
    }
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`is ${isAhead ? "answered in time" : "defaulted"} ${when} of its window`, async () => {
      const world = await newWorld();
      const { court, client, parameters } = world;
      const job = await smallJob(world);
      await court.connect(client).demand(job.spec, job.frozen, 0, 0);
      const answerBy = (await now(world)) + BigInt(parameters.answerWindow);
      const answer = () => court.answer(job.spec, job.frozen, job.id, answerFor(job, 0));
      const lapse = () => court.defaultDemand(job.spec, job.frozen, job.id);

      await setNextTime(world, answerBy + offset);

      if (isAhead) {
        await expect(lapse()).to.be.revertedWithCustomError(court, "DemandTooEarly").withArgs(job.id, answerBy);
        await setNextTime(world, answerBy + offset);
        await expect(answer()).to.emit(court, "Answered");
      } else {
        await expect(answer()).to.be.revertedWithCustomError(court, "DemandTooLate").withArgs(job.id, answerBy);
        await setNextTime(world, answerBy + offset);
        await expect(lapse()).to.emit(world.market, "Slashed");
      }
    });
  }

  it("that nobody answers repays the client and slashes the provider, whoever calls", async () => {
    const world = await newWorld();
    const { court, market, client, provider, friend, parameters } = world;
    const job = await delivered(world, [itemOf(3)]);
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);
    await pass(world, parameters.answerWindow);

    const moves = await courtMovesOf(world, async () => {
      const lapse = await court.connect(friend).defaultDemand(job.spec, job.frozen, job.id);
      await expect(lapse).to.emit(market, "JobRefunded").withArgs(job.id, provider, Outcome.Withheld, DRAWN_PRICE, 0n);
      await expect(lapse).to.emit(court, "DemandEnded").withArgs(job.id, job.id, true);
    });

    expect(moves).to.deep.equal({
      escrow: -DRAWN_PRICE,
      "client.balance": DRAWN_PRICE + DRAWN_PRICE + DEPOSIT,
      "court.balance": -DEPOSIT,
      "provider.stake": -SLASH,
      "provider.exposure": -DRAWN_PRICE,
      "burned.balance": SLASH - DRAWN_PRICE,
    });
    expect(await court.holdsOf(job.id)).to.equal(0n);
  });

  it("is given back where a case ended the job before", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await delivered(world, [itemOf(3)]);
    const trial = await escalated(world, await opened(world, job));
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);
    await speak(world, trial, all(SECOND_TIER, GUILTY));
    await closes(world, trial);

    const moves = await courtMovesOf(world, async () => {
      await expect(court.defaultDemand(job.spec, job.frozen, job.id))
        .to.emit(court, "DemandEnded")
        .withArgs(job.id, job.id, false);
    });

    expect(moves).to.deep.equal({ "client.balance": DEPOSIT, "court.balance": -DEPOSIT });
  });

  it("may still be answered where a case ended the job before", async () => {
    const world = await newWorld();
    const { court, client, friend } = world;
    const job = await delivered(world, [itemOf(3)]);
    const trial = await escalated(world, await opened(world, job));
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);
    await speak(world, trial, all(SECOND_TIER, GUILTY));
    await closes(world, trial);

    const moves = await courtMovesOf(world, () =>
      court.connect(friend).answer(job.spec, job.frozen, job.id, answerFor(job, 0)),
    );

    expect(moves).to.deep.equal({ "friend.balance": DEPOSIT, "court.balance": -DEPOSIT });
    expect(await statusOf(world, job.id)).to.equal(JobStatus.Rejected);
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

/** The members of an answer in the order of the struct. */
function inOrder(answer: ReturnType<typeof answerFor>) {
  const { outputHash, traceRoot, resultProof, inputProof, traceProof, request, output, traceChunk, trace } = answer;
  return { outputHash, traceRoot, resultProof, inputProof, traceProof, request, output, traceChunk, trace };
}
