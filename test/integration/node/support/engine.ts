import { setTimeout as sleep } from "node:timers/promises";
import {
  encodeTrace,
  type InferenceRequest,
  type ModelTerms,
  seedOf,
  TRACE_CANDIDATES,
  TRACE_KIND,
  termsId,
  type Verification,
} from "@touchstone/sdk/protocol";
import { concatHex, type Hex, hexToNumber, keccak256, numberToHex, slice, stringToHex } from "viem";
import type { Claim, Engine, Generated, GenerateOptions, Lookup } from "../../../../provider-node/src/engine/engine.ts";

/** How a small engine behaves. */
export interface SmallEngineOptions {
  readonly name?: string;
  /** Milliseconds a token. */
  readonly msPerToken?: number;
  /** Writes other words than the seed says, as a cheap model does. */
  readonly isCheap?: boolean;
  /** Called before each item; may throw as a failing machine does. */
  readonly onGenerate?: (request: InferenceRequest) => void;
}

const WORDS = ["river", "lantern", "fox", "key", "winter", "song", "mountain", "paper", "clock", "garden"];

/** A toy is the same on every machine. */
const EXACT: Verification = {
  backendClass: "toy",
  traceKind: TRACE_KIND,
  tolerances: { marginTolerance: 0, marginThreshold: 1, traceTolerance: 0, traceThreshold: 1, probeTolerance: 1 },
};

/** What the id of a toy of this name is the hash of. */
function termsOf(name: string): ModelTerms {
  const { backendClass, traceKind, tolerances } = EXACT;
  const hash = (text: string) => keccak256(stringToHex(text));
  return { manifestHash: hash(name), backendClass: hash(backendClass), traceKind: hash(traceKind), tolerances };
}

const textOf = (tokens: readonly number[]) => tokens.map((token) => WORDS[token]).join(" ");

function wordAt(seed: Hex, step: number): number {
  return hexToNumber(slice(keccak256(concatHex([seed, numberToHex(step, { size: 4 })])), 0, 1)) % WORDS.length;
}

/** The chosen word is the likeliest, the next ones follow. */
function candidatesOf(token: number) {
  return Array.from({ length: TRACE_CANDIDATES }, (_, rank) => ({ id: (token + rank) % WORDS.length, logit: -rank }));
}

/** A real engine of a toy language: each token is a word drawn by the seed. Same request and seed, same output. */
export class SmallEngine implements Engine {
  readonly terms: ModelTerms;
  readonly model;
  readonly #options: SmallEngineOptions;
  /** Seeds of all items that it was asked for. */
  readonly seeds: string[] = [];

  constructor(options: SmallEngineOptions = {}) {
    const { name = "small" } = options;
    this.terms = termsOf(name);
    const id = termsId(this.terms);
    const defaults = { maxTokens: 8, temperature: 1 };
    this.model = { id, name, contextLength: 256, vocabulary: WORDS.length, defaults, verification: EXACT };
    this.#options = options;
  }

  countPromptTokens(request: InferenceRequest): Promise<number> {
    const words = request.messages.flatMap(({ content }) => content.split(/\s+/).filter(Boolean));
    return Promise.resolve(words.length);
  }

  async generate(request: InferenceRequest, options: GenerateOptions): Promise<Generated> {
    const { seed: base, signal, cut, onToken, onText } = options;
    this.seeds.push(base);
    this.#options.onGenerate?.(request);
    const seed = seedOf(request, base);
    const pause = AbortSignal.any(cut === undefined ? [signal] : [signal, cut]);
    const tokens: number[] = [];
    const { limit, promptTokens } = await this.read(request, []);
    while (tokens.length < limit && !cut?.aborted) {
      await sleep(this.#options.msPerToken ?? 0, undefined, { signal: pause }).catch(() => signal.throwIfAborted());
      if (cut?.aborted) {
        break;
      }
      const token = (wordAt(seed, tokens.length) + (this.#options.isCheap ? 1 : 0)) % WORDS.length;
      tokens.push(token);
      onToken?.(tokens.length);
      onText?.({ text: `${tokens.length === 1 ? "" : " "}${WORDS[token]}`, tokens: 1 });
    }
    const trace = encodeTrace(tokens.map((token) => ({ token, candidates: candidatesOf(token) })));
    const output = { finishReason: "length", promptTokens, text: textOf(tokens), tokens } as const;
    return { output, trace, ...(tokens.length < limit && { wasCut: true }) };
  }

  async read(request: InferenceRequest, tokens: readonly number[]) {
    const limit = request.maxTokens ?? this.model.defaults.maxTokens;
    const promptTokens = await this.countPromptTokens(request);
    return { promptTokens, limit, tokens, endsAt: undefined, stopsAfter: undefined, text: textOf(tokens) };
  }

  recheck(_: InferenceRequest, { trace, seed }: Claim, { lookups }: { readonly lookups: readonly Lookup[] }) {
    const chosen = trace.map((_, step) => wordAt(seed, step));
    const logitAt = (position: number, id: number) =>
      candidatesOf(chosen[position]!).find((one) => one.id === id)?.logit;
    const entries = trace.map(({ token, candidates }, step) => {
      const matches = token === chosen[step];
      const differences = candidates.map(({ id, logit }) => logit - (logitAt(step, id) ?? -8));
      const distance = Math.sqrt(differences.reduce((sum, one) => sum + one ** 2, 0) / TRACE_CANDIDATES);
      return { matches, margin: matches ? 0 : 1, distance };
    });
    const found = lookups.map(
      ({ position, ids }) => new Map(ids.map((id) => [id, logitAt(position, id) ?? -8] as const)),
    );
    return Promise.resolve({ entries, lookups: found });
  }

  describe() {
    return Promise.resolve({ backend: "none", device: "none", threads: 1 });
  }

  close() {
    return Promise.resolve();
  }
}
