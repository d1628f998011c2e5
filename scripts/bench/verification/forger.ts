import { type InferenceRequest, TRACE_CANDIDATES, type TraceEntry } from "@touchstone/sdk/protocol";
import type { Llama, LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import type { Order } from "../../../provider-node/src/calibrate/orders.ts";
import { evaluateNext, evaluateWritten } from "../../../provider-node/src/engine/evaluate.ts";
import type { ResolvedModel } from "../../../provider-node/src/engine/models.ts";
import { createPromptEncoder, type PromptEncoder } from "../../../provider-node/src/engine/prompt.ts";
import { type Candidate, createSampler } from "../../../provider-node/src/engine/sampler.ts";

/** Lead of the likeliest token over the next, in logits, from which the cheap model is trusted. */
const LARGE_GAP = 3;

const signal = new AbortController().signal;

/** A model with its one context. */
export interface Brain {
  readonly model: LlamaModel;
  readonly slot: LlamaContextSequence;
  readonly encode: PromptEncoder;
}

/** Loads a model for {@link cascade} and {@link prefill}. */
export async function openBrain(llama: Llama, { path, manifest }: ResolvedModel, threads: number): Promise<Brain> {
  const model = await llama.loadModel({ modelPath: path, defaultContextFlashAttention: true });
  const context = await model.createContext({ contextSize: manifest.contextLength, batchSize: 512, threads });
  return { model, slot: context.getSequence(), encode: createPromptEncoder(model) };
}

/** Writes with the cheap model wherever it is sure of itself, and asks the real one elsewhere. */
export async function cascade(cheap: Brain, real: Brain, { request, seed }: Order): Promise<TraceEntry[]> {
  const sample = createSampler({ seed, temperature: 1, topP: 1 });
  const prompt = promptOf(real, request);
  const trace: TraceEntry[] = [];
  let [fresh, pending]: [readonly Token[], readonly Token[]] = [prompt, prompt];
  try {
    while (trace.length < (request.maxTokens ?? 0)) {
      let { candidates } = await evaluateNext(cheap.slot, fresh, { signal });
      if (gapOf(candidates) < LARGE_GAP) {
        ({ candidates } = await evaluateNext(real.slot, pending, { signal }));
        pending = [];
      }
      const token = sample(trace.length, candidates) as Token;
      trace.push(entryOf(token, candidates));
      if (real.model.isEogToken(token)) {
        break;
      }
      fresh = [token];
      pending = [...pending, token];
    }
    return trace;
  } finally {
    await cheap.slot.clearHistory();
    await real.slot.clearHistory();
  }
}

/** The trace that the real model would commit to for tokens that another wrote. */
export async function prefill(real: Brain, { request }: Order, entries: readonly TraceEntry[]): Promise<TraceEntry[]> {
  const written = entries.map(({ token }) => token as Token);
  const claim = { prompt: promptOf(real, request), written, lookups: new Map() };
  try {
    const found = await evaluateWritten(real.slot, claim, signal);
    return found.map(({ candidates }, index) => entryOf(written[index] as Token, candidates));
  } finally {
    await real.slot.clearHistory();
  }
}

function promptOf({ encode }: Brain, { messages }: InferenceRequest): readonly Token[] {
  const prompt = encode(messages);
  if ("error" in prompt) {
    throw new Error(prompt.error.message);
  }
  return prompt;
}

function entryOf(token: number, candidates: readonly Candidate[]): TraceEntry {
  return { token, candidates: candidates.slice(0, TRACE_CANDIDATES) };
}

function gapOf([first, second]: readonly Candidate[]): number {
  return (first?.logit ?? 0) - (second?.logit ?? 0);
}
