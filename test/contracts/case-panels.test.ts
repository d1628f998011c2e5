import { expect } from "chai";
import { DRAW_KEY } from "../../client-sdk/src/protocol/generated/constants.ts";
import { CaseStatus, JobStatus, Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
import {
  all,
  closes,
  DRAWN_PRICE,
  escalated,
  FIRST_TIER,
  GUILTY,
  judged,
  mine,
  opened,
  SECOND_TIER,
  seatsAt,
  speak,
  trialOf,
} from "./support/cases.ts";
import { pass } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, JUDGED_MODEL, ofSeats, openCourtWorlds, sit } from "./support/court-world.ts";
import { accepted, asSubmitted, ROOT, statusOf } from "./support/jobs.ts";
import { fund, usd } from "./support/world.ts";

/** Where EIP-2935 keeps older hashes. */
const HISTORY = "0x0000F90827F1C53a10cb7A02335B175320002935";

const newWorld = await openCourtWorlds();
const newWorldOfTwelve = await openCourtWorlds({ seats: 12 });

describe("Seating a panel", () => {
  it("waits for the block that draws it", async () => {
    const world = await newWorld();
    const { court, client, parameters } = world;
    const job = await judged(world);
    await court.connect(client).challenge(job.spec, job.frozen, 2n);
    const { caseId } = trialOf(job, 2n);
    const { anchor } = await court.caseOf(caseId);
    await mine(world, parameters.drawDelay - 1);

    await expect(court.seatPanel(job.spec, job.frozen, 2n))
      .to.be.revertedWithCustomError(court, "CaseSeedPending")
      .withArgs(caseId, anchor);

    await mine(world, 1);
    const seat = await court.seatPanel(job.spec, job.frozen, 2n);
    const { hash } = (await world.chain.ethers.provider.getBlock(Number(anchor))) ?? {};
    await expect(seat)
      .to.emit(court, "CaseSeated")
      .withArgs(caseId, 1, hash, 2n, await seatsAt(world, trialOf(job, 2n), FIRST_TIER));
  });

  it("pins the case anew where the hash can no longer be read", async () => {
    const world = await newWorld();
    const { court, client, parameters } = world;
    const job = await judged(world);
    await court.connect(client).challenge(job.spec, job.frozen, 2n);
    await withoutHistory(world);
    await mine(world, 300);

    const seat = await court.seatPanel(job.spec, job.frozen, 2n);

    const anchor = (seat.blockNumber ?? 0) + parameters.drawDelay;
    await expect(seat).to.emit(court, "CasePinned").withArgs(trialOf(job, 2n).caseId, 1, anchor);
    await mine(world, parameters.drawDelay);
    await expect(court.seatPanel(job.spec, job.frozen, 2n)).to.emit(court, "CaseSeated");
  });

  it("is refused where no panel is to be drawn, and for a job that was ended", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);

    await expect(court.seatPanel(trial.spec, trial.frozen, DRAW_KEY))
      .to.be.revertedWithCustomError(court, "CaseWrongStatus")
      .withArgs(trial.caseId, CaseStatus.Commit);

    await court.connect(world.client).challenge(trial.spec, trial.frozen, 1n);
    await escalated(world, trial);
    await speak(world, trial, all(SECOND_TIER, GUILTY));
    await closes(world, trial);
    await expect(court.seatPanel(trial.spec, trial.frozen, 1n))
      .to.be.revertedWithCustomError(court, "CaseWrongJob")
      .withArgs(trial.id);
  });

  it("draws nobody twice: tier two are nine who did not sit in tier one", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world));

    const seats = await seatsAt(world, trial, [...FIRST_TIER, ...SECOND_TIER]);

    expect(new Set(seats).size).to.equal(12);
    expect(seats).not.to.include(0n);
  });

  it("draws no party: neither the provider's seat nor the client's", async () => {
    const world = await newWorldOfTwelve();
    const { validators, market, court } = world;
    const [client, provider] = validators as [CourtWorld["client"], CourtWorld["client"]];
    const judge = { ...world, client, provider };
    await fund(world, provider, usd(100));
    await market.connect(provider).stake(usd(100));
    await fund(world, client, usd(100));
    const job = await judged(judge, { client: client.address, provider: provider.address });
    const trial = await escalated(judge, await opened(judge, job));

    const seats = await seatsAt(world, trial, [...FIRST_TIER, ...SECOND_TIER]);

    expect(seats).not.to.include.members([1n]);
    expect(seats).not.to.include.members([2n]);
    // Ten others sit there: three and seven.
    expect(seats.filter((seat) => seat > 0n).length).to.equal(10);
    expect((await court.caseOf(trial.caseId)).status).to.equal(CaseStatus.Commit);
  });

  it("draws no seat that joined less than a day before the submission", async () => {
    const world = await newWorldOfTwelve();
    const { validators } = world;
    await sit(world, validators[12] as CourtWorld["client"]);
    await pass(world, world.parameters.seatMinAge - 600);
    const trial = await escalated(world, await opened(world));

    expect(await seatsAt(world, trial, [...FIRST_TIER, ...SECOND_TIER])).not.to.include(13n);
  });

  it("draws a seat that left after the submission, for its stake stays; none that left before", async () => {
    const world = await newWorld();
    const { court, validators } = world;
    const [early, late] = validators as [CourtWorld["client"], CourtWorld["client"]];
    await court.connect(early).leavePanel(early, JUDGED_MODEL);
    const job = await judged(world);
    await court.connect(late).leavePanel(late, JUDGED_MODEL);

    const trial = await escalated(world, await opened(world, job));

    const seats = await seatsAt(world, trial, [...FIRST_TIER, ...SECOND_TIER]);
    expect(seats).to.include(2n);
    expect(seats).not.to.include(1n);
  });

  it("draws no seat whose stake could be gone before the case is over", async () => {
    const world = await newWorld();
    const { court, validators } = world;
    const [late] = validators as [CourtWorld["client"]];
    const job = await judged(world);
    await court.connect(late).leavePanel(late, JUDGED_MODEL);
    // The unbonding is 72 hours, and a case may last 55 of them.
    await pass(world, 17 * 3_600);

    const trial = await opened(world, job);
    await escalated(world, trial);

    expect(await seatsAt(world, trial, [...FIRST_TIER, ...SECOND_TIER])).not.to.include(1n);
  });

  it("of tier one has no quorum where fewer than three can be drawn: the client is repaid, nobody pays", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await accepted(world, { model: JUDGED_MODEL, price: DRAWN_PRICE });
    await leaveAllBut(world, 2);
    await world.market.connect(world.provider).submit(job.id, job.frozen, ROOT);
    const submitted = await asSubmitted(world, job);
    await mine(world, world.parameters.drawDelay);
    const { caseId } = trialOf(submitted, DRAW_KEY);

    const moves = await courtMovesOf(world, async () => {
      await expect(court.openDrawn(submitted.spec, submitted.frozen))
        .to.emit(court, "CaseClosed")
        .withArgs(caseId, job.id, Verdict.NoQuorum, 0n);
    });

    expect(moves).to.deep.equal({
      escrow: -DRAWN_PRICE,
      "client.balance": DRAWN_PRICE,
      "provider.exposure": -DRAWN_PRICE,
    });
    expect(await statusOf(world, job.id)).to.equal(JobStatus.Rejected);
    expect([...(await court.seatsOf(caseId))]).to.deep.equal(Array(12).fill(0n));
  });

  it("of tier two has no quorum where fewer than six can be drawn: tier one is paid, and the drawn owe nothing", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await accepted(world, { model: JUDGED_MODEL, price: DRAWN_PRICE });
    await leaveAllBut(world, 8);
    await world.market.connect(world.provider).submit(job.id, job.frozen, ROOT);
    const submitted = await asSubmitted(world, job);
    await mine(world, world.parameters.drawDelay);
    const trial = await opened(world, submitted);
    const seats = await seatsAt(world, trial, FIRST_TIER);
    await speak(world, trial, all(FIRST_TIER, GUILTY));
    await closes(world, trial);
    await mine(world, world.parameters.drawDelay);

    const moves = await courtMovesOf(world, async () => {
      await expect(court.seatPanel(trial.spec, trial.frozen, DRAW_KEY))
        .to.emit(court, "CaseClosed")
        .withArgs(trial.caseId, job.id, Verdict.NoQuorum, 0n);
    });

    expect(moves).to.deep.equal({
      escrow: -DRAWN_PRICE,
      "client.balance": DRAWN_PRICE,
      "provider.exposure": -DRAWN_PRICE - usd(5),
      ...ofSeats(seats, "credit", world.parameters.seatFee),
    });
  });

  it("of tier two goes on with six to eight", async () => {
    const world = await newWorld();
    const job = await accepted(world, { model: JUDGED_MODEL, price: DRAWN_PRICE });
    await leaveAllBut(world, 9);
    await world.market.connect(world.provider).submit(job.id, job.frozen, ROOT);
    const submitted = await asSubmitted(world, job);
    await mine(world, world.parameters.drawDelay);
    const trial = await escalated(world, await opened(world, submitted));

    expect((await seatsAt(world, trial, SECOND_TIER)).filter((seat) => seat > 0n).length).to.equal(6);
    await speak(world, trial, all([3, 4, 5, 6, 7, 8], GUILTY));
    await expect(closes(world, trial))
      .to.emit(world.court, "CaseClosed")
      .withArgs(trial.caseId, trial.id, Verdict.Convicted, usd(25));
  });
});

async function withoutHistory({ chain }: CourtWorld): Promise<void> {
  await chain.networkHelpers.setCode(HISTORY, "0x");
}

/** All seats leave the panel but so many. */
async function leaveAllBut({ court, validators }: CourtWorld, count: number): Promise<void> {
  for (const validator of validators.slice(count)) {
    if ((await court.seatOf(validator)) > 0n) await court.connect(validator).leavePanel(validator, JUDGED_MODEL);
  }
}
