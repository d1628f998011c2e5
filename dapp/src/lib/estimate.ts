import { type CardModel, estimatePrice, type InferenceRequest } from "@touchstone/sdk/protocol";

/** What a model's card must say for an estimate. */
export type EstimateTerms = Pick<
  CardModel,
  "pricePerItem" | "pricePerMillionInputTokens" | "pricePerMillionOutputTokens" | "measured"
>;

/** The most tokens that the answers of these requests may have together. */
export function outputTokensOf(requests: readonly InferenceRequest[], defaultMaxTokens: number): number {
  return requests.reduce((sum, { maxTokens = defaultMaxTokens }) => sum + maxTokens, 0);
}

/**
 * How long a provider would work at most, at the speed that it measured: all answers at their longest, one after the other.
 *
 * @returns Seconds; nothing before it measured anything.
 */
export function estimateSeconds(
  measured: CardModel["measured"],
  { items, outputTokens }: { readonly items: number; readonly outputTokens: number },
): number | undefined {
  if (measured === undefined || measured.tokensPerSecond <= 0) {
    return undefined;
  }
  return Math.ceil(outputTokens / measured.tokensPerSecond + (items * (measured.firstTokenMs ?? 0)) / 1_000);
}

/** What the cheapest of these cards would ask for the requests, before anybody is asked. Token units; nothing without any. */
export function cheapestEstimate(
  cards: readonly EstimateTerms[],
  requests: readonly InferenceRequest[],
  defaultMaxTokens: number,
): bigint | undefined {
  const prices = cards.map((card) => estimatePrice(card, requests, defaultMaxTokens));
  return prices.reduce<bigint | undefined>(
    (least, price) => (least === undefined || price < least ? price : least),
    undefined,
  );
}
