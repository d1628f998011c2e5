import { setTimeout as sleep } from "node:timers/promises";
import type { InferenceRequest, ItemOutput } from "@touchstone/sdk/protocol";
import { concatHex, hexToNumber, keccak256, numberToHex, slice, stringToHex } from "viem";
import type { Engine, GenerateOptions } from "../../../../provider-node/src/engine/engine.ts";

/** How a small engine behaves. */
export interface SmallEngineOptions {
  readonly name?: string;
  /** Milliseconds a token. */
  readonly msPerToken?: number;
  /** Called before each item; may throw as a failing machine does. */
  readonly onGenerate?: (request: InferenceRequest) => void;
}

const WORDS = ["river", "lantern", "fox", "key", "winter", "song", "mountain", "paper", "clock", "garden"];

/** A real engine of a toy language: each token is a word drawn by the seed. Same request and seed, same output. */
export class SmallEngine implements Engine {
  readonly model;
  readonly #options: SmallEngineOptions;
  /** Seeds of all items that it was asked for. */
  readonly seeds: string[] = [];

  constructor(options: SmallEngineOptions = {}) {
    const { name = "small" } = options;
    const id = keccak256(stringToHex(name));
    this.model = { id, name, contextLength: 256, defaults: { maxTokens: 8, temperature: 1 } };
    this.#options = options;
  }

  countPromptTokens(request: InferenceRequest): Promise<number> {
    const words = request.messages.flatMap(({ content }) => content.split(/\s+/).filter(Boolean));
    return Promise.resolve(words.length);
  }

  async generate(request: InferenceRequest, { seed, signal, onToken }: GenerateOptions): Promise<ItemOutput> {
    this.seeds.push(seed);
    this.#options.onGenerate?.(request);
    const tokens: number[] = [];
    const length = request.maxTokens ?? this.model.defaults.maxTokens;
    for (let step = 0; step < length; step++) {
      await sleep(this.#options.msPerToken ?? 0, undefined, { signal });
      tokens.push(
        hexToNumber(slice(keccak256(concatHex([seed, numberToHex(step, { size: 4 })])), 0, 1)) % WORDS.length,
      );
      onToken?.(tokens.length);
    }
    const text = tokens.map((token) => WORDS[token]).join(" ");
    return { finishReason: "length", promptTokens: await this.countPromptTokens(request), text, tokens };
  }

  describe() {
    return Promise.resolve({ backend: "none", device: "none", threads: 1 });
  }

  close() {
    return Promise.resolve();
  }
}
