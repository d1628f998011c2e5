import { zeroHash } from "viem";
import { type ModelTerms, termsId } from "../../../client-sdk/src/protocol/model.ts";
import type { Ground } from "./ground.ts";
import { COURT, JUDGED, termsOf, viewsOf } from "./market.ts";
import { type Play, type Playwright, seconds } from "./play-types.ts";

/** Seats that come and go, and panels of other models. */
export const SEAT_PLAYS: Readonly<Record<string, Playwright>> = { visitor, secondPanel, refresh };

/** Validators that do not sit on the judged model's panel from the start. */
function visitorsOf({ people }: Ground) {
  return people.validators.slice(15);
}

/** A seat that takes a place, leaves it, and takes its stake back; maybe it returns. */
async function* visitor(ground: Ground): Play {
  const { random } = ground;
  const owner = random.pick(visitorsOf(ground));
  const number = await viewsOf(ground).seatOf(owner.address);
  const { stake } = await viewsOf(ground).seatAt(number);
  const lacking = COURT.seatStake - stake;
  if (lacking > 0n) await ground.court(owner, "stakeSeat", [lacking + random.amount(0n, 1_000n)]);
  await ground.court(owner, "joinPanel", [owner.address, JUDGED]);
  yield seconds(ground, random.between(60, 7_200));
  await ground.court(owner, "leavePanel", [owner.address, JUDGED]);
  yield seconds(ground, COURT.seatUnbonding);
  if (random.chance(0.3)) await ground.court(owner, "joinPanel", [owner.address, JUDGED]);
  else await ground.court(owner, "withdrawSeat", []);
}

/** A panel that is too small to judge. */
async function* secondPanel(ground: Ground): Play {
  const { random } = ground;
  const terms: ModelTerms = termsOf(`model ${random.between(0, 20)}`);
  const model = termsId(terms);
  if (!(await ground.tries(ground.court(random.pick(ground.people.strangers), "openPanel", [terms])))) return;
  for (const owner of random.shuffled(ground.people.validators.slice(0, 15)).slice(0, 2)) {
    yield;
    await ground.court(owner, "joinPanel", [owner.address, model]);
    if (random.chance(0.5)) await ground.court(owner, "leavePanel", [owner.address, model]);
  }
}

async function* refresh(ground: Ground): Play {
  const model = ground.random.pick([JUDGED, zeroHash]);
  await ground.court(ground.random.pick(ground.people.strangers), "refreshPanel", [model]);
  yield;
}
