import type { ControlledEvaluateInputItem, LlamaContextSequence, Token } from "node-llama-cpp";
import { type Candidate, rank, SAMPLED_CANDIDATES } from "./sampler.ts";

/** Candidates that are looked at when a token is judged: some beyond those that could be chosen. */
const JUDGED_CANDIDATES = SAMPLED_CANDIDATES + 16;

/** How a step asks for its candidates, at temperature 1. Left out, topK and topP would apply silently. */
const stepOf = (topK: number) => ({
  generateNext: { logits: true, options: { temperature: 1, topK, topP: 1, minP: 0 } },
});
const WRITE_STEP = stepOf(SAMPLED_CANDIDATES);
const JUDGE_STEP = stepOf(JUDGED_CANDIDATES);

/** The same logits as {@link WRITE_STEP}; a greedy step weighs the whole vocabulary, which takes longer. */
const WEIGH_STEP = {
  generateNext: {
    logits: { filter: { tokens: [], includeTop: SAMPLED_CANDIDATES } },
    totalLogitWeight: true,
    options: { temperature: 0 },
  },
} as const;

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

/** What may be written next. */
export interface NextToken {
  /** The likeliest, ranked. */
  readonly candidates: readonly Candidate[];
  /** Logarithm of the sum of `exp(logit)` over the whole vocabulary, where it was asked for: logprob = logit - this. */
  readonly logWeight: number | undefined;
}

/** How {@link evaluateNext} goes about it. */
export interface EvaluateOptions {
  readonly signal: AbortSignal;
  /** Whether the whole vocabulary is weighed. */
  readonly isWeighed?: boolean;
}

/** Feeds tokens to the model, and gives the best candidates, ranked, for the one after them. */
export async function evaluateNext(
  slot: LlamaContextSequence,
  tokens: readonly Token[],
  { signal, isWeighed = false }: EvaluateOptions,
): Promise<NextToken> {
  const last = tokens.length - 1;
  await feed(slot, tokens.slice(0, last), signal);
  const [output] = await slot.controlledEvaluate([[tokens[last] as Token, isWeighed ? WEIGH_STEP : WRITE_STEP]]);
  const candidates = rank(logitsOf(output));
  const weight = output?.next.totalLogitWeight; // Relative to the highest.
  return { candidates, logWeight: weight && (candidates[0]?.logit ?? 0) + Math.log(weight) };
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
      batch.map((token, index) => judged(token, lookups.get(start + index))),
    );
    for (let index = 0; index < batch.length; index++) {
      const logits = logitsOf(outputs[index]);
      const ids = lookups.get(start + index) ?? [];
      const lookup = new Map(ids.map((id) => [id, logits.get(id as Token) ?? Number.NaN]));
      found.push({ candidates: rank(logits).slice(0, JUDGED_CANDIDATES), lookup });
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
function judged(token: Token, ids: readonly number[] | undefined): ControlledEvaluateInputItem {
  if (ids === undefined) {
    return [token, JUDGE_STEP];
  }
  const filter = { tokens: ids as readonly Token[], includeTop: JUDGED_CANDIDATES };
  return [token, { generateNext: { logits: { filter }, options: { temperature: 0 } } }];
}

function logitsOf(output: Awaited<ReturnType<LlamaContextSequence["controlledEvaluate"]>>[number] | undefined) {
  const logits = output?.next.logits;
  if (logits === undefined) {
    throw new Error("llama.cpp gave no logits.");
  }
  return logits;
}
