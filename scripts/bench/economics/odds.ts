import { hypergeometric, sum } from "./chance.ts";
import type { Rules } from "./economy.ts";

/** How likely hostile seats of one hand decide a case. All exact: seats are drawn without putting back. */
export interface PanelOdds {
  /** All of tier one is hostile: a false acquittal that nobody contradicts unless the client appeals. */
  readonly firstTierTaken: number;
  /** Tier two cannot reach a quorum of honest words. */
  readonly blocked: number;
  /** Tier two says whatever the hostile seats want. */
  readonly taken: number;
  /** A cheat that honest seats recognise is convicted. */
  readonly convicted: number;
}

/** @param size Seats on the panel. @param hostile How many of them are of one hand. */
export function panelOdds(rules: Rules, size: number, hostile: number): PanelOdds {
  const { firstTier, secondTier, quorum } = rules;
  const first = (k: number) => hypergeometric(size, hostile, firstTier, k);
  const second = (k: number, before: number) => hypergeometric(size - firstTier, hostile - before, secondTier, k);
  const reaching = (least: number, most: number) =>
    sum(0, most, (before) => first(before) * sum(least, secondTier, (k) => second(k, before)));
  const blocking = secondTier - quorum + 1;
  return {
    firstTierTaken: first(firstTier),
    blocked: reaching(blocking, firstTier),
    taken: reaching(quorum, firstTier),
    convicted: 1 - first(firstTier) - reaching(blocking, firstTier - 1),
  };
}
