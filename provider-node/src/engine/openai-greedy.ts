import { type InferenceRequest, type ItemFailure, TRACE_CANDIDATES } from "@touchstone/sdk/protocol";
import type { Llama, LlamaModel, Token } from "node-llama-cpp";
import { zeroHash } from "viem";
import { NodeError } from "../errors.ts";
import {
  type Engine,
  type Generated,
  type GenerateOptions,
  type LoadedModel,
  NOT_BEGUN,
  type Reading,
} from "./engine.ts";
import type { ResolvedModel } from "./models.ts";
import { writtenTokens } from "./openai-completion.ts";
import type { UpstreamModelAt } from "./openai-models.ts";
import { Rules } from "./rules.ts";
import { type Step, type StepResult, write } from "./write.ts";

/** What a verified engine before a server is made of. */
export interface GreedyUpstreamOptions extends UpstreamModelAt {
  readonly llama: Llama;
  /** The same model's file and its greedy manifest. */
  readonly model: ResolvedModel;
}

/**
 * Fronts a server that runs a known model, so that results can be verified: prompts are made here, by the template and
 * the tokenizer of the model's file, and go over as tokens; the server takes the likeliest token each time, and its
 * probabilities become the trace (differences of their logarithms are differences of logits). Stops and limits are kept
 * here too. Of the file only the vocabulary is loaded.
 *
 * @throws NodeError `MODEL_UNSUPPORTED`, `MODEL_MISMATCH` if the server's model has another vocabulary.
 */
export async function openGreedyUpstream(options: GreedyUpstreamOptions): Promise<Engine> {
  const { llama, upstream, served, model: resolved } = options;
  const model = await llama.loadModel({ modelPath: resolved.path, vocabOnly: true }).catch((cause: unknown) => {
    const sentence = `The vocabulary of ${resolved.manifest.name} does not load. Check the file.`;
    throw new NodeError("ENGINE_FAILED", sentence, { cause, details: { path: resolved.path } });
  });
  try {
    const engine = new GreedyUpstream(options, model, new Rules(model, resolved.manifest));
    const { vocabulary } = engine.model;
    if (served.vocabulary !== undefined && served.vocabulary !== vocabulary) {
      const sentence = `The model at ${upstream.url} has ${served.vocabulary} tokens, the file ${vocabulary}: another model.`;
      throw new NodeError("MODEL_MISMATCH", sentence, { details: { path: resolved.path } });
    }
    return engine;
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

class GreedyUpstream implements Engine {
  readonly model: LoadedModel;
  readonly #options: GreedyUpstreamOptions;
  readonly #vocabulary: LlamaModel;
  readonly #rules: Rules;
  readonly #closing = new AbortController();

  constructor(options: GreedyUpstreamOptions, vocabulary: LlamaModel, rules: Rules) {
    const { modelId: id, manifest } = options.model;
    const { name, contextLength, defaults, verification } = manifest;
    const { vocabulary: size } = rules;
    this.model = { id, name, contextLength, vocabulary: size, defaults, verification, engine: "openai-greedy" };
    this.#options = options;
    this.#vocabulary = vocabulary;
    this.#rules = rules;
  }

  countPromptTokens(request: InferenceRequest): Promise<number> {
    return Promise.resolve(this.#rules.countPromptTokens(request));
  }

  async generate(request: InferenceRequest, options: GenerateOptions): Promise<Generated> {
    const writing = this.#rules.writingOf(request);
    if ("error" in writing) {
      return { output: writing, trace: new Uint8Array() };
    }
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    signal.throwIfAborted();
    if (options.cut?.aborted) {
      return NOT_BEGUN;
    }
    const { upstream, served } = this.#options;
    const { prompt, limit } = writing;
    const until = options.cut === undefined ? signal : AbortSignal.any([signal, options.cut]);
    const order = { model: served.name, prompt, limit, candidates: candidatesFor(options) };
    const tokens = writtenTokens(upstream, order, (id) => this.#isPart(id), until);
    const step: Step = async () => stepOf((await tokens.next()).value);
    try {
      return await write(this.#vocabulary, step, writing, { ...options, seed: zeroHash, signal });
    } finally {
      await tokens.return(undefined as never).catch(() => undefined); // The server writes on otherwise.
    }
  }

  read(request: InferenceRequest, tokens: readonly number[]): Promise<Reading | ItemFailure> {
    return Promise.resolve(this.#rules.read(request, tokens as readonly Token[]));
  }

  recheck(): Promise<never> {
    const sentence = `A server cannot check claims: judge ${this.model.name} with a node that loads its file.`;
    return Promise.reject(new NodeError("MODEL_UNSUPPORTED", sentence));
  }

  describe() {
    return Promise.resolve({ backend: "openai-greedy", device: this.#options.served.server, threads: 0 });
  }

  async close(): Promise<void> {
    this.#closing.abort(new NodeError("STOPPED", "The engine is closing."));
    await this.#vocabulary.dispose();
  }

  /** Whether a token is only a part of a character. */
  #isPart(id: number): boolean {
    return this.#vocabulary.detokenize([id as Token]).includes("\uFFFD");
  }
}

function candidatesFor({ topLogprobs = 0 }: GenerateOptions): number {
  return Math.max(TRACE_CANDIDATES, topLogprobs);
}

function stepOf({
  id,
  candidates,
}: {
  readonly id: number;
  readonly candidates: StepResult["candidates"];
}): StepResult {
  return { chosen: id, candidates, logWeight: 0 };
}
