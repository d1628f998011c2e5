import { BASIS_POINTS } from "./generated/constants.ts";

/** The share of `amount` that is taken, in basis points, rounded up. Mirrors `FeeLib.shareUp`. */
export function shareUp(amount: bigint, basisPoints: number): bigint {
  return (amount * BigInt(basisPoints) + BASIS_POINTS - 1n) / BASIS_POINTS;
}

/** The share of `amount` that is allowed, in basis points, rounded down. Mirrors `FeeLib.shareDown`. */
export function shareDown(amount: bigint, basisPoints: number): bigint {
  return (amount * BigInt(basisPoints)) / BASIS_POINTS;
}

/** What the market keeps of a settled price: `feeShare` of it, rounded up. The provider gets the rest. */
export function feeOf(price: bigint, feeShare: number): bigint {
  return shareUp(price, feeShare);
}

/**
 * What a provider that accepted and did not deliver owes. A fifth of it goes to the client, the rest to the assurance
 * pool. Mirrors `FeeLib.noShowPenalty`.
 */
export function noShowPenalty(price: bigint, noShowShare: number, floor: bigint): bigint {
  const share = shareUp(price, noShowShare);
  return share > floor ? share : floor;
}

/** The most that accepted, unsettled prices of a provider with this stake may reach. */
export function exposureCap(stake: bigint, exposureShare: number): bigint {
  return shareDown(stake, exposureShare);
}
