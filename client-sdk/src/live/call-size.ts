import type { CardModel } from "../protocol/card.ts";
import { priceOf } from "../protocol/price.ts";

/** How big a call is, as far as can be told without the model's tokenizer. */
export interface CallSize {
  /** Bytes of the body. No tokenizer makes more tokens of it, but for what a chat template adds. */
  readonly bytes: number;
  /** Messages, or texts. */
  readonly messages: number;
  /** The longest answer that was asked for; nothing where the model's default holds. */
  readonly maxTokens: number | undefined;
  /** A guess at how long the answer will be. */
  readonly expectedTokens: number;
}

/** What chat templates add, at most: a system prompt of their own, and marks around each message. */
const TEMPLATE_TOKENS = 64;
const TOKENS_PER_MESSAGE = 16;
const USUAL_ANSWER = 256;

/** Prompt tokens that no honest provider counts more of. */
export function mostPromptTokens({ bytes, messages }: CallSize): number {
  return bytes + messages * TOKENS_PER_MESSAGE + TEMPLATE_TOKENS;
}

/** Answer tokens that no honest provider counts more of. */
export function mostCompletionTokens(model: CardModel, { maxTokens }: CallSize): number {
  return Math.min(maxTokens ?? model.defaultMaxTokens ?? model.contextLength, model.contextLength);
}

/**
 * The most that a call can cost at a card's prices, token units: what a voucher must cover. It is an upper bound of what the
 * provider reserves, which counts tokens where this counts bytes, so that no call is refused for a guess too low.
 */
export function reserveOf(model: CardModel, size: CallSize): bigint {
  const inputTokens = Math.min(mostPromptTokens(size), model.contextLength);
  return priceOf(model, { items: 1, inputTokens, outputTokens: mostCompletionTokens(model, size) });
}

/** A guess at the length of an answer. */
export function expectedTokens(maxTokens: number | undefined): number {
  return Math.min(maxTokens ?? USUAL_ANSWER, USUAL_ANSWER);
}
