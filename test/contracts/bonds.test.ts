import { expect } from "chai";
import { Verdict } from "../../client-sdk/src/protocol/generated/enums.ts";
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
  SECOND_TIER,
  SMALL_PRICE,
  seatsAt,
  speak,
  type Trial,
} from "./support/cases.ts";
import { type CourtWorld, courtMovesOf, ofSeats, openCourtWorlds } from "./support/court-world.ts";
import { usd } from "./support/world.ts";

const SMALL_BOND = 100_000n;
const newWorld = await openCourtWorlds();
const newWorldOfSmallBonds = await openCourtWorlds({ parameters: { challengeBond: SMALL_BOND } });
const BOND = 500_000n;
const FEE = 20_000n;
const ABSENCE = usd(5);

describe("The bond of a challenge that proved nothing", () => {
  it("pays the seats of an undecidable case; the rest comes back", async () => {
    const world = await newWorld();
    const { trial, seats } = await divided(world);

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Undecidable));

    expect(moves).to.deep.equal({
      "client.balance": BOND - 12n * FEE,
      "court.balance": -BOND,
      "provider.exposure": -usd(5),
      pool: 12n * FEE,
      ...ofSeats(seats, "credit", FEE),
    });
  });

  it("is all that an undecidable case takes from the client", async () => {
    const world = await newWorldOfSmallBonds();
    const { trial, seats } = await divided(world);

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.Undecidable));

    expect(moves).to.deep.equal({
      "court.balance": -SMALL_BOND,
      "provider.exposure": -usd(5),
      pool: SMALL_BOND,
      ...ofSeats(seats, "credit", FEE),
    });
  });

  it("pays the seats that spoke where there was no quorum; the rest comes back with the price", async () => {
    const world = await newWorld();
    const job = await judged(world);
    const trial = await escalated(world, await challenged(world, job, 3n));
    const present = await seatsAt(world, trial, [0, 1, 2, 3, 4, 5, 6, 7]);
    const absent = await seatsAt(world, trial, [8, 9, 10, 11]);
    await speak(world, trial, all([3, 4, 5, 6, 7], GUILTY));

    const moves = await courtMovesOf(world, () => closesWith(world, trial, Verdict.NoQuorum));

    expect(moves).to.deep.equal({
      escrow: -DRAWN_PRICE,
      "client.balance": DRAWN_PRICE + BOND - 8n * FEE,
      "court.balance": -BOND - 4n * ABSENCE,
      "provider.balance": DRAWN_PRICE,
      "provider.exposure": -DRAWN_PRICE - usd(5),
      pool: 4n * ABSENCE - DRAWN_PRICE + 8n * FEE,
      ...ofSeats(present, "credit", FEE),
      ...ofSeats(absent, "stake", -ABSENCE),
    });
  });
});

/** A challenge in which the nine say seven different things. */
async function divided(world: CourtWorld) {
  const job = await judged(world, { price: SMALL_PRICE });
  const trial = await escalated(world, await challenged(world, job, 3n));
  const others = [6, 7, 8, 9, 10, 11].map((position) => [position, { ...HONEST, tokens: position }] as const);
  await speak(world, trial, { ...all([3, 4, 5], HONEST), ...Object.fromEntries(others) });
  return { trial, seats: await seatsAt(world, trial, [...FIRST_TIER, ...SECOND_TIER]) };
}

async function closesWith(world: CourtWorld, trial: Trial, verdict: Verdict): Promise<void> {
  await expect(closes(world, trial)).to.emit(world.court, "CaseClosed").withArgs(trial.caseId, trial.id, verdict, 0n);
}
