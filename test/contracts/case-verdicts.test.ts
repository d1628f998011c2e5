import { expect } from "chai";
import { CaseStatus, JobStatus, Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
import type { Word } from "../../client-sdk/src/protocol/word.ts";
import {
  all,
  closes,
  commits,
  DRAWN_PRICE,
  escalated,
  FIRST_TIER,
  GUESS,
  GUILTY,
  HONEST,
  judged,
  opened,
  reveals,
  SECOND_TIER,
  seated,
  seatsAt,
  speak,
  type Trial,
} from "./support/cases.ts";
import { AROUND_DEADLINE, pass, setNextTime } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, ofSeats, openCourtWorlds } from "./support/court-world.ts";
import { statusOf } from "./support/jobs.ts";
import { usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
/** A conviction takes the minimum stake; a fifth of it, and no more than the price, repays the client; fees go to the pool. */
const SLASH = usd(25);
const FEE = 20_000n;
const PENALTY = usd(5);
const CONTRADICTION = usd(25);

describe("Tier one", () => {
  it("acquits where its three words agree and none is over a threshold, and lets the job be settled", async () => {
    const world = await newWorld();
    const { court, market, parameters } = world;
    const trial = await opened(world);
    const seats = await seatsAt(world, trial, FIRST_TIER);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await pass(world, parameters.appealWindow);

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Acquitted, 0n));

    expect(moves).to.deep.equal(ofSeats(seats, "credit", FEE));
    expect(await statusOf(world, trial.id)).to.equal(JobStatus.Submitted);
    expect((await court.caseOf(trial.caseId)).status).to.equal(CaseStatus.Closed);
    await pass(world, trial.spec.challengeWindow);
    await expect(market.settle(trial.id, trial.frozen)).to.emit(market, "JobSettled");
  });

  it("acquits as well where its words lie apart by no more than honest machines differ", async () => {
    const world = await newWorld();
    const trial = await opened(world);
    const low = { ...HONEST, margin: HONEST.margin - 100, distance: HONEST.distance - 50 };
    const high = { ...HONEST, margin: HONEST.margin + 100, distance: HONEST.distance + 50 };
    await speak(world, trial, { 0: low, 1: HONEST, 2: high });
    await pass(world, world.parameters.appealWindow);

    await closesWith(world, trial, Verdict.Acquitted, 0n);
  });

  for (const { offset, when, isAhead } of AROUND_DEADLINE) {
    it(`${isAhead ? "does not acquit yet" : "acquits"} ${when} of the appeal`, async () => {
      const world = await newWorld();
      const { court, parameters } = world;
      const trial = await opened(world);
      await speak(world, trial, all(FIRST_TIER, HONEST));
      const { since } = await court.caseOf(trial.caseId);
      const deadline = since + BigInt(parameters.appealWindow);

      await setNextTime(world, deadline + offset);

      if (isAhead) {
        await expect(closes(world, trial))
          .to.be.revertedWithCustomError(court, "CaseTooEarly")
          .withArgs(trial.caseId, deadline);
      } else {
        await closesWith(world, trial, Verdict.Acquitted, 0n);
      }
    });
  }

  const DOUBTS: Readonly<Record<string, Readonly<Record<number, Word>>>> = {
    "all three words are over a threshold": all(FIRST_TIER, GUILTY),
    "one word is over the margin's threshold": { ...all(FIRST_TIER, HONEST), 1: { ...HONEST, margin: 1_001 } },
    "one word is over the trace's threshold": { ...all(FIRST_TIER, HONEST), 1: { ...HONEST, distance: 501 } },
    "one word says another number of tokens": { ...all(FIRST_TIER, HONEST), 2: { ...HONEST, tokens: 511 } },
    "one word's margin lies beyond tolerance": { ...all(FIRST_TIER, HONEST), 0: { ...HONEST, margin: 301 } },
    "one word's distance lies beyond tolerance": { ...all(FIRST_TIER, HONEST), 0: { ...HONEST, distance: 151 } },
    "one word's probes are guessed": { ...all(FIRST_TIER, HONEST), 0: GUESS },
    "one seat is absent": all([0, 1], HONEST),
    "all seats are absent": {},
  };

  for (const [what, words] of Object.entries(DOUBTS)) {
    it(`does not acquit where ${what}: tier two is pinned, and the provider's room for a minimum stake taken`, async () => {
      const world = await newWorld();
      const { court, market, provider } = world;
      const trial = await opened(world);
      if (Object.keys(words).length > 0) await speak(world, trial, words);
      else await pass(world, world.parameters.commitWindow + world.parameters.revealWindow);

      const moves = await courtMovesOf(world, async () => {
        const close = await closes(world, trial);
        const anchor = BigInt(close.blockNumber ?? 0) + BigInt(world.parameters.drawDelay);
        await expect(close).to.emit(court, "CasePinned").withArgs(trial.caseId, 2, anchor);
        await expect(close)
          .to.emit(market, "Encumbered")
          .withArgs(provider, DRAWN_PRICE + usd(5));
      });

      expect(moves).to.deep.equal({ "provider.exposure": usd(5) });
      expect((await court.caseOf(trial.caseId)).status).to.equal(CaseStatus.Pinned);
      expect(await statusOf(world, trial.id)).to.equal(JobStatus.InCase);
    });
  }

  it("ends by the clock where a seat has committed and does not reveal", async () => {
    const world = await newWorld();
    const { court, parameters } = world;
    const trial = await opened(world);
    const said = [];
    for (const position of FIRST_TIER) said.push(await commits(world, trial, position, HONEST));
    const { since } = await court.caseOf(trial.caseId);
    await reveals(world, trial, said[0] as (typeof said)[number]);
    const deadline = since + BigInt(parameters.revealWindow);

    await expect(closes(world, trial))
      .to.be.revertedWithCustomError(court, "CaseTooEarly")
      .withArgs(trial.caseId, deadline);

    await setNextTime(world, deadline);
    await expect(closes(world, trial)).to.emit(court, "CasePinned");
  });
});

describe("Tier two", () => {
  it("convicts where six words near the median are over a threshold: the client is repaid and compensated", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world));
    const seats = await seatsAt(world, trial, [...FIRST_TIER, ...SECOND_TIER]);
    await speak(world, trial, all(SECOND_TIER, GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, SLASH));

    expect(moves).to.deep.equal({
      escrow: -DRAWN_PRICE,
      "client.balance": DRAWN_PRICE + DRAWN_PRICE,
      "provider.stake": -SLASH,
      "provider.exposure": -DRAWN_PRICE - usd(5),
      pool: 12n * FEE,
      "burned.balance": SLASH - DRAWN_PRICE - 12n * FEE,
      ...ofSeats(seats, "credit", FEE),
    });
    expect(await statusOf(world, trial.id)).to.equal(JobStatus.Rejected);
    expect(await world.court.holdsOf(trial.id)).to.equal(0n);
  });

  it("acquits where fewer than six are over a threshold, and fines the words of both tiers that lie away", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world), { 0: HONEST, 1: GUILTY, 2: GUESS });
    const words = { ...all(SECOND_TIER, HONEST), 3: GUILTY, 4: GUESS };
    const [honest, contradicted, guess] = await seatsAt(world, trial, FIRST_TIER);
    const outliers = await seatsAt(world, trial, [3, 4]);
    const right = await seatsAt(world, trial, SECOND_TIER.slice(2));
    await speak(world, trial, words);

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Acquitted, 0n));

    expect(moves).to.deep.equal({
      "court.balance": -2n * (CONTRADICTION + PENALTY),
      pool: 2n * (CONTRADICTION + PENALTY),
      "provider.exposure": -usd(5),
      ...ofSeats([honest, ...right] as bigint[], "credit", FEE),
      ...ofSeats([contradicted, guess] as bigint[], "stake", -CONTRADICTION),
      ...ofSeats(outliers, "stake", -PENALTY),
    });
    expect(await statusOf(world, trial.id)).to.equal(JobStatus.Submitted);
  });

  it("convicts with six words of nine, where three are absent", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world));
    const absent = await seatsAt(world, trial, [9, 10, 11]);
    const present = await seatsAt(world, trial, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await speak(world, trial, all([3, 4, 5, 6, 7, 8], GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, SLASH));

    expect(moves).to.deep.equal({
      escrow: -DRAWN_PRICE,
      "client.balance": DRAWN_PRICE + DRAWN_PRICE,
      "provider.stake": -SLASH,
      "provider.exposure": -DRAWN_PRICE - usd(5),
      pool: 9n * FEE + 3n * PENALTY,
      "burned.balance": SLASH - DRAWN_PRICE - 9n * FEE,
      "court.balance": -3n * PENALTY,
      ...ofSeats(present, "credit", FEE),
      ...ofSeats(absent, "stake", -PENALTY),
    });
  });

  it("acquits where five words are over a threshold and a sixth, near them, is not", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world));
    const edge = { ...HONEST, margin: 1_001, distance: 400 };
    await speak(world, trial, { ...all([3, 4, 5, 6, 7], edge), 8: { ...edge, margin: 1_000 } });

    await closesWith(world, trial, Verdict.Acquitted, 0n);
  });

  it("is undecidable where fewer than six words lie near the median: nobody is slashed, nobody fined for its word", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world));
    const seats = await seatsAt(world, trial, [...FIRST_TIER, ...SECOND_TIER]);
    const others = [6, 7, 8, 9, 10, 11].map((position) => [position, { ...GUESS, tokens: position }] as const);
    await speak(world, trial, { ...all([3, 4, 5], HONEST), ...Object.fromEntries(others) });

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Undecidable, 0n));

    expect(moves).to.deep.equal({ "provider.exposure": -usd(5), ...ofSeats(seats, "credit", FEE) });
    expect(await statusOf(world, trial.id)).to.equal(JobStatus.Submitted);
  });

  it("has no quorum where fewer than six reveal: the absent pay the provider its price, the client is repaid", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world));
    const absent = await seatsAt(world, trial, [8, 9, 10, 11]);
    const present = await seatsAt(world, trial, [0, 1, 2, 3, 4, 5, 6, 7]);
    await speak(world, trial, all([3, 4, 5, 6, 7], GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.NoQuorum, 0n));

    expect(moves).to.deep.equal({
      escrow: -DRAWN_PRICE,
      "client.balance": DRAWN_PRICE,
      "provider.balance": DRAWN_PRICE,
      "provider.exposure": -DRAWN_PRICE - usd(5),
      pool: 4n * PENALTY - DRAWN_PRICE,
      "court.balance": -4n * PENALTY,
      ...ofSeats(present, "credit", FEE),
      ...ofSeats(absent, "stake", -PENALTY),
    });
    expect(await statusOf(world, trial.id)).to.equal(JobStatus.Rejected);
  });

  it("fines a seat of tier one that was absent, though tier two decided", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world), all([0, 1], GUILTY));
    const [absent] = await seatsAt(world, trial, [2]);
    await speak(world, trial, all(SECOND_TIER, GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, SLASH));

    expect(moves[`seat${absent}.stake`]).to.equal(-PENALTY);
  });

  it("takes no more than a seat has", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await escalated(world, await opened(world), { 0: HONEST, 1: HONEST, 2: GUILTY });
    const [lying] = await seatsAt(world, trial, [2]);
    await speak(world, trial, all(SECOND_TIER, HONEST));
    await closesWith(world, trial, Verdict.Acquitted, 0n);

    expect((await court.seatAt(lying as bigint)).stake).to.equal(CONTRADICTION);
  });

  it("fines a seat of tier one that committed and said nothing as one that was wrong: it saw the others' words", async () => {
    const world = await newWorld();
    const { parameters } = world;
    const trial = await opened(world);
    const said = [];
    for (const position of FIRST_TIER) said.push(await commits(world, trial, position, GUILTY));
    for (const one of said.slice(0, 2)) await reveals(world, trial, one);
    const [silent] = await seatsAt(world, trial, [2]);
    await pass(world, parameters.revealWindow);
    await closes(world, trial);
    await seated(world, trial);
    await speak(world, trial, all(SECOND_TIER, GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, SLASH));

    expect(moves[`seat${silent}.stake`]).to.equal(-CONTRADICTION);
  });

  it("fines a seat of tier two that committed and said nothing as one that was absent", async () => {
    const world = await newWorld();
    const { parameters } = world;
    const trial = await escalated(world, await opened(world));
    const said = [];
    for (const position of SECOND_TIER) said.push(await commits(world, trial, position, GUILTY));
    for (const one of said.slice(1)) await reveals(world, trial, one);
    const [silent] = await seatsAt(world, trial, [3]);
    await pass(world, parameters.revealWindow);

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, SLASH));

    expect(moves[`seat${silent}.stake`]).to.equal(-PENALTY);
  });

  it("slashes by the price of a job that is worth more than a fifth of the minimum stake", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world, await judged(world, { price: usd(10) })));
    await speak(world, trial, all(SECOND_TIER, GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Convicted, usd(50)));

    expect(moves["provider.stake"]).to.equal(-usd(50));
    expect(moves["client.balance"]).to.equal(usd(10) + usd(10));
  });
});

async function closesWith(world: CourtWorld, trial: Trial, verdict: Verdict, slashed: bigint): Promise<void> {
  await expect(closes(world, trial))
    .to.emit(world.court, "CaseClosed")
    .withArgs(trial.caseId, trial.id, verdict, slashed);
}
