import { type Ground, usd } from "./ground.ts";
import { JUDGED, viewsOf } from "./market.ts";
import { play } from "./play.ts";

/** What chance seldom brings about. The last leaves no panel to judge with. */
export const RARITIES: Readonly<Record<string, (ground: Ground) => Promise<void>>> = {
  bondBeforeStake,
  cardAnew,
  slashOfLeavingBond,
  panelTooSmall,
};

/** Somebody becomes a provider by a bond alone. */
async function bondBeforeStake(ground: Ground): Promise<void> {
  for (const stranger of ground.people.strangers) await ground.court(stranger, "postBond", [usd(20)]);
}

/** A card moves, and moves again later. */
async function cardAnew(ground: Ground): Promise<void> {
  for (const place of ["first", "second"]) {
    for (const provider of ground.people.providers) {
      await ground.market(provider, "updateProvider", [provider.address, `https://cards.example/${place}`]);
    }
    ground.waitUntil(ground.time + 600n);
  }
}

/** All of a bond is on its way out when a part of it is slashed. */
async function slashOfLeavingBond(ground: Ground): Promise<void> {
  for (const provider of ground.people.providers) {
    await ground.court(provider, "postBond", [usd(100)]);
    const { amount } = await viewsOf(ground).bondOf(provider.address);
    await ground.court(provider, "requestBondExit", [amount]);
  }
  await play(ground, { actions: 10, plays: ["doubleReceipt"] });
}

/** So many seats leave that the panel judges no longer. */
async function panelTooSmall(ground: Ground): Promise<void> {
  for (const owner of ground.people.validators) {
    await ground.tries(ground.court(owner, "leavePanel", [owner.address, JUDGED]));
  }
  await ground.tries(ground.court(ground.people.deployer, "refreshPanel", [JUDGED]));
}
