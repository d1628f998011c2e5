import { expect } from "chai";
import { DRAW_KEY } from "../../client-sdk/src/protocol/generated/constants.ts";
import { CaseStatus, Draw, JobStatus } from "../../client-sdk/src/protocol/generated/enums.ts";
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
  named,
  opened,
  SECOND_TIER,
  SMALL_PRICE,
  seatsAt,
  sitterOf,
  speak,
  type Trial,
  trialOf,
} from "./support/cases.ts";
import { pass } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, openCourtWorlds } from "./support/court-world.ts";
import { answerFor, delivered, itemOf } from "./support/evidence.ts";
import { posted, statusOf } from "./support/jobs.ts";
import { fund, usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const newWorldOfTwelve = await openCourtWorlds({ seats: 12 });
const BOND = 500_000n;

describe("A client", () => {
  it("that challenges its own accomplice's good item clears nothing but that: the draw still judges", async () => {
    const world = await newWorld();
    const { court, market } = world;
    const job = await judged(world);
    const trial = await challenged(world, job, 0n);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, world.parameters.appealWindow);
    await closes(world, trial);

    expect(await court.drawOf(job.id, job.frozen)).to.equal(BigInt(Draw.Drawn));
    await pass(world, job.spec.challengeWindow);
    await expect(market.settle(job.id, job.frozen)).to.be.revertedWithCustomError(market, "JobDrawn");
  });

  it("that has its own provider convicted loses by it, challenger's share and all", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const self = { ...world, client: provider };
    const job = await judged(self, { client: provider.address });
    const trial = await escalated(self, await challenged(self, job, 0n));
    await speak(self, trial, all(SECOND_TIER, GUILTY));

    const moves = await courtMovesOf(world, () => closes(world, trial));

    // The price and the bond were its own money.
    const gained = (moves["provider.balance"] ?? 0n) - DRAWN_PRICE - BOND;
    expect(gained).to.equal(DRAWN_PRICE + usd(5));
    expect(gained + (moves["provider.stake"] ?? 0n)).to.equal(-usd(15));
    expect((await market.accountOf(provider)).exposure).to.equal(0n);
  });

  it("that challenges for sport pays for it: an acquittal takes the bond", async () => {
    const world = await newWorld();
    const job = await judged(world, { price: SMALL_PRICE });
    for (const item of [0n, 1n, 2n]) {
      const trial = await challenged(world, job, item);
      await speak(world, trial, all(FIRST_TIER, HONEST));
      await pass(world, world.parameters.appealWindow);

      const moves = await courtMovesOf(world, () => closes(world, trial));

      expect(moves.pool).to.equal(BOND);
    }
  });

  it("of a big job puts down a tenth of its price, for a conviction would award more", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await judged(world, { price: usd(10) });

    const moves = await courtMovesOf(world, () => court.connect(client).challenge(job.spec, job.frozen, 0n));

    expect(moves["client.balance"]).to.equal(-usd(1));
  });

  it("cannot pile demands on an honest provider: one is open at a time, and each pays for its answer", async () => {
    const world = await newWorld();
    const { court, client, provider, parameters } = world;
    const job = await delivered(world, [itemOf(3), itemOf(3)], { price: SMALL_PRICE });
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);

    await expect(court.connect(client).demand(job.spec, job.frozen, 1, 0)).to.be.revertedWithCustomError(
      court,
      "DemandOpen",
    );

    const moves = await courtMovesOf(world, () =>
      court.connect(provider).answer(job.spec, job.frozen, job.id, answerFor(job, 0)),
    );
    expect(moves["provider.balance"]).to.equal(parameters.demandDeposit);
  });

  it("cannot blind the seats by a demand of its own: theirs has another key, and stops their clock", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await delivered(world, [itemOf(3)]);
    const trial = await opened(world, job);
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);

    await court.connect(await sitterOf(world, trial, 0)).demandForCase(trial.spec, trial.frozen, trial.key, 0);

    expect((await court.caseOf(trial.caseId)).status).to.equal(CaseStatus.Waiting);
  });
});

describe("A provider", () => {
  it("that never settles is judged all the same: anyone opens its drawn case, and is paid to", async () => {
    const world = await newWorld();
    const { parameters } = world;
    const job = await judged(world);

    const moves = await courtMovesOf(world, () => opened(world, job));

    expect(moves).to.deep.equal({ "stranger.credit": parameters.openReward });
  });

  it("in tier two accepts nothing without room for a second minimum stake", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    const lean = usd(25);
    await market.connect(provider).requestUnstake(usd(75));
    const trial = await escalated(world, await opened(world));
    const next = await posted(world, { ...named("next"), price: 1n });

    await expect(market.connect(provider).accept(next.spec, provider))
      .to.be.revertedWithCustomError(market, "StakingExposureExceeded")
      .withArgs(provider, DRAWN_PRICE + usd(5) + 1n, lean / 5n);

    await fund(world, provider, usd(30));
    await market.connect(provider).stake(usd(30));
    await expect(market.connect(provider).accept(next.spec, provider)).to.emit(market, "JobAccepted");
    expect(trial.key).to.equal(DRAW_KEY);
  });

  it("cannot take its stake away between the accept and the verdict", async () => {
    const world = await newWorld();
    const { market, provider } = world;
    await judged(world, { price: SMALL_PRICE });

    await expect(market.connect(provider).requestUnstake(usd(75) + 1n)).to.be.revertedWithCustomError(
      market,
      "StakingInsufficientStake",
    );
  });

  it("cannot answer a demand on one job with the data of another", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const job = await delivered(world, [itemOf(3)], { price: SMALL_PRICE });
    const other = await delivered(world, [itemOf(3)], { price: SMALL_PRICE, ...named("other") });
    await court.connect(client).demand(job.spec, job.frozen, 0, 0);
    await court.connect(client).demand(other.spec, other.frozen, 0, 0);

    await expect(court.answer(other.spec, other.frozen, job.id, answerFor(other, 0)))
      .to.be.revertedWithCustomError(court, "DemandNotOpen")
      .withArgs(job.id);
    await pass(world, world.parameters.answerWindow);
    await expect(court.defaultDemand(other.spec, other.frozen, job.id))
      .to.be.revertedWithCustomError(court, "DemandNotOpen")
      .withArgs(job.id);
    expect(await statusOf(world, other.id)).to.equal(JobStatus.InCase);
  });

  it("earns nothing by making seats demand on chain what it could have served them", async () => {
    const world = await newWorld();
    const { court, provider } = world;
    const job = await delivered(world, [itemOf(3)]);
    const trial = await opened(world, job);

    const moves = await courtMovesOf(world, async () => {
      await court.connect(await sitterOf(world, trial, 0)).demandForCase(trial.spec, trial.frozen, trial.key, 0);
      await court.connect(provider).answer(job.spec, job.frozen, trial.caseId, answerFor(job, 0));
    });

    expect(moves).to.deep.equal({});
  });

  it("is never judged by a panel of its own: where too few others sit, the client is repaid", async () => {
    const world = await newWorldOfTwelve();
    const { court, market, validators } = world;
    const provider = validators[0] as CourtWorld["client"];
    await fund(world, provider, usd(100));
    await market.connect(provider).stake(usd(100));
    const own = { ...world, provider };
    const job = await judged(own, { provider: provider.address });
    const trial: Trial = trialOf(job, DRAW_KEY);
    await court.openDrawn(job.spec, job.frozen);

    expect(await seatsAt(world, trial, FIRST_TIER)).not.to.include(1n);
  });
});
