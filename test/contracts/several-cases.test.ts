import { expect } from "chai";
import { JobStatus, Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
import {
  all,
  challenged,
  closes,
  escalated,
  FIRST_TIER,
  GUILTY,
  HONEST,
  judged,
  mine,
  opened,
  SECOND_TIER,
  SMALL_PRICE,
  seated,
  seatsAt,
  speak,
  type Trial,
  trialOf,
} from "./support/cases.ts";
import { pass } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, ofSeats, openCourtWorlds } from "./support/court-world.ts";
import { statusOf } from "./support/jobs.ts";
import { usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const BOND = 500_000n;
const FEE = 20_000n;

describe("Several cases on one job", () => {
  it("each clear only what they named: the payment is held until the last one is over", async () => {
    const world = await newWorld();
    const { court } = world;
    const job = await judged(world, { price: SMALL_PRICE });
    const first = await challenged(world, job, 0n);
    const second = await challenged(world, job, 1n);
    for (const trial of [first, second]) await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, world.parameters.appealWindow);

    await closesWith(world, first, Verdict.Acquitted);
    expect([await statusOf(world, job.id), await court.holdsOf(job.id)]).to.deep.equal([4n, 1n]);
    await closesWith(world, second, Verdict.Acquitted);
    expect([await statusOf(world, job.id), await court.holdsOf(job.id)]).to.deep.equal([3n, 0n]);
  });

  it("do not clear the draw: a job that was drawn is judged, whatever challenges acquitted it", async () => {
    const world = await newWorld();
    const { court, market } = world;
    const job = await judged(world);
    const trial = await challenged(world, job, 0n);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, world.parameters.appealWindow);
    await closesWith(world, trial, Verdict.Acquitted);
    await pass(world, job.spec.challengeWindow);

    await expect(market.settle(job.id, job.frozen)).to.be.revertedWithCustomError(market, "JobDrawn");
    await expect(court.openDrawn(job.spec, job.frozen)).to.emit(court, "CaseOpened");
  });

  for (const tier of [1, 2]) {
    it(`are moot once one of them convicted; in tier ${tier} the bond pays the seats, and nobody is fined`, async () => {
      const world = await newWorld();
      const { court, market } = world;
      const job = await judged(world);
      const convicting = await opened(world, job);
      const moot = await challenged(world, job, 1n);
      if (tier === 2) await escalated(world, moot);
      const seats = await seatsAt(world, moot, tier === 1 ? FIRST_TIER : [...FIRST_TIER, ...SECOND_TIER]);
      if (tier === 1) await escalated(world, convicting);
      else await escalatedBeside(world, convicting);
      await speak(world, convicting, all(SECOND_TIER, GUILTY));
      await closesWith(world, convicting, Verdict.Convicted);

      const moves = await courtMovesOf(world, () => closesWith(world, moot, Verdict.Moot));

      const weight = tier === 2 ? { "provider.exposure": -usd(5) } : {};
      const fees = BigInt(seats.length) * FEE;
      expect(moves).to.deep.equal({
        "client.balance": BOND - fees,
        "court.balance": -BOND,
        pool: fees,
        ...weight,
        ...ofSeats(seats, "credit", FEE),
      });
      expect(await court.holdsOf(job.id)).to.equal(0n);
      expect(await statusOf(world, job.id)).to.equal(JobStatus.Rejected);
      expect((await market.accountOf(world.provider)).exposure).to.equal(0n);
    });
  }

  it("slash once: the second conviction finds the job ended", async () => {
    const world = await newWorld();
    const { market } = world;
    const job = await judged(world);
    const first = await escalated(world, await opened(world, job));
    await speak(world, first, all(SECOND_TIER, GUILTY));
    const second = await challengedAnyway(world, job);
    await closesWith(world, first, Verdict.Convicted);

    const moves = await courtMovesOf(world, () => closesWith(world, second, Verdict.Moot));

    expect(moves["provider.stake"]).to.equal(undefined);
    await expect(market.settle(job.id, job.frozen)).to.be.revertedWithCustomError(market, "JobWrongStatus");
  });
});

async function closesWith(world: CourtWorld, trial: Trial, verdict: Verdict): Promise<void> {
  const close = await closes(world, trial);
  await expect(close).to.emit(world.court, "CaseClosed");
  const [event] = await world.court.queryFilter(world.court.filters.CaseClosed(trial.caseId), close.blockNumber ?? 0);
  expect(event?.args.verdict).to.equal(BigInt(verdict));
}

/** Tier one of a case that ran beside another is over by the clock. */
async function escalatedBeside(world: CourtWorld, trial: Trial): Promise<void> {
  await pass(world, world.parameters.commitWindow + world.parameters.revealWindow);
  await closes(world, trial);
  await seated(world, trial);
}

/** One more case of the client, pinned. */
async function challengedAnyway(world: CourtWorld, job: Parameters<typeof trialOf>[0]): Promise<Trial> {
  await world.court.connect(world.client).challenge(job.spec, job.frozen, 1n);
  await mine(world, 1);
  return trialOf(job, 1n);
}
