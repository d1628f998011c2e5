import { binomial, sum } from "./chance.ts";
import { drawProbability, type Rules } from "./economy.ts";

/** A way of cheating, in shares of one. */
export interface Cheat {
  /** What the cheat saves, as a share of the price of the jobs it is done in. */
  readonly saving: number;
  /** Probability that honest seats recognise it in a drawn case. */
  readonly detection: number;
  /** Probability that a recognised cheat is convicted: hostile seats lower it. */
  readonly convicted?: number;
}

/** What a conviction takes for a job of this price. */
export function slashOf(rules: Rules, price: number): number {
  return Math.max(rules.minStake, price / rules.exposureShare);
}

/** What of it is lost for good: an accomplice may have brought the case and take the challenger's share. */
function lostForGood(rules: Rules, price: number): number {
  return slashOf(rules, price) * (1 - rules.challengerShare);
}

/**
 * What steady cheating adds to a provider's earnings, for each token of price it is done in: what is saved, less what
 * the draws take. The slash is paid again and again, from stake that is topped up.
 */
export function streamingGain(rules: Rules, cheat: Cheat, price: number): number {
  const conviction = (drawProbability(rules, price) / price) * cheat.detection * (cheat.convicted ?? 1);
  return cheat.saving - conviction * (lostForGood(rules, price) + price);
}

/**
 * What it adds to fill the exposure cap with jobs of one price, cheat in all at once, and leave.
 * @param stake All the provider has; its cap is a share of it, and no more than it can be lost.
 * @returns Tokens.
 */
export function burstGain(rules: Rules, cheat: Cheat, price: number, stake: number = rules.minStake): number {
  const jobs = Math.floor((stake * rules.exposureShare) / price + 1e-9);
  const hit = drawProbability(rules, price) * cheat.detection * (cheat.convicted ?? 1);
  const slash = slashOf(rules, price);
  const lost = sum(0, jobs, (k) => {
    const slashed = Math.min(stake, k * slash) * (1 - rules.challengerShare);
    return binomial(jobs, hit, k) * (slashed + k * price);
  });
  return jobs * price * cheat.saving - lost;
}

/** The worst burst over prices from a thousandth of the cap to all of it. */
export function worstBurst(rules: Rules, cheat: Cheat, stake: number = rules.minStake): number {
  const cap = stake * rules.exposureShare;
  return Math.max(...[1, 2, 5, 10, 100, 1_000].map((parts) => burstGain(rules, cheat, cap / parts, stake)));
}

/** What a false conviction costs an honest provider, for each token of price. */
export function falsePositiveCost(rules: Rules, falsePositive: number, price: number): number {
  return (drawProbability(rules, price) / price) * falsePositive * (slashOf(rules, price) + price);
}
