import type { ControlledEvaluateInputItem, LlamaContextSequence, Token } from "node-llama-cpp";
import { type Candidate, rank } from "./sampler.ts";

/** Candidates that a sampler ever sees. */
const TOP_K = 64;

/** How a step asks for its candidates, at temperature 1. Left out, topK and topP would apply silently. */
const STEP = { generateNext: { logits: true, options: { temperature: 1, topK: TOP_K, topP: 1, minP: 0 } } } as const;

/** Tokens of a prompt that are evaluated at once. Part of the arithmetic: another size rounds differently. */
export const BATCH = 512;

/** Tokens of a claim that are checked at once: each needs room for the logits of the whole vocabulary. */
const CHECKED_BATCH = 128;

/** Logits of the tokens after some token. */
export interface NextLogits {
  /** The likeliest, ranked. */
  readonly candidates: readonly Candidate[];
  /** Of the ids that were asked for. */
  readonly lookup: ReadonlyMap<number, number>;
}

/** Feeds tokens to the model, and gives the best candidates, ranked, for the one after them. */
export async function evaluateNext(
  slot: LlamaContextSequence,
  tokens: readonly Token[],
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const last = tokens.length - 1;
  await feed(slot, tokens.slice(0, last), signal);
  const [output] = await slot.controlledEvaluate([[tokens[last] as Token, STEP]]);
  return rank(logitsOf(output));
}

/**
 * Feeds a prompt and what was written after it, and gives the candidates of every token that was written.
 *
 * @param lookups Ids whose logits are wanted too, by the position of the written token.
 * @returns One for each written token, in order.
 */
export async function evaluateWritten(
  slot: LlamaContextSequence,
  { prompt, written, lookups }: WrittenTokens,
  signal: AbortSignal,
): Promise<readonly NextLogits[]> {
  await feed(slot, prompt.slice(0, -1), signal);
  // The logits of a token are those after the one before it; what comes after the last is not asked.
  const before = [...prompt.slice(-1), ...written.slice(0, -1)];
  const found: NextLogits[] = [];
  for (let start = 0; start < before.length; start += CHECKED_BATCH) {
    signal.throwIfAborted();
    const batch = before.slice(start, start + CHECKED_BATCH);
    const outputs = await slot.controlledEvaluate(
      batch.map((token, index) => stepOf(token, lookups.get(start + index))),
    );
    for (let index = 0; index < batch.length; index++) {
      const logits = logitsOf(outputs[index]);
      const ids = lookups.get(start + index) ?? [];
      const lookup = new Map(ids.map((id) => [id, logits.get(id as Token) ?? Number.NaN]));
      found.push({ candidates: rank(logits).slice(0, TOP_K), lookup });
    }
  }
  return found;
}

/** A prompt, what was written after it, and what else is wanted. */
export interface WrittenTokens {
  readonly prompt: readonly Token[];
  readonly written: readonly Token[];
  readonly lookups: ReadonlyMap<number, readonly number[]>;
}

async function feed(slot: LlamaContextSequence, tokens: readonly Token[], signal: AbortSignal): Promise<void> {
  for (let start = 0; start < tokens.length; start += BATCH) {
    signal.throwIfAborted();
    await slot.controlledEvaluate(tokens.slice(start, start + BATCH));
  }
}

/** A greedy step leaves the whole vocabulary standing, which is slow: only where ids are looked up. */
function stepOf(token: Token, ids: readonly number[] | undefined): ControlledEvaluateInputItem {
  if (ids === undefined) {
    return [token, STEP];
  }
  const filter = { tokens: ids as readonly Token[], includeTop: TOP_K };
  return [token, { generateNext: { logits: { filter }, options: { temperature: 0 } } }];
}

function logitsOf(output: Awaited<ReturnType<LlamaContextSequence["controlledEvaluate"]>>[number] | undefined) {
  const logits = output?.next.logits;
  if (logits === undefined) {
    throw new Error("llama.cpp gave no logits.");
  }
  return logits;
}
