import type { Hex } from "viem";
import { keccak256 } from "viem/utils";
import { RequestError } from "../errors.ts";
import { canonicalBytes, decodeUtf8, parseJson } from "./canonical.ts";
import { errorOutput, type ItemFailure } from "./output.ts";
import { readExtra } from "./request-extra.ts";
import {
  insistOn,
  invalid,
  isObject,
  isText,
  type JsonObject,
  readBoolean,
  readField,
  readNumber,
  readObject,
  readText,
} from "./request-fields.ts";
import { type ChatMessage, readMessages, wireMessage } from "./request-message.ts";

// This parser is part of the protocol: a bad request's code and sentence become an output that a court judges. That is
// why it is written out here, in a fixed order, and leans on no library whose sentences may change.

/** What one item asks of the model. What is left out comes from the manifest's defaults. */
export interface InferenceRequest {
  /** At least one. */
  readonly messages: readonly ChatMessage[];
  /** What the buyer calls the model. The lane says which one serves: a job by its spec, a call by this. */
  readonly model?: string;
  /** Most tokens to write, 1 to {@link MAX_TOKENS_LIMIT}. On the wire `max_tokens` or `max_completion_tokens`. */
  readonly maxTokens?: number;
  /** 0 to 2. */
  readonly temperature?: number;
  /** 0 to 1. On the wire `top_p`. */
  readonly topP?: number;
  /** Up to {@link MAX_STOPS} texts that end the output. */
  readonly stop?: readonly string[];
  /** Makes two runs alike, see `requestSeed`. Any safe integer. */
  readonly seed?: number;
  /** Whether probabilities are told. They are no part of the output. */
  readonly logprobs?: boolean;
  /** So many of the likeliest tokens in each place, 0 to {@link MAX_LOGPROBS}. On the wire `top_logprobs`. */
  readonly topLogprobs?: number;
  /** Whether the answer comes as it is written. */
  readonly stream?: boolean;
  /** Whether a last chunk tells the tokens used. On the wire `stream_options.include_usage`. */
  readonly streamUsage?: boolean;
  /** What not every engine serves, by its name on the wire: see `unsupportedOutput`. */
  readonly extra?: JsonObject;
}

/** More than any context is long; what fits a model, its engine says. */
export const MAX_TOKENS_LIMIT = 1_048_576;

/** How many texts may end an output. */
export const MAX_STOPS = 4;

/** How many of the likeliest tokens may be asked for. */
export const MAX_LOGPROBS = 20;

/** In the order in which they are read. */
const FIELDS = [
  "messages",
  "model",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "stop",
  "seed",
  "n",
  "logprobs",
  "top_logprobs",
  "stream",
  "stream_options",
  "presence_penalty",
  "frequency_penalty",
  "response_format",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "logit_bias",
  "reasoning_effort",
  "user",
  "metadata",
  "store",
  "service_tier",
  "prompt_cache_key",
  "safety_identifier",
] as const;
const STREAM_FIELDS = ["include_usage", "include_obfuscation"] as const;

/** keccak256 of the exact bytes of a request. */
export function requestHash(bytes: Uint8Array): Hex {
  return keccak256(bytes);
}

/** A request as buyers give it: a text is one user message, bytes are taken exactly as they are. */
export type RequestInput = InferenceRequest | string | Uint8Array;

/** The bytes of a request as buyers give it. Only bytes may be a bad request. */
export function requestBytes(request: RequestInput): Uint8Array {
  return request instanceof Uint8Array ? request : encodeRequest(request);
}

/** The canonical bytes of a request: UTF-8 JSON in the shape of an OpenAI chat completion. A text is one user message. */
export function encodeRequest(request: InferenceRequest | string): Uint8Array {
  if (typeof request === "string") {
    return encodeRequest({ messages: [{ role: "user", content: request }] });
  }
  const { messages, maxTokens, topP, topLogprobs, streamUsage, extra, ...same } = request;
  const bytes = canonicalBytes({
    ...extra,
    ...same,
    messages: messages.map(wireMessage),
    max_tokens: maxTokens,
    top_p: topP,
    top_logprobs: topLogprobs,
    stream_options: streamUsage === undefined ? undefined : { include_usage: streamUsage },
  });
  parseRequest(bytes); // a buyer learns of a bad request before paying for it
  return bytes;
}

/**
 * Parses the bytes of one item: OpenAI's chat completion. Fields that say nothing about what is written (`user`, `metadata`,
 * `store`, `service_tier`, `prompt_cache_key`, `safety_identifier`) are read and passed over.
 *
 * @throws RequestError whose code and message are deterministic: they become the item's output, see `errorOutput`.
 */
export function parseRequest(bytes: Uint8Array): InferenceRequest {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    throw new RequestError("REQUEST_NOT_UTF8", "The request is not UTF-8.");
  }
  const value = parseJson(text);
  if (value === undefined) {
    throw new RequestError("REQUEST_NOT_JSON", "The request is not JSON.");
  }
  const fields = readObject(value, FIELDS, "The request", "");
  const request = {
    messages: readMessages(fields.messages),
    model: readText(fields, "model"),
    maxTokens: readMaxTokens(fields),
    temperature: readNumber(fields, "temperature", [0, 2], false),
    topP: readNumber(fields, "top_p", [0, 1], false),
    stop: readStop(fields),
    seed: readNumber(fields, "seed", [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], true),
    ...readForm(fields),
    extra: readExtra(fields),
  };
  readUnused(fields);
  return withoutNothing(request);
}

/** The request behind its bytes; of a bad one the output that it deserves, the same for whoever answers or checks it. */
export function readRequest(bytes: Uint8Array): InferenceRequest | ItemFailure {
  try {
    return parseRequest(bytes);
  } catch (error) {
    if (error instanceof RequestError) {
      return errorOutput(error.code, error.message);
    }
    throw error;
  }
}

function readMaxTokens(fields: JsonObject): number | undefined {
  const [old, current] = (["max_tokens", "max_completion_tokens"] as const).map((name) =>
    readNumber(fields, name, [1, MAX_TOKENS_LIMIT], true),
  );
  if (old !== undefined && current !== undefined && old !== current) {
    throw invalid("max_completion_tokens", "must be the same as max_tokens, or left out");
  }
  return current ?? old;
}

function readStop(fields: JsonObject): readonly string[] | undefined {
  const isStop = (value: unknown): value is string => isText(value) && value !== "";
  const isStops = (value: unknown): value is string | readonly string[] =>
    isStop(value) || (Array.isArray(value) && value.length > 0 && value.length <= MAX_STOPS && value.every(isStop));
  const sentence = `must be a non-empty string or a list of 1 to ${MAX_STOPS} of them`;
  const stop = readField(fields, "stop", isStops, sentence);
  return typeof stop === "string" ? [stop] : stop;
}

/** How the answer comes. */
function readForm(fields: JsonObject) {
  insistOn(fields, "n", 1);
  const logprobs = readBoolean(fields, "logprobs");
  const topLogprobs = readNumber(fields, "top_logprobs", [0, MAX_LOGPROBS], true);
  if (topLogprobs !== undefined && logprobs !== true) {
    throw invalid("top_logprobs", "needs logprobs to be true");
  }
  const stream = readBoolean(fields, "stream");
  const options = readField(fields, "stream_options", isObject, "must be a JSON object") ?? {};
  readObject(options, STREAM_FIELDS, "stream_options", "stream_options");
  const [usage] = STREAM_FIELDS.map((name) => readBoolean(options, name));
  insistOn(fields, "presence_penalty", 0);
  insistOn(fields, "frequency_penalty", 0);
  return { logprobs, topLogprobs, stream, streamUsage: usage };
}

/** What is taken for the sake of clients that send it. */
function readUnused(fields: JsonObject): void {
  readText(fields, "user");
  readField(fields, "metadata", isObject, "must be a JSON object");
  readBoolean(fields, "store");
  readText(fields, "service_tier");
  readText(fields, "prompt_cache_key");
  readText(fields, "safety_identifier");
}

type Maybe<T> = { readonly [Key in keyof T]: T[Key] | undefined };

function withoutNothing(request: Maybe<Required<InferenceRequest>>): InferenceRequest {
  return Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== undefined),
  ) as unknown as InferenceRequest;
}
