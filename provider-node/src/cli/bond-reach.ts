import type { GetBondReturnType } from "@touchstone/sdk";
import { priceOf, RECEIPT_PENALTY_FACTOR } from "@touchstone/sdk/protocol";
import type { Settings } from "../config.ts";
import { EXAMPLE_CALL } from "./pricing.ts";

/** What the settings say of prices. Token units. */
export type Prices = Pick<Settings, "pricePerItem" | "pricePerMillionInputTokens" | "pricePerMillionOutputTokens">;

/** What a live bond lets its provider sell to buyers who ask for what buyers ask by default. Token units. */
export interface BondReach {
  /** The part of the bond that buyers count: not what is leaving. */
  readonly counted: bigint;
  /** The dearest call: a false receipt costs {@link RECEIPT_PENALTY_FACTOR} times its price, so buyers want that much to lose. */
  readonly perCall: bigint;
  /** Tokens of output that such a call has room for at these prices, its prompt the example's; nothing where output is free. */
  readonly outputTokens: bigint | undefined;
  /** Whether the example can be sold. */
  readonly coversExample: boolean;
}

/** Up to which call a bond lets its provider sell. */
export function reachOf({ amount, leaving }: Pick<GetBondReturnType, "amount" | "leaving">, prices: Prices): BondReach {
  const counted = amount - leaving;
  const perCall = counted / RECEIPT_PENALTY_FACTOR;
  const prompt = priceOf(prices, { ...EXAMPLE_CALL, outputTokens: 0 });
  const perMillion = prices.pricePerMillionOutputTokens;
  const room = perCall > prompt ? perCall - prompt : 0n;
  return {
    counted,
    perCall,
    outputTokens: perMillion === 0n ? undefined : (room * 1_000_000n) / perMillion,
    coversExample: priceOf(prices, EXAMPLE_CALL) <= perCall,
  };
}
