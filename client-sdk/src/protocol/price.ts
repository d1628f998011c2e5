import { stringToBytes } from "viem/utils";
import type { InferenceRequest } from "./request.ts";

const MILLION = 1_000_000n;

/** Rough figures for a guess before any tokenizer is at hand: bytes a token in common text, and what a template adds. */
const BYTES_PER_TOKEN = 3;
const TOKENS_PER_MESSAGE = 8;

/** What a provider asks, in token units. The amounts of a card's model fit, as do bigints. */
export interface Pricing {
  readonly pricePerItem: bigint | string;
  readonly pricePerMillionInputTokens: bigint | string;
  readonly pricePerMillionOutputTokens: bigint | string;
}

/** The request header by which a buyer says at which prices it buys a call; at others it is not sold. */
export const PRICES_HEADER = "touchstone-prices";

/** The `code` of a node's refusal to sell at the prices that the buyer named: its card has others now. */
export const PRICES_CHANGED = "PRICES_CHANGED";

/** The value of {@link PRICES_HEADER}: an item, a million prompt tokens, a million tokens of output, in decimals. */
export function pricesHeader(prices: Pricing): string {
  return `${prices.pricePerItem} ${prices.pricePerMillionInputTokens} ${prices.pricePerMillionOutputTokens}`;
}

/** The size of a job. */
export interface JobSize {
  readonly items: number;
  /** Tokens of all prompts together. */
  readonly inputTokens: number;
  /** The most tokens that all outputs together may have. */
  readonly outputTokens: number;
}

/** The least that a job of this size costs at these prices, rounded up. Token units. */
export function priceOf(pricing: Pricing, { items, inputTokens, outputTokens }: JobSize): bigint {
  const perToken =
    BigInt(inputTokens) * BigInt(pricing.pricePerMillionInputTokens) +
    BigInt(outputTokens) * BigInt(pricing.pricePerMillionOutputTokens);
  return BigInt(items) * BigInt(pricing.pricePerItem) + (perToken + MILLION - 1n) / MILLION;
}

/**
 * A guess at what requests cost at a card's prices: prompts counted by their bytes, outputs at their longest.
 *
 * @param defaultMaxTokens Of the model's manifest: what requests without `maxTokens` may write.
 * @returns Token units. Ask for quotes to know.
 */
export function estimatePrice(
  pricing: Pricing,
  requests: readonly (InferenceRequest | string)[],
  defaultMaxTokens: number,
): bigint {
  const sizes = requests.map((request) => {
    const { messages, maxTokens = defaultMaxTokens } =
      typeof request === "string" ? { messages: [{ content: request }] } : request;
    const bytes = messages.reduce((sum, { content }) => sum + stringToBytes(content).length, 0);
    return { input: Math.ceil(bytes / BYTES_PER_TOKEN) + messages.length * TOKENS_PER_MESSAGE, output: maxTokens };
  });
  const inputTokens = sizes.reduce((sum, { input }) => sum + input, 0);
  const outputTokens = sizes.reduce((sum, { output }) => sum + output, 0);
  return priceOf(pricing, { items: requests.length, inputTokens, outputTokens });
}
