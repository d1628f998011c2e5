import os from "node:os";
import { type InferenceRequest, type ItemFailure, seedOf } from "@touchstone/sdk/protocol";
import type { Llama, LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import PQueue from "p-queue";
import { NodeError } from "../errors.ts";
import { canEmbed, createEmbedder, type Embedder } from "./embed.ts";
import {
  type Claim,
  type Engine,
  type Generated,
  type GenerateOptions,
  type LoadedModel,
  type Lookup,
  NOT_BEGUN,
  type Reading,
  type Recheck,
} from "./engine.ts";
import { BATCH, evaluateNext, evaluateWritten } from "./evaluate.ts";
import { createJudge } from "./judge.ts";
import type { ResolvedModel } from "./models.ts";
import { checkEntry } from "./recheck.ts";
import { Rules } from "./rules.ts";
import { type Step, write } from "./write.ts";

/** How an engine is opened. */
export interface LlamaEngineOptions {
  readonly llama: Llama;
  readonly model: ResolvedModel;
  /** CPU threads of one generation; 0 picks a number. */
  readonly threads: number;
  /** Generations side by side. */
  readonly sequences: number;
}

/** Who gets the next slot: a check has a deadline on chain, and costs less than half of a generation. */
const GENERATE = 0;
const RECHECK = 1;

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
    const rules = new Rules(model, manifest);
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
    return new LlamaEngine({ llama, model, resolved, rules, slots, threads });
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
  readonly rules: Rules;
  readonly slots: LlamaContextSequence[];
  readonly threads: number;
}

class LlamaEngine implements Engine {
  readonly model: LoadedModel;
  readonly embed?: Embedder;
  readonly #parts: LlamaParts;
  readonly #queue: PQueue;
  readonly #closing = new AbortController();

  constructor(parts: LlamaParts) {
    const { manifest, modelId } = parts.resolved;
    this.model = {
      id: modelId,
      name: manifest.name,
      contextLength: manifest.contextLength,
      vocabulary: parts.rules.vocabulary,
      defaults: manifest.defaults,
      engine: "llama.cpp",
      verification: manifest.verification,
    };
    if (canEmbed(parts.model)) {
      this.embed = createEmbedder(parts.model, { contextLength: manifest.contextLength, threads: parts.threads });
    }
    this.#parts = parts;
    this.#queue = new PQueue({ concurrency: parts.slots.length });
  }

  countPromptTokens(request: InferenceRequest): Promise<number> {
    return Promise.resolve(this.#parts.rules.countPromptTokens(request));
  }

  async generate(request: InferenceRequest, options: GenerateOptions): Promise<Generated> {
    const { model, rules } = this.#parts;
    const writing = rules.writingOf(request);
    if ("error" in writing) {
      return { output: writing, trace: new Uint8Array() };
    }
    const isWeighed = options.topLogprobs !== undefined;
    const seed = seedOf(request, options.seed);
    const generated = await this.#inSlot(GENERATE, options, (slot, signal) => {
      const step: Step = (fresh, until) => evaluateNext(slot, fresh, { signal: until, isWeighed });
      return write(model, step, writing, { ...options, seed, signal });
    });
    return generated ?? NOT_BEGUN;
  }

  read(request: InferenceRequest, tokens: readonly number[]): Promise<Reading | ItemFailure> {
    return Promise.resolve(this.#parts.rules.read(request, tokens as readonly Token[]));
  }

  async recheck(
    request: InferenceRequest,
    { trace, seed }: Claim,
    options: { readonly lookups: readonly Lookup[]; readonly signal: AbortSignal },
  ): Promise<Recheck> {
    const writing = this.#parts.rules.writingOf(request);
    const { contextLength } = this.model;
    if ("error" in writing || trace.length === 0 || writing.prompt.length + trace.length > contextLength) {
      throw new RangeError("The claim does not fit its request.");
    }
    const { prompt, temperature, topP } = writing;
    const judge = createJudge({ seed: seedOf(request, seed), temperature, topP });
    const written = trace.map(({ token }) => token as Token);
    const lookups = new Map<number, readonly number[]>();
    for (const { position, ids } of options.lookups) {
      lookups.set(position, [...(lookups.get(position) ?? []), ...ids]);
    }
    const found =
      (await this.#inSlot(RECHECK, options, (slot, signal) =>
        evaluateWritten(slot, { prompt, written, lookups }, signal),
      )) ?? [];
    return {
      entries: trace.map((entry, index) => checkEntry(judge, index, entry, found[index]?.candidates ?? [])),
      lookups: options.lookups.map(({ position }) => found[position]?.lookup ?? new Map()),
    };
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

  /** Waits for a slot, lends it, and leaves it as if nothing had been; gives nothing if it was cut before its turn. */
  async #inSlot<T>(
    priority: number,
    { signal: stop, cut }: { readonly signal: AbortSignal; readonly cut?: AbortSignal | undefined },
    use: (slot: LlamaContextSequence, signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const signal = AbortSignal.any([stop, this.#closing.signal]);
    signal.throwIfAborted();
    const { slots } = this.#parts;
    const turn = new AbortController(); // Leaves the queue at once; what has begun looks at `signal` itself.
    const leave = AbortSignal.any(cut === undefined ? [signal] : [signal, cut]);
    if (leave.aborted) {
      return undefined;
    }
    const onLeave = () => turn.abort(leave.reason);
    leave.addEventListener("abort", onLeave, { once: true });
    const work = async () => {
      leave.removeEventListener("abort", onLeave);
      const slot = slots.pop();
      if (slot === undefined) {
        throw new NodeError("ENGINE_FAILED", "More generations run than there are slots.");
      }
      try {
        return await use(slot, signal);
      } catch (cause) {
        signal.throwIfAborted();
        throw cause instanceof NodeError ? cause : this.#failure(cause);
      } finally {
        await slot.clearHistory();
        slots.push(slot);
      }
    };
    try {
      return await this.#queue.add(work, { priority, signal: turn.signal });
    } catch (error) {
      if (turn.signal.aborted && !signal.aborted) {
        return undefined;
      }
      throw error;
    }
  }

  #failure(cause: unknown): NodeError {
    return new NodeError("ENGINE_FAILED", `The model ${this.model.name} failed while it was working.`, { cause });
  }
}
