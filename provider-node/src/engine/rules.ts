import {
  errorOutput,
  type InferenceRequest,
  type ItemFailure,
  type ModelManifest,
  unsupportedOutput,
} from "@touchstone/sdk/protocol";
import type { LlamaModel, Token } from "node-llama-cpp";
import type { Reading } from "./engine.ts";
import { createPromptEncoder, type PromptEncoder } from "./prompt.ts";
import { createStopRule } from "./stops.ts";

/** What a request comes to on a model: all that its output depends on beside the logits and the seed. */
export interface Writing {
  readonly prompt: readonly Token[];
  readonly temperature: number;
  readonly topP: number;
  readonly stop: readonly string[];
  /** Most tokens to write. */
  readonly limit: number;
}

/** Reads requests by the rules of a model: its tokenizer, its template and its manifest. Runs nothing. */
export class Rules {
  readonly #model: LlamaModel;
  readonly #manifest: ModelManifest;
  readonly #encode: PromptEncoder;

  /** @throws NodeError `MODEL_UNSUPPORTED` for a model without a template that can be read. */
  constructor(model: LlamaModel, manifest: ModelManifest) {
    this.#model = model;
    this.#manifest = manifest;
    this.#encode = createPromptEncoder(model);
  }

  /** How many ids there are, from zero. */
  get vocabulary(): number {
    return this.#model.fileInfo.metadata.tokenizer.ggml.tokens.length;
  }

  countPromptTokens({ messages }: InferenceRequest): number {
    const prompt = this.#encode(messages);
    return "error" in prompt ? 0 : prompt.length;
  }

  /** How a request is served, or why it cannot be, the same on every machine. */
  writingOf(request: InferenceRequest): Writing | ItemFailure {
    const unsupported = unsupportedOutput(request);
    if (unsupported !== undefined) {
      return unsupported;
    }
    const prompt = this.#encode(request.messages);
    if ("error" in prompt) {
      return prompt;
    }
    const { contextLength, defaults, sampler } = this.#manifest;
    if (prompt.length >= contextLength) {
      const sentence = `The prompt has ${prompt.length} tokens; this model takes ${contextLength - 1} at most.`;
      return errorOutput("PROMPT_TOO_LONG", sentence);
    }
    const { maxTokens = defaults.maxTokens, temperature = defaults.temperature, topP = 1, stop = [] } = request;
    const rule = sampler.kind === GREEDY ? { temperature: 0, topP: 1 } : { temperature, topP };
    return { ...rule, prompt, stop, limit: Math.min(maxTokens, contextLength - prompt.length) };
  }

  /** What these tokens are under a request, had they been chosen. */
  read(request: InferenceRequest, claimed: readonly Token[]): Reading | ItemFailure {
    const writing = this.writingOf(request);
    if ("error" in writing) {
      return writing;
    }
    const { prompt, stop, limit } = writing;
    const stops = createStopRule(stop, (some) => this.#model.detokenize(some));
    const end = claimed.findIndex((token) => this.#model.isEogToken(token));
    const tokens = end === -1 ? claimed : claimed.slice(0, end);
    return {
      promptTokens: prompt.length,
      limit,
      tokens,
      endsAt: end === -1 ? undefined : end,
      stopsAfter: stops.reachedAfter(tokens),
      text: stops.cut(this.#model.detokenize(tokens)),
    };
  }
}

/** The kind of sampler that always takes the likeliest token, whatever a request says. */
export const GREEDY = "greedy";
