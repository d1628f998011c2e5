import { expect } from "chai";
import { Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
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
  sitterOf,
  speak,
} from "./support/cases.ts";
import { pass } from "./support/clock.ts";
import { type CourtWorld, courtMovesOf, JUDGED_MODEL, openCourtWorlds, sit } from "./support/court-world.ts";
import { usd } from "./support/world.ts";

const newWorld = await openCourtWorlds();
const newWorldOfTwelve = await openCourtWorlds({ seats: 12 });

describe("Colluding seats", () => {
  it("that are two of three convict nobody: tier one only acquits, and the nine fine them", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world), { 0: GUILTY, 1: GUILTY, 2: HONEST });
    const colluding = await seatsAt(world, trial, [0, 1]);
    await speak(world, trial, all(SECOND_TIER, HONEST));

    const moves = await courtMovesOf(world, () => closes(world, trial));

    expect(moves["provider.stake"]).to.equal(undefined);
    for (const seat of colluding) expect(moves[`seat${seat}.stake`]).to.equal(-usd(25));
  });

  it("that are all of tier one free a cheat only until the client appeals, and lose more than they could be paid", async () => {
    const world = await newWorld();
    const { court, client } = world;
    const trial = await opened(world);
    const bribed = await seatsAt(world, trial, FIRST_TIER);
    await speak(world, trial, all(FIRST_TIER, HONEST));
    await court.connect(client).appeal(trial.spec, trial.frozen, trial.key);
    await seated(world, trial);
    await speak(world, trial, all(SECOND_TIER, GUILTY));

    const moves = await courtMovesOf(world, () => closes(world, trial));

    const lost = bribed.reduce((sum, seat) => sum - (moves[`seat${seat}.stake`] ?? 0n), 0n);
    expect(lost > usd(25) + DRAWN_PRICE).to.equal(true);
  });

  it("that are five of nine convict nobody", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world), { ...all(FIRST_TIER, HONEST), 0: GUESS });
    await speak(world, trial, { ...all([3, 4, 5, 6, 7], GUILTY), ...all([8, 9, 10, 11], HONEST) });

    const moves = await courtMovesOf(world, () => closes(world, trial));

    expect(moves["provider.stake"]).to.equal(undefined);
  });

  it("cannot drag the median: three far away leave six honest words that decide", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world), { ...all(FIRST_TIER, HONEST), 0: GUESS });
    const far = { ...HONEST, margin: 32_767, distance: 32_767, probes: HONEST.probes.map(() => 32_767) };
    await speak(world, trial, { ...all([3, 4, 5], far), ...all([6, 7, 8, 9, 10, 11], HONEST) });

    await expect(closes(world, trial))
      .to.emit(world.court, "CaseClosed")
      .withArgs(trial.caseId, trial.id, Verdict.Acquitted, 0n);
  });

  it("that stay away to block a quorum pay for each place, and the provider is paid out of it", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world));
    const away = await seatsAt(world, trial, [8, 9, 10, 11]);
    await speak(world, trial, all([3, 4, 5, 6, 7], GUILTY));

    const moves = await courtMovesOf(world, () => closes(world, trial));

    for (const seat of away) expect(moves[`seat${seat}.stake`]).to.equal(-usd(5));
    expect(moves["provider.balance"]).to.equal(DRAWN_PRICE);
    expect(moves["client.balance"]).to.equal(DRAWN_PRICE);
  });
});

describe("A seat without a word of its own", () => {
  it("cannot commit to what another committed to: the commitment names position and seat", async () => {
    const world = await newWorld();
    const { court } = world;
    const trial = await opened(world);
    const said = await commits(world, trial, 0, HONEST);
    const copied = await court.wordAt(trial.caseId, 0);
    await court.connect(await sitterOf(world, trial, 1)).commit(trial.caseId, 1, copied);
    await commits(world, trial, 2, HONEST);

    await reveals(world, trial, said);
    await expect(reveals(world, trial, { ...said, position: 1 })).to.be.revertedWithCustomError(
      court,
      "CaseWrongReveal",
    );
  });

  it("that shows its word to sell it can be denounced by whoever buys it", async () => {
    const world = await newWorld();
    const { court, stranger } = world;
    const trial = await opened(world);
    const said = await commits(world, trial, 0, HONEST);
    const [seat] = await seatsAt(world, trial, [0]);

    const moves = await courtMovesOf(world, () =>
      court.connect(stranger).denounce(trial.caseId, 0, said.word, said.salt),
    );

    expect(moves["stranger.balance"]).to.equal(usd(10));
    expect(moves["burned.balance"]).to.equal(usd(40));
    expect(moves[`seat${seat}.stake`]).to.equal(-usd(50));
  });

  it("gains nothing by silence once it has seen the others: it pays as for a wrong word", async () => {
    const world = await newWorld();
    const { parameters } = world;
    const trial = await opened(world);
    const said = [];
    for (const position of FIRST_TIER) said.push(await commits(world, trial, position, HONEST));
    for (const one of said.slice(1)) await reveals(world, trial, one);
    const [silent] = await seatsAt(world, trial, [0]);
    await pass(world, parameters.revealWindow);
    await closes(world, trial);
    await seated(world, trial);
    await speak(world, trial, all(SECOND_TIER, HONEST));

    const moves = await courtMovesOf(world, () => closes(world, trial));

    expect(moves[`seat${silent}.stake`]).to.equal(-usd(25));
  });

  it("that dissents in tier one for nothing pays for it: tier two judges its word", async () => {
    const world = await newWorld();
    const trial = await escalated(world, await opened(world), { 0: HONEST, 1: HONEST, 2: GUESS });
    const [dissenter] = await seatsAt(world, trial, [2]);
    await speak(world, trial, all(SECOND_TIER, HONEST));

    const moves = await courtMovesOf(world, () => closes(world, trial));

    expect(moves[`seat${dissenter}.stake`]).to.equal(-usd(25));
  });
});

describe("Seats that join and leave once the seed is known", () => {
  it("do not turn the draw: who joins after the submission changes no panel", async () => {
    const world = await newWorldOfTwelve();
    const { court, chain, validators } = world;
    const job = await judged(world);
    const before = await chain.networkHelpers.takeSnapshot();
    const undisturbed = await seatsAt(world, await opened(world, job), FIRST_TIER);
    await before.restore();

    await sit(world, validators[12] as CourtWorld["client"]);

    expect(await seatsAt(world, await opened(world, job), FIRST_TIER)).to.deep.equal(undisturbed);
    expect((await court.panelOf(JUDGED_MODEL)).length).to.equal(13);
  });

  it("cannot escape a case by leaving: they are drawn all the same, and their stake stays", async () => {
    const world = await newWorld();
    const { court, chain, validators } = world;
    const job = await judged(world);
    const before = await chain.networkHelpers.takeSnapshot();
    const [drawn] = await seatsAt(world, await opened(world, job), [0]);
    await before.restore();
    const leaver = validators[Number(drawn) - 1] as CourtWorld["client"];

    await court.connect(leaver).leavePanel(leaver, JUDGED_MODEL);

    expect(await seatsAt(world, await opened(world, job), [0])).to.deep.equal([drawn]);
    await expect(court.connect(leaver).withdrawSeat()).to.be.revertedWithCustomError(court, "SeatsNotWithdrawable");
  });

  it("cannot fill a panel: a seat that comes and goes has one slot", async () => {
    const world = await newWorld();
    const { court, validators } = world;
    const [seat] = validators as [CourtWorld["client"]];
    await court.connect(seat).leavePanel(seat, JUDGED_MODEL);

    await expect(court.connect(seat).joinPanel(seat, JUDGED_MODEL)).to.be.revertedWithCustomError(
      court,
      "SeatsTooSoon",
    );
  });
});
