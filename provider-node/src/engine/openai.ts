import {
  canonicalBytes,
  errorOutput,
  type InferenceRequest,
  type ItemFailure,
  modelId,
  seedOf,
} from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import { z } from "zod";
import { NodeError } from "../errors.ts";
import {
  type Embedded,
  type Engine,
  type Generated,
  type GenerateOptions,
  type LoadedModel,
  NOT_BEGUN,
  type Reading,
} from "./engine.ts";
import { Answer } from "./openai-answer.ts";
import { chunkSchema } from "./openai-chunk.ts";
import { type Upstream, UpstreamRefusal } from "./openai-client.ts";
import { type UpstreamModel, type UpstreamModelAt, upstreamManifest } from "./openai-models.ts";
import { type ChatBody, choosePromptCounter, type PromptCount, type PromptCounter } from "./openai-tokens.ts";

const embeddingsSchema = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.int().nonnegative() }).nullish(),
});

/** Bytes of a token in most texts: what a reader who left pays by, where the server does not count. */
const BYTES_PER_TOKEN = 4;

/**
 * Fronts a model of a server that has OpenAI's HTTP API. Nobody verifies what it writes: its model has no verification,
 * and buyers are shown that.
 */
export async function openUpstreamEngine({ upstream, served }: UpstreamModelAt): Promise<Engine> {
  return new UpstreamEngine(upstream, served, await choosePromptCounter(upstream, served.name));
}

interface Measured {
  readonly prompt: PromptCount;
  /** Most tokens to write. */
  readonly limit: number;
}

class UpstreamEngine implements Engine {
  readonly model: LoadedModel;
  readonly #upstream: Upstream;
  readonly #server: string;
  readonly #count: PromptCounter;
  /** Whoever sells asks for the count before it generates. */
  readonly #counts = new WeakMap<InferenceRequest, Promise<PromptCount>>();
  readonly #closing = new AbortController();

  constructor(upstream: Upstream, model: UpstreamModel, count: PromptCounter) {
    const manifest = upstreamManifest(model);
    const { name, contextLength, defaults } = manifest;
    const vocabulary = model.vocabulary ?? 0;
    this.model = { id: modelId(manifest), name, contextLength, vocabulary, defaults, engine: "openai" };
    this.#upstream = upstream;
    this.#server = model.server;
    this.#count = count;
  }

  async countPromptTokens(request: InferenceRequest): Promise<number> {
    return (await this.#counted(request)).tokens;
  }

  async generate(request: InferenceRequest, options: GenerateOptions): Promise<Generated> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    const measured = await this.#measure(request);
    signal.throwIfAborted();
    if ("error" in measured) {
      return failed(measured);
    }
    if (options.cut?.aborted) {
      return NOT_BEGUN;
    }
    const { prompt, limit } = measured;
    const answer = new Answer(options, limit);
    const body = this.#bodyOf(request, limit, options);
    const isWhole = await this.#stream(body, answer, signal, options.cut).catch(refusal);
    if (typeof isWhole === "object") {
      return failed(isWhole);
    }
    if (isWhole) {
      return { ...answer.end(prompt.tokens), trace: new Uint8Array() };
    }
    const read = prompt.isExact ? prompt.tokens : Math.ceil(bytesOf(request) / BYTES_PER_TOKEN);
    return { ...answer.end(read), trace: new Uint8Array(), wasCut: true };
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<Embedded | ItemFailure> {
    const body = { model: this.model.name, input: texts, encoding_format: "float" };
    const until = AbortSignal.any([signal, this.#closing.signal]);
    const answer = await this.#upstream.post("/embeddings", body, until).catch(refusal);
    if (isFailure(answer)) {
      return answer;
    }
    const { data: found } = embeddingsSchema.safeParse(answer);
    if (found === undefined || found.data.length !== texts.length) {
      throw new NodeError(
        "ENGINE_FAILED",
        `The server at ${this.#upstream.url} sends no embeddings of ${texts.length} texts.`,
      );
    }
    const vectors = found.data
      .toSorted((a, b) => a.index - b.index)
      .map(({ embedding }) => Float32Array.from(embedding));
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    return { vectors, promptTokens: found.usage?.prompt_tokens ?? Math.ceil(bytes / BYTES_PER_TOKEN) };
  }

  /** Tells prompt and limit; tokens nobody can read here. */
  async read(request: InferenceRequest, tokens: readonly number[]): Promise<Reading | ItemFailure> {
    if (tokens.length > 0) {
      throw this.#unverified();
    }
    const measured = await this.#measure(request);
    if ("error" in measured) {
      return measured;
    }
    const { prompt, limit } = measured;
    return { promptTokens: prompt.tokens, limit, tokens, endsAt: undefined, stopsAfter: undefined, text: "" };
  }

  recheck(): Promise<never> {
    return Promise.reject(this.#unverified());
  }

  describe() {
    return Promise.resolve({ backend: "openai", device: this.#server, threads: 0 });
  }

  close(): Promise<void> {
    this.#closing.abort(new NodeError("STOPPED", "The engine is closing."));
    return Promise.resolve();
  }

  /** Whether it came to its end before it was cut. */
  async #stream(body: ChatBody, answer: Answer, signal: AbortSignal, cut?: AbortSignal): Promise<boolean> {
    try {
      const until = cut === undefined ? signal : AbortSignal.any([signal, cut]);
      for await (const event of this.#upstream.stream("/chat/completions", body, until)) {
        const { data: chunk } = chunkSchema.safeParse(event);
        if (chunk === undefined) {
          throw new NodeError("ENGINE_FAILED", `The server at ${this.#upstream.url} sends no chat completion chunks.`);
        }
        signal.throwIfAborted();
        if (cut?.aborted) {
          return false; // What came meanwhile is not shown.
        }
        answer.take(chunk);
      }
    } catch (error) {
      if (cut?.aborted && !signal.aborted) {
        return false;
      }
      throw error;
    }
    if (!answer.isEnded) {
      throw new NodeError("ENGINE_FAILED", `The server at ${this.#upstream.url} ended in the middle of an answer.`);
    }
    return true;
  }

  /** What a request takes, or why it does not fit. */
  async #measure(request: InferenceRequest): Promise<Measured | ItemFailure> {
    const prompt = await this.#counted(request);
    const { contextLength, defaults } = this.model;
    if (prompt.isExact && prompt.tokens >= contextLength) {
      const sentence = `The prompt has ${prompt.tokens} tokens; this model takes ${contextLength - 1} at most.`;
      return errorOutput("PROMPT_TOO_LONG", sentence);
    }
    const room = prompt.isExact ? contextLength - prompt.tokens : contextLength;
    return { prompt, limit: Math.min(request.maxTokens ?? defaults.maxTokens, room) };
  }

  #counted(request: InferenceRequest): Promise<PromptCount> {
    const known = this.#counts.get(request) ?? this.#count(chatOf(request), this.#closing.signal);
    this.#counts.set(request, known);
    known.catch(() => this.#counts.delete(request)); // It may be counted later.
    return known;
  }

  #bodyOf(request: InferenceRequest, limit: number, { seed, topLogprobs }: GenerateOptions): ChatBody {
    const { defaults, name } = this.model;
    return {
      ...chatOf(request),
      model: name,
      max_tokens: limit,
      temperature: request.temperature ?? defaults.temperature,
      ...(request.topP !== undefined && { top_p: request.topP }),
      ...(request.stop !== undefined && { stop: request.stop }),
      seed: smallSeed(seedOf(request, seed)),
      stream: true,
      stream_options: { include_usage: true },
      ...(topLogprobs !== undefined && { logprobs: true, top_logprobs: topLogprobs }),
    };
  }

  #unverified(): NodeError {
    const sentence = `Nobody can check what ${this.model.name} writes: it is only known by the name of its server's model.`;
    return new NodeError("MODEL_UNSUPPORTED", sentence);
  }
}

/** The chat itself, with all that is passed on as it came. */
function chatOf({ messages, extra }: InferenceRequest): ChatBody {
  return { messages: messages.map(({ extra: more, ...message }) => ({ ...message, ...more })), ...extra };
}

function bytesOf(request: InferenceRequest): number {
  return canonicalBytes(chatOf(request)).length;
}

/** Servers take a seed of 32 bits, some only positive ones. */
function smallSeed(seed: Hex): number {
  return Number(BigInt(seed) & 0x7fff_ffffn);
}

function failed(output: ItemFailure): Generated {
  return { output, trace: new Uint8Array() };
}

/** What a server will never do is an error output: the buyer's request is at fault, not the machine. */
function refusal(error: unknown): ItemFailure {
  if (error instanceof UpstreamRefusal) {
    return errorOutput("UPSTREAM_REFUSED", error.message);
  }
  throw error;
}

function isFailure(answer: unknown): answer is ItemFailure {
  return typeof answer === "object" && answer !== null && "error" in answer;
}
