import { setTimeout as sleep } from "node:timers/promises";
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
  /** How long each piece takes after the first; nothing if left out. Milliseconds. */
  readonly pauseMs?: number;
}

const WORD = "word ";

/**
 * An engine that writes in no time, so that a bench measures everything else. Each token is the same word; a trace of
 * the right size comes with it, so that what is hashed and stored is what a real model would give. Every answer is
 * another one, as its first word is the number of the call, so that none is stored in the place of another.
 */
export class InstantEngine implements Engine {
  readonly model: LoadedModel;
  readonly #tokens: number;
  readonly #isWhole: boolean;
  readonly #pauseMs: number;
  readonly #traces = new Map<number, Uint8Array>();
  #calls = 0;

  constructor({ name = "instant", tokens = 64, isWhole = true, pauseMs = 0 }: InstantOptions = {}) {
    const defaults = { maxTokens: tokens, temperature: 0 };
    const id = keccak256(stringToHex(name));
    this.model = { id, name, contextLength: 1_048_576, vocabulary: TRACE_CANDIDATES, defaults };
    this.#tokens = tokens;
    this.#isWhole = isWhole;
    this.#pauseMs = pauseMs;
  }

  countPromptTokens({ messages }: InferenceRequest): Promise<number> {
    return Promise.resolve(messages.reduce((sum, { content }) => sum + content.split(/\s+/).length, 0));
  }

  async generate(request: InferenceRequest, options: GenerateOptions): Promise<Generated> {
    const { signal, cut, onToken, onText } = options;
    signal.throwIfAborted();
    this.#calls += 1;
    const count = Math.min(request.maxTokens ?? this.#tokens, this.#tokens);
    const pieces = this.#isWhole ? [count] : Array.from({ length: count }, () => 1);
    let written = 0;
    let text = "";
    for (const tokens of pieces) {
      if (cut?.aborted) {
        break;
      }
      if (this.#pauseMs > 0 && written > 0) {
        await sleep(this.#pauseMs, undefined, { signal });
      }
      const piece = written === 0 ? `${this.#calls} ${WORD.repeat(tokens - 1)}` : WORD.repeat(tokens);
      written += tokens;
      text += piece;
      onToken?.(written);
      onText?.({ text: piece, tokens });
    }
    const tokens = Array.from({ length: written }, () => 0);
    const promptTokens = await this.countPromptTokens(request);
    return {
      output: { finishReason: "length", promptTokens, text, tokens },
      trace: this.#traceOf(written),
      wasCut: written < count,
    };
  }

  async read(request: InferenceRequest, tokens: readonly number[]): Promise<Reading> {
    const promptTokens = await this.countPromptTokens(request);
    const text = WORD.repeat(tokens.length);
    const limit = Math.min(request.maxTokens ?? this.#tokens, this.#tokens);
    return { promptTokens, limit, tokens, endsAt: undefined, stopsAfter: undefined, text };
  }

  recheck(): Promise<never> {
    return Promise.reject(new Error("Nobody judges a bench."));
  }

  /** Made once but for its last bytes: a real model's logits are there when its text is, and never twice the same. */
  #traceOf(count: number): Uint8Array {
    const known = this.#traces.get(count) ?? traceOf(count);
    this.#traces.set(count, known);
    const trace = known.slice();
    if (count > 0) {
      new DataView(trace.buffer).setFloat32(trace.length - 4, this.#calls, true);
    }
    return trace;
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
