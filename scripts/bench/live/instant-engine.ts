import { encodeTrace, type InferenceRequest, TRACE_CANDIDATES } from "@touchstone/sdk/protocol";
import { keccak256, stringToHex } from "viem";
import type {
  Engine,
  Generated,
  GenerateOptions,
  LoadedModel,
  Reading,
} from "../../../provider-node/src/engine/engine.ts";

/** What an instant engine answers. */
export interface InstantOptions {
  readonly name?: string;
  /** Tokens of each answer, unless the request asks for fewer. */
  readonly tokens?: number;
  /** Whether an answer comes in one piece, or in as many as it has tokens, one right after the other. */
  readonly isWhole?: boolean;
}

const WORD = "word ";

/**
 * An engine that writes in no time, so that a bench measures everything else. Each token is the same word; a trace of
 * the right size comes with it, so that what is hashed and stored is what a real model would give.
 */
export class InstantEngine implements Engine {
  readonly model: LoadedModel;
  readonly #tokens: number;
  readonly #isWhole: boolean;

  constructor({ name = "instant", tokens = 64, isWhole = true }: InstantOptions = {}) {
    const defaults = { maxTokens: tokens, temperature: 0 };
    const id = keccak256(stringToHex(name));
    this.model = { id, name, contextLength: 1_048_576, vocabulary: TRACE_CANDIDATES, defaults };
    this.#tokens = tokens;
    this.#isWhole = isWhole;
  }

  countPromptTokens({ messages }: InferenceRequest): Promise<number> {
    return Promise.resolve(messages.reduce((sum, { content }) => sum + content.split(/\s+/).length, 0));
  }

  async generate(request: InferenceRequest, { signal, onToken, onText }: GenerateOptions): Promise<Generated> {
    signal.throwIfAborted();
    const count = Math.min(request.maxTokens ?? this.#tokens, this.#tokens);
    const pieces = this.#isWhole ? [count] : Array.from({ length: count }, () => 1);
    let written = 0;
    for (const tokens of pieces) {
      written += tokens;
      onToken?.(written);
      onText?.({ text: WORD.repeat(tokens), tokens });
    }
    const tokens = Array.from({ length: count }, () => 0);
    const promptTokens = await this.countPromptTokens(request);
    return {
      output: { finishReason: "length", promptTokens, text: WORD.repeat(count), tokens },
      trace: traceOf(count),
    };
  }

  async read(request: InferenceRequest, tokens: readonly number[]): Promise<Reading> {
    const promptTokens = await this.countPromptTokens(request);
    const text = WORD.repeat(tokens.length);
    return { promptTokens, limit: this.#tokens, tokens, endsAt: undefined, stopsAfter: undefined, text };
  }

  recheck(): Promise<never> {
    return Promise.reject(new Error("Nobody judges a bench."));
  }

  describe() {
    return Promise.resolve({ backend: "none", device: "none", threads: 0 });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function traceOf(count: number): Uint8Array {
  const candidates = Array.from({ length: TRACE_CANDIDATES }, (_, id) => ({ id, logit: -id }));
  return encodeTrace(Array.from({ length: count }, () => ({ token: 0, candidates })));
}
