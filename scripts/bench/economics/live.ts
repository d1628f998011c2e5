import { publicCourtParameters } from "../../network/parameters.ts";
import type { Rules } from "./economy.ts";
import { MOST_DEMANDS } from "./schemes.ts";

const HOURS_A_DAY = 24;
const MINUTES = 60;

/** What the live lane adds to the rules. Amounts in tokens, shares of one. */
export const LIVE = {
  minBond: Number(publicCourtParameters.minBond) / 1e6,
  /** Fixed in the court's code: amounts of the call that a false receipt costs, and that its payer has beside its fifth. */
  penaltyFactor: 1_000,
  compensationFactor: 10,
  /** Share of receipts that buyers have looked at, and of the cheats among them that are convicted. */
  checked: 0.002,
  detection: 0.7,
} as const;

export type LiveRules = { readonly [Name in keyof typeof LIVE]: number };

/** What a false receipt costs its provider, as far as the bond reaches. */
export function penaltyOf(live: LiveRules, price: number, bond = Number.POSITIVE_INFINITY): number {
  return Math.min(bond, Math.max(live.minBond, live.penaltyFactor * price));
}

/**
 * What cheating in every call adds to honest earnings, for a token of price, while the bond is filled up again.
 *
 * @param saving Share of the price that the cheat saves.
 * @param bringing Share of sales to buyers who have answers looked at, and bring what is refuted.
 */
export function steadyGain(live: LiveRules, price: number, saving: number, bringing: number): number {
  return saving - (bringing * live.checked * live.detection * penaltyOf(live, price)) / price;
}

/** The share of sales to such buyers below which cheating pays, at prices where the factor rules. */
export function leastBringing(live: LiveRules, saving: number): number {
  return saving / (live.checked * live.detection * live.penaltyFactor);
}

/** Calls until one of them is convicted, on average. */
export function callsUntilCaught({ checked, detection }: LiveRules, bringing: number): number {
  return 1 / (bringing * checked * detection);
}

/** Hours from a receipt's case to the slash: with all data at hand, or with every demand answered at the last moment. */
export function caseHours(rules: Rules, isStalled: boolean): number {
  const { commitWindow, revealWindow, appealWindow, answerWindow } = rules;
  const judged = 2 * (commitWindow + revealWindow) + appealWindow;
  const stalled = MOST_DEMANDS * (answerWindow + commitWindow);
  return (judged + (isStalled ? stalled : 0)) / MINUTES;
}

/**
 * The bond that a provider would rather keep than cheat in all that it sells until the first slash, and leave. Bonds are one
 * for all buyers: what counts is what is sold, not through how many channels.
 *
 * @param sold Tokens a day.
 */
export function leastBond(
  live: LiveRules,
  { sold, price, saving, bringing, hours }: Record<"sold" | "price" | "saving" | "bringing" | "hours", number>,
): number {
  return saving * (price * callsUntilCaught(live, bringing) + (sold * hours) / HOURS_A_DAY);
}

/** What a payer earns by bringing a receipt that is found false with this chance. */
export function bringingGain(rules: Rules, live: LiveRules, price: number, chance: number, gas: number): number {
  const slash = penaltyOf(live, price);
  const award = slash * rules.challengerShare + Math.min(live.compensationFactor * price, slash / 5);
  return chance * award - (1 - chance) * Math.max(rules.challengeBond, price / 10) - gas;
}

/** The chance of a false conviction from which bringing sound receipts of this price pays. */
export function harassingPays(rules: Rules, live: LiveRules, price: number): number {
  const [won, lost] = [bringingGain(rules, live, price, 1, 0), -bringingGain(rules, live, price, 0, 0)];
  return lost / (won + lost);
}
