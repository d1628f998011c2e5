import type { Address } from "viem";
import { type CallSize, reserveOf } from "./call-size.ts";
import { type Offer, offerKey } from "./offer.ts";
import type { FullPolicy } from "./policy.ts";
import { NO_RECORD, type TrackRecord } from "./track-record.ts";

/** Where choices come from: the time and chance, so that the same of both give the same choice. */
export interface Fate {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** From 0 to 1, 1 left out. */
  readonly random: () => number;
}

/** What there is to choose from. */
export interface RoutingContext {
  readonly size: CallSize;
  readonly policy: FullPolicy;
  /** By {@link offerKey}. */
  readonly records: ReadonlyMap<string, TrackRecord>;
  /** Providers of which nothing is bought any more, and why. */
  readonly dropped: ReadonlyMap<Address, string>;
  readonly fate: Fate;
}

/** Why an offer is not bought. */
export type Obstacle =
  | "BOND_TOO_SMALL"
  | "DROPPED"
  | "EXCLUDED"
  | "PRICE_TOO_HIGH"
  | "RESTING"
  | "SEAL_MISSING"
  | "UNVERIFIED"
  | "WITHDRAW_DELAY_TOO_LONG"
  | "CONTEXT_TOO_SHORT";

/** Of what nothing was measured: taken for a decent machine, so that it is tried before it is known to be slow. */
const USUAL_FIRST_TOKEN_MS = 500;
const USUAL_TOKENS_PER_SECOND = 30;

/** What stands in the way of an offer; nothing if it may be bought. */
export function obstacleOf(
  offer: Offer,
  { size, policy, records, dropped, fate }: RoutingContext,
): Obstacle | undefined {
  const { model, live, provider } = offer;
  const record = records.get(offerKey(offer)) ?? NO_RECORD;
  const isNamed = (list: readonly string[]) => list.some((one) => one.toLowerCase() === provider.toLowerCase());
  const leastBond = policy.minBond ?? policy.bondMultiple * reserveOf(model, size);
  const isOver = (price: string, most: bigint | undefined) => most !== undefined && BigInt(price) > most;
  const rules: readonly (readonly [boolean, Obstacle])[] = [
    [dropped.has(provider), "DROPPED"],
    [policy.providers !== undefined && !isNamed(policy.providers), "EXCLUDED"],
    [policy.exclude !== undefined && isNamed(policy.exclude), "EXCLUDED"],
    [policy.requireVerified && !offer.isVerified, "UNVERIFIED"],
    [policy.sealed && live.encryptionKey === undefined, "SEAL_MISSING"],
    [isOver(model.pricePerMillionInputTokens, policy.maxInputPrice), "PRICE_TOO_HIGH"],
    [isOver(model.pricePerMillionOutputTokens, policy.maxOutputPrice), "PRICE_TOO_HIGH"],
    [offer.bond < leastBond, "BOND_TOO_SMALL"],
    [live.withdrawDelay > policy.maxWithdrawDelay, "WITHDRAW_DELAY_TOO_LONG"],
    [(size.maxTokens ?? 1) > model.contextLength, "CONTEXT_TOO_SHORT"],
    [record.restsUntil > fate.now(), "RESTING"],
  ];
  return rules.find(([applies]) => applies)?.[1];
}

/**
 * Offers in the order in which to try them. The best score comes first; now and then, by chance, the offer of which
 * least is known does.
 */
export function rankOffers(offers: readonly Offer[], context: RoutingContext): Offer[] {
  const { records, policy, fate } = context;
  const scores = scoresOf(offers, context);
  const ranked = [...offers].sort(
    (a, b) => (scores.get(a) ?? 0) - (scores.get(b) ?? 0) || (offerKey(a) < offerKey(b) ? -1 : 1),
  );
  if (ranked.length < 2 || fate.random() >= policy.exploration) {
    return ranked;
  }
  const callsOf = (offer: Offer) => records.get(offerKey(offer))?.calls ?? 0;
  const [least] = ranked.slice(1).sort((a, b) => callsOf(a) - callsOf(b));
  return least === undefined ? ranked : [least, ...ranked.filter((offer) => offer !== least)];
}

/**
 * How dear each offer is, all told: its price and its time, each against the best of all, weighted; more where the region is
 * not a preferred one, and for failures and slashings. Lower is better.
 */
export function scoresOf(offers: readonly Offer[], context: RoutingContext): Map<Offer, number> {
  const { size, policy, records } = context;
  const { weights, regions } = policy;
  const parts = offers.map((offer) => {
    const record = records.get(offerKey(offer)) ?? NO_RECORD;
    return { offer, record, price: Number(reserveOf(offer.model, size)), seconds: secondsOf(record, size) };
  });
  const cheapest = Math.min(...parts.map(({ price }) => price));
  const fastest = Math.min(...parts.map(({ seconds }) => seconds));
  return new Map(
    parts.map(({ offer, record, price, seconds }) => {
      const isElsewhere = regions !== undefined && !regions.includes(offer.region);
      const faults = record.failureRate + offer.slashings / (1 + offer.slashings);
      const dearness = weights.price * ((price + 1) / (cheapest + 1)) + weights.latency * (seconds / fastest);
      return [offer, dearness + weights.region * Number(isElsewhere) + weights.record * faults];
    }),
  );
}

/** How long an answer of usual length will take. */
function secondsOf({ firstTokenMs, tokensPerSecond }: TrackRecord, { expectedTokens }: CallSize): number {
  const speed = tokensPerSecond ?? USUAL_TOKENS_PER_SECOND;
  return (firstTokenMs ?? USUAL_FIRST_TOKEN_MS) / 1_000 + expectedTokens / Math.max(speed, 0.001);
}
