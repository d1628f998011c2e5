import type { InferenceRequest, ItemOutput } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";

/** What a loaded model is, as the node advertises and the engine enforces it. */
export interface LoadedModel {
  /** `ModelId` on chain. */
  readonly id: Hex;
  /** Name buyers ask for, such as `storyteller`. */
  readonly name: string;
  /** Tokens of prompt and output together. */
  readonly contextLength: number;
  /** What requests leave out. */
  readonly defaults: { readonly maxTokens: number; readonly temperature: number };
}

/** How one generation is run. */
export interface GenerateOptions {
  /** Sampling seed, 32 bytes: the same request, seed and machine give the same output. */
  readonly seed: Hex;
  /** Stops the generation; it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called after each token with the number of tokens made so far. */
  readonly onToken?: (tokens: number) => void;
}

/**
 * Runs one model on this machine. An engine never sees the chain or the store.
 *
 * A request that can never be served (too long, a field the engine refuses) resolves to an error output, which is
 * deterministic, paid and judged like any other; a failure of the machine rejects with an `EngineError`.
 */
export interface Engine {
  readonly model: LoadedModel;
  /** Number of tokens of the prompt after the chat template; for prices and limits. */
  countPromptTokens(request: InferenceRequest): Promise<number>;
  generate(request: InferenceRequest, options: GenerateOptions): Promise<ItemOutput>;
  /** What the engine runs on, for the card: device names, backend. */
  describe(): Promise<{ readonly backend: string; readonly device: string; readonly threads: number }>;
  close(): Promise<void>;
}
