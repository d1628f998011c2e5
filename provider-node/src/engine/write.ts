import { encodeTrace, TRACE_CANDIDATES, type TraceEntry } from "@touchstone/sdk/protocol";
import type { LlamaModel, Token } from "node-llama-cpp";
import type { Generated, GenerateOptions } from "./engine.ts";
import type { NextToken } from "./evaluate.ts";
import type { Writing } from "./rules.ts";
import { createSampler } from "./sampler.ts";
import { createStopRule } from "./stops.ts";
import { Teller } from "./teller.ts";

/** What may follow, and the token that somebody else has chosen from it already, if so. */
export type StepResult = NextToken & { readonly chosen?: number };

/** Gives what may follow, once the tokens are written that came since the last time; the first time, the prompt. */
export type Step = (fresh: readonly Token[], signal: AbortSignal) => Promise<StepResult>;

/** Writes an output token by token. */
export async function write(
  model: LlamaModel,
  step: Step,
  { prompt, temperature, topP, stop, limit }: Writing,
  options: GenerateOptions,
): Promise<Generated> {
  const sample = createSampler({ seed: options.seed, temperature, topP });
  const stops = createStopRule(stop, (some) => model.detokenize(some));
  const teller = new Teller(model, stops, options);
  const tokens: Token[] = [];
  const trace: TraceEntry[] = [];
  let finishReason: "stop" | "length" = "length";
  let next = await untilCut(step, prompt, options);
  for (; next !== undefined; next = await untilCut(step, tokens.slice(-1), options)) {
    const { candidates } = next;
    const token = (next.chosen ?? sample(tokens.length, candidates)) as Token;
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

/** What may follow; nothing if the generation was cut. */
async function untilCut(step: Step, fresh: readonly Token[], { signal, cut }: GenerateOptions) {
  const isCut = () => cut?.aborted === true && !signal.aborted;
  signal.throwIfAborted();
  if (isCut()) {
    return undefined;
  }
  try {
    return await step(fresh, cut === undefined ? signal : AbortSignal.any([signal, cut]));
  } catch (error) {
    if (isCut()) {
      return undefined;
    }
    throw error;
  }
}
