/** What a node asks, token units. */
export interface Prices {
  readonly pricePerItem: bigint;
  readonly pricePerMillionInputTokens: bigint;
  readonly pricePerMillionOutputTokens: bigint;
}

/**
 * On which terms a node works now: those of its settings, or what its owner said since. What was quoted, or admitted as a
 * live call, keeps the prices of that moment.
 */
export interface Terms {
  readonly prices: Prices;
  /** Whether its owner had it take no new work. */
  readonly isDrained: boolean;
}

/** The prices among settings. */
export function pricesOf({ pricePerItem, pricePerMillionInputTokens, pricePerMillionOutputTokens }: Prices): Prices {
  return { pricePerItem, pricePerMillionInputTokens, pricePerMillionOutputTokens };
}
