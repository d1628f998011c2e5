import type { InferenceRequest, ItemFailure, ItemOutput, TraceEntry, Verification } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";

/** What a loaded model is, as the node advertises and the engine enforces it. */
export interface LoadedModel {
  /** `ModelId` on chain. */
  readonly id: Hex;
  /** Name buyers ask for, such as `storyteller`. */
  readonly name: string;
  /** Tokens of prompt and output together. */
  readonly contextLength: number;
  /** How many ids there are, from zero. */
  readonly vocabulary: number;
  /** What requests leave out. */
  readonly defaults: { readonly maxTokens: number; readonly temperature: number };
  /**
   * What runs it, as the card says: this process, or a server behind an OpenAI-compatible URL: `openai` where nobody can
   * verify it, `openai-greedy` where it is held to the likeliest tokens of a known file. Left out: this process.
   */
  readonly engine?: "llama.cpp" | "openai" | "openai-greedy";
  /** How results are checked; nothing for a model whose results nobody judges: its traces need not be kept. */
  readonly verification?: Verification | undefined;
}

/** A token that might be written, and how likely it is. */
export interface TokenChoice {
  /** Its text; U+FFFD where it is only a part of a character. */
  readonly token: string;
  /** Natural logarithm of its probability among all tokens, at temperature 1. */
  readonly logprob: number;
  /** UTF-8 of its text; null where the text does not tell. */
  readonly bytes: readonly number[] | null;
}

/** The token that was written, with the likeliest that might have been; OpenAI's `logprobs.content`. */
export interface TokenLogprob extends TokenChoice {
  /** As many as `topLogprobs` asked for, the likeliest first. */
  readonly top: readonly TokenChoice[];
}

/** What a generation has written since the last time. */
export interface TextDelta {
  /** Never ends within a character, never shows what a stop may still cut off. May be empty. */
  readonly text: string;
  /** Tokens since the last delta. All deltas together: the tokens of the output. */
  readonly tokens: number;
  /** Of those tokens whose text is shown, if `topLogprobs` asked for them. */
  readonly logprobs?: readonly TokenLogprob[];
}

/** How one generation is run. */
export interface GenerateOptions {
  /** Base seed, 32 bytes: the same request, seed and machine give the same output. A request's own seed wins over it. */
  readonly seed: Hex;
  /** Stops the generation; it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called after each token with the number of tokens made so far. */
  readonly onToken?: (tokens: number) => void;
  /** Called with the text as it comes: all deltas together are the text of the output, exactly. */
  readonly onText?: (delta: TextDelta) => void;
  /** Asks for the probabilities of tokens, with so many alternatives each, 0 to {@link MAX_TOP_LOGPROBS}. */
  readonly topLogprobs?: number | undefined;
  /** Ends the generation early, as where a reader leaves: it then resolves with what was made. */
  readonly cut?: AbortSignal | undefined;
}

/** Most alternatives of a token that a request may ask for, as with OpenAI. */
export const MAX_TOP_LOGPROBS = 20;

/** What one generation comes to. */
export interface Generated {
  readonly output: ItemOutput;
  /**
   * The committed logits, as `encodeTrace` has them: an entry for each token of the output, and one for the end of
   * generation where the model chose it. Empty for an error.
   */
  readonly trace: Uint8Array;
  /** Whether `cut` ended it: `output` is then part of an answer, and its `promptTokens` are those that were read. */
  readonly wasCut?: boolean;
  /** Tokens that were written, where the output does not list them. */
  readonly completionTokens?: number;
}

/** A generation that was cut before anything of it was done. */
export const NOT_BEGUN: Generated = {
  output: { finishReason: "length", promptTokens: 0, text: "", tokens: [] },
  trace: new Uint8Array(),
  wasCut: true,
};

/** Texts as points in space. */
export interface Embedded {
  /** One for each text, in order. */
  readonly vectors: readonly Float32Array[];
  /** Of all texts together. */
  readonly promptTokens: number;
}

/** What a request makes of some tokens, without running the model. */
export interface Reading {
  readonly promptTokens: number;
  /** Most tokens that the output may have. */
  readonly limit: number;
  /** Tokens before the first end of generation; all, if there is none. */
  readonly tokens: readonly number[];
  /** Where the first end of generation is. */
  readonly endsAt: number | undefined;
  /** After how many tokens a stop of the request was written first. */
  readonly stopsAfter: number | undefined;
  /** The text of `tokens`, cut before a stop. */
  readonly text: string;
}

/** What a provider says it did. */
export interface Claim {
  /** At least one entry, of ids that the model has. */
  readonly trace: readonly TraceEntry[];
  /** Base seed, 32 bytes, as in {@link GenerateOptions}. */
  readonly seed: Hex;
}

/** Logits to look up beside what every entry needs. */
export interface Lookup {
  /** Index of a trace entry. */
  readonly position: number;
  readonly ids: readonly number[];
}

/** What the reference says of one trace entry. */
export interface EntryCheck {
  /** Whether the sampling rule takes the claimed token from the reference's logits too. */
  readonly matches: boolean;
  /** The least change of logits that would make the rule take it, in logits at temperature 1, clipped at 1. */
  readonly margin: number;
  /** Root mean square of the committed logits' differences from the reference's, centred; 0 to 8. */
  readonly distance: number;
}

/** What one pass of the reference over a claim gives. */
export interface Recheck {
  /** One for each trace entry. */
  readonly entries: readonly EntryCheck[];
  /** For each lookup, the logits at temperature 1 by id. */
  readonly lookups: readonly ReadonlyMap<number, number>[];
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
  generate(request: InferenceRequest, options: GenerateOptions): Promise<Generated>;
  /**
   * Turns texts into vectors; left out by an engine that cannot. Nobody verifies them.
   *
   * @returns the error output for a text that the model does not take.
   */
  embed?(texts: readonly string[], signal: AbortSignal): Promise<Embedded | ItemFailure>;
  /** Reads tokens, whoever wrote them, by the rules of a request; the error output if the request cannot be served. */
  read(request: InferenceRequest, tokens: readonly number[]): Promise<Reading | ItemFailure>;
  /**
   * Checks a claim against this machine's own logits, in one pass over prompt and claimed tokens.
   *
   * @throws RangeError for a request that cannot be served or a claim that does not fit it: `read` tells before.
   */
  recheck(
    request: InferenceRequest,
    claim: Claim,
    options: { readonly lookups: readonly Lookup[]; readonly signal: AbortSignal },
  ): Promise<Recheck>;
  /** What the engine runs on, for the card: device names, backend. */
  describe(): Promise<{ readonly backend: string; readonly device: string; readonly threads: number }>;
  close(): Promise<void>;
}

/** Whether an engine can check what others wrote: a server behind a URL cannot. */
export function canRecheck({ model: { engine } }: Engine): boolean {
  return engine === undefined || engine === "llama.cpp";
}
