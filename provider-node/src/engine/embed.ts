import { errorOutput, type ItemFailure } from "@touchstone/sdk/protocol";
import type { LlamaEmbeddingContext, LlamaModel, Token } from "node-llama-cpp";
import PQueue from "p-queue";
import { NodeError } from "../errors.ts";
import type { Embedded } from "./engine.ts";

/** See `Engine.embed`. */
export type Embedder = (texts: readonly string[], signal: AbortSignal) => Promise<Embedded | ItemFailure>;

/** Whether llama.cpp makes embeddings of a model: not of one that encodes and decodes. */
export function canEmbed({ fileInsights }: LlamaModel): boolean {
  return !(fileInsights.hasEncoder && fileInsights.hasDecoder);
}

/**
 * Turns texts into unit vectors, pooled as the model's file says, or else the state after the last token. The context
 * takes memory of its own, so it is made when somebody asks first.
 */
export function createEmbedder(
  model: LlamaModel,
  { contextLength, threads }: { readonly contextLength: number; readonly threads: number },
): Embedder {
  let opened: Promise<LlamaEmbeddingContext> | undefined;
  const open = () => {
    opened ??= model.createEmbeddingContext({ contextSize: contextLength, batchSize: contextLength, threads });
    return opened;
  };
  const queue = new PQueue({ concurrency: 1 });
  return async (texts, signal) => {
    const tokenised = texts.map((text) => model.tokenize(text, false)); // No control tokens from a buyer's text.
    if (tokenised.some((tokens) => tokens.length === 0)) {
      return errorOutput("TEXT_EMPTY", "There is nothing in a text to make an embedding of.");
    }
    const context = await open().catch((cause: unknown) => {
      opened = undefined; // There may be memory for it later.
      throw failure(cause);
    });
    const lengths = tokenised.map((tokens) => context.calculateInputLength(tokens));
    const longest = Math.max(0, ...lengths);
    if (longest >= contextLength) {
      const sentence = `A text has ${longest} tokens; this model takes ${contextLength - 1} at most.`;
      return errorOutput("PROMPT_TOO_LONG", sentence);
    }
    const vectors: Float32Array[] = [];
    for (const tokens of tokenised) {
      signal.throwIfAborted();
      vectors.push(await queue.add(() => embedOne(context, tokens)));
    }
    return { vectors, promptTokens: lengths.reduce((sum, length) => sum + length, 0) };
  };
}

async function embedOne(context: LlamaEmbeddingContext, tokens: readonly Token[]): Promise<Float32Array> {
  try {
    const { vector } = await context.getEmbeddingFor([...tokens]);
    const length = Math.hypot(...vector) || 1;
    return Float32Array.from(vector, (value) => value / length);
  } catch (cause) {
    throw failure(cause);
  }
}

function failure(cause: unknown): NodeError {
  return new NodeError("ENGINE_FAILED", "The model could not make embeddings; is there memory for them?", { cause });
}
