import os from "node:os";
import { errorOutput, type InferenceRequest, type ItemFailure, type ItemOutput } from "@touchstone/sdk/protocol";
import type { Llama, LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import PQueue from "p-queue";
import { NodeError } from "../errors.ts";
import type { Engine, GenerateOptions, LoadedModel } from "./engine.ts";
import type { ResolvedModel } from "./models.ts";
import { createPromptEncoder, type PromptEncoder } from "./prompt.ts";
import { createSampler } from "./sampler.ts";
import { createStopRule } from "./stops.ts";

/** How an engine is opened. */
export interface LlamaEngineOptions {
  readonly llama: Llama;
  readonly model: ResolvedModel;
  /** CPU threads of one generation; 0 picks a number. */
  readonly threads: number;
  /** Generations side by side. */
  readonly sequences: number;
}

/** Candidates of a step: all the sampler ever sees, at temperature 1. Left out, topK and topP would apply silently. */
const STEP = { generateNext: { logits: true, options: { temperature: 1, topK: 64, topP: 1, minP: 0 } } } as const;

/** Tokens of a prompt that are evaluated at once. Part of the arithmetic: another size rounds differently. */
const BATCH = 512;

/** Below this many weights one thread is faster than several that wait for each other. */
const TINY_MODEL = 100_000_000;

/**
 * Loads a model into llama.cpp.
 *
 * @throws NodeError `MODEL_UNSUPPORTED`, `ENGINE_FAILED`
 */
export async function openLlamaEngine(options: LlamaEngineOptions): Promise<Engine> {
  const { llama, model: resolved, sequences } = options;
  const { manifest } = resolved;
  const threads = options.threads === 0 ? threadsFor(manifest.parameters, sequences) : options.threads;
  const model = await llama
    .loadModel({
      modelPath: resolved.path,
      defaultContextFlashAttention: true, // Part of the arithmetic too: it is pinned, not left to the machine.
      gpuLayers: { fitContext: { contextSize: manifest.contextLength * sequences } },
    })
    .catch((cause: unknown) => {
      throw loadFailure(resolved, cause);
    });
  try {
    if (model.trainContextSize < manifest.contextLength) {
      throw new NodeError(
        "MODEL_UNSUPPORTED",
        `The manifest promises ${manifest.contextLength} tokens of context, the model was trained on ${model.trainContextSize}.`,
      );
    }
    const encode = createPromptEncoder(model);
    const slots: LlamaContextSequence[] = [];
    for (let slot = 0; slot < sequences; slot++) {
      // A context of its own each: in a shared batch the logits of one would depend on who else is in it.
      const context = await model.createContext({
        contextSize: manifest.contextLength,
        batchSize: Math.min(BATCH, manifest.contextLength),
        threads,
      });
      slots.push(context.getSequence());
    }
    return new LlamaEngine({ llama, model, resolved, encode, slots, threads });
  } catch (cause) {
    await model.dispose();
    throw cause instanceof NodeError ? cause : loadFailure(resolved, cause);
  }
}

/** Threads of one generation where nothing else is said. */
export function threadsFor(parameters: number, sequences: number, cores = os.availableParallelism()): number {
  return parameters < TINY_MODEL ? 1 : Math.max(1, Math.floor(cores / sequences));
}

function loadFailure({ manifest, path }: ResolvedModel, cause: unknown): NodeError {
  const message = `The model ${manifest.name} does not load. Check the file and the free memory, or lower \`contextSequences\`.`;
  return new NodeError("ENGINE_FAILED", message, { cause, details: { path } });
}

interface LlamaParts {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly resolved: ResolvedModel;
  readonly encode: PromptEncoder;
  readonly slots: LlamaContextSequence[];
  readonly threads: number;
}

class LlamaEngine implements Engine {
  readonly model: LoadedModel;
  readonly #parts: LlamaParts;
  readonly #queue: PQueue;
  readonly #closing = new AbortController();

  constructor(parts: LlamaParts) {
    const { manifest, modelId } = parts.resolved;
    this.model = {
      id: modelId,
      name: manifest.name,
      contextLength: manifest.contextLength,
      defaults: manifest.defaults,
    };
    this.#parts = parts;
    this.#queue = new PQueue({ concurrency: parts.slots.length });
  }

  countPromptTokens(request: InferenceRequest): Promise<number> {
    const prompt = this.#parts.encode(request.messages);
    return Promise.resolve("error" in prompt ? 0 : prompt.length);
  }

  async generate(request: InferenceRequest, options: GenerateOptions): Promise<ItemOutput> {
    const prompt = this.#parts.encode(request.messages);
    if ("error" in prompt) {
      return prompt;
    }
    const { contextLength } = this.model;
    if (prompt.length >= contextLength) {
      return tooLong(prompt.length, contextLength);
    }
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    signal.throwIfAborted();
    return await this.#queue.add(() =>
      this.#inSlot((slot) => this.#write(slot, prompt, request, { ...options, signal })),
    );
  }

  async describe(): Promise<{ backend: string; device: string; threads: number }> {
    const { llama, model, threads } = this.#parts;
    // A backend without layers on its device computes on the CPU, whatever it calls itself.
    const usesGpu = llama.gpu !== false && model.gpuLayers > 0;
    const device = usesGpu ? (await llama.getGpuDeviceNames()).join(", ") : os.cpus()[0]?.model.trim();
    return { backend: usesGpu ? llama.gpu : "cpu", device: device ?? "unknown", threads };
  }

  async close(): Promise<void> {
    this.#closing.abort(new NodeError("STOPPED", "The engine is closing."));
    await this.#queue.onIdle();
    await this.#parts.model.dispose();
  }

  async #inSlot<T>(use: (slot: LlamaContextSequence) => Promise<T>): Promise<T> {
    const slot = this.#parts.slots.pop();
    if (slot === undefined) {
      throw new NodeError("ENGINE_FAILED", "More generations run than there are slots.");
    }
    try {
      return await use(slot);
    } finally {
      await slot.clearHistory();
      this.#parts.slots.push(slot);
    }
  }

  async #write(
    slot: LlamaContextSequence,
    prompt: readonly Token[],
    request: InferenceRequest,
    { seed, signal, onToken }: GenerateOptions,
  ): Promise<ItemOutput> {
    const { model } = this.#parts;
    const { contextLength, defaults } = this.model;
    const { maxTokens = defaults.maxTokens, temperature = defaults.temperature, topP = 1, stop = [] } = request;
    const sample = createSampler({ seed, temperature, topP });
    const stops = createStopRule(stop, (some) => model.detokenize(some));
    const limit = Math.min(maxTokens, contextLength - prompt.length);
    const tokens: Token[] = [];
    let finishReason: "stop" | "length" = "length";
    let logits = await this.#evaluate(slot, prompt, signal);
    for (;;) {
      signal.throwIfAborted();
      const token = sample(tokens.length, logits) as Token;
      if (model.isEogToken(token)) {
        finishReason = "stop";
        break;
      }
      tokens.push(token);
      onToken?.(tokens.length);
      if (stops.isReached(tokens)) {
        finishReason = "stop";
        break;
      }
      if (tokens.length === limit) {
        break;
      }
      logits = await this.#evaluate(slot, [token], signal);
    }
    return { finishReason, promptTokens: prompt.length, text: stops.cut(model.detokenize(tokens)), tokens };
  }

  /** Feeds tokens to the model, and gives the logits of the best candidates for the one after them. */
  async #evaluate(
    slot: LlamaContextSequence,
    tokens: readonly Token[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<Token, number>> {
    try {
      const last = tokens.length - 1;
      for (let start = 0; start < last; start += BATCH) {
        signal.throwIfAborted();
        await slot.controlledEvaluate(tokens.slice(start, Math.min(start + BATCH, last)));
      }
      const [output] = await slot.controlledEvaluate([[tokens[last] as Token, STEP]]);
      if (output?.next.logits === undefined) {
        throw new Error("llama.cpp gave no logits.");
      }
      return output.next.logits;
    } catch (cause) {
      signal.throwIfAborted();
      throw new NodeError("ENGINE_FAILED", `The model ${this.model.name} failed while it was writing.`, { cause });
    }
  }
}

function tooLong(tokens: number, contextLength: number): ItemFailure {
  const sentence = `The prompt has ${tokens} tokens; this model takes ${contextLength - 1} at most.`;
  return errorOutput("PROMPT_TOO_LONG", sentence);
}
