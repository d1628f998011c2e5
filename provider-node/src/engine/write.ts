import { encodeTrace, TRACE_CANDIDATES, type TraceEntry } from "@touchstone/sdk/protocol";
import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import type { Generated, GenerateOptions } from "./engine.ts";
import { evaluateNext, type NextToken } from "./evaluate.ts";
import { createSampler } from "./sampler.ts";
import { createStopRule } from "./stops.ts";
import { Teller } from "./teller.ts";

/** What a request comes to on this model. */
export interface Writing {
  readonly prompt: readonly Token[];
  readonly temperature: number;
  readonly topP: number;
  readonly stop: readonly string[];
  /** Most tokens to write. */
  readonly limit: number;
}

/** Writes an output token by token, in a slot that nothing is in. */
export async function write(
  model: LlamaModel,
  slot: LlamaContextSequence,
  { prompt, temperature, topP, stop, limit }: Writing,
  options: GenerateOptions,
): Promise<Generated> {
  const sample = createSampler({ seed: options.seed, temperature, topP });
  const stops = createStopRule(stop, (some) => model.detokenize(some));
  const teller = new Teller(model, stops, options);
  const tokens: Token[] = [];
  const trace: TraceEntry[] = [];
  let finishReason: "stop" | "length" = "length";
  let next = await step(slot, prompt, options);
  for (; next !== undefined; next = await step(slot, tokens.slice(-1), options)) {
    const { candidates } = next;
    const token = sample(tokens.length, candidates) as Token;
    trace.push({ token, candidates: candidates.slice(0, TRACE_CANDIDATES) });
    if (model.isEogToken(token)) {
      finishReason = "stop";
      break;
    }
    tokens.push(token);
    options.onToken?.(tokens.length);
    teller.wrote(tokens, next);
    if (stops.isReached(tokens)) {
      finishReason = "stop";
      break;
    }
    if (tokens.length === limit) {
      break;
    }
  }
  const text = stops.cut(model.detokenize(tokens));
  teller.ended(tokens, text);
  const output = { finishReason, promptTokens: prompt.length, text, tokens };
  return { output, trace: encodeTrace(trace), ...(next === undefined && { wasCut: true }) };
}

/** The next token's candidates; nothing if the generation was cut. */
async function step(
  slot: LlamaContextSequence,
  tokens: readonly Token[],
  { signal, cut, topLogprobs }: GenerateOptions,
): Promise<NextToken | undefined> {
  const isCut = () => cut?.aborted === true && !signal.aborted;
  signal.throwIfAborted();
  if (isCut()) {
    return undefined;
  }
  try {
    const until = cut === undefined ? signal : AbortSignal.any([signal, cut]);
    return await evaluateNext(slot, tokens, { signal: until, isWeighed: topLogprobs !== undefined });
  } catch (error) {
    if (isCut()) {
      return undefined;
    }
    throw error;
  }
}
