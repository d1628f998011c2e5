import type { Hex } from "viem";
import { keccak256 } from "viem/utils";
import { RequestError } from "../errors.ts";
import { canonicalBytes, decodeUtf8, parseJson } from "./canonical.ts";
import { errorOutput, type ItemFailure } from "./output.ts";

// This parser is part of the protocol: a bad request's code and sentence become an output that a court judges. That is
// why it is written out here, in a fixed order, and leans on no library whose sentences may change.

/** One message of a chat. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** What one item asks of the model. What is left out comes from the manifest's defaults. */
export interface InferenceRequest {
  /** At least one. */
  readonly messages: readonly ChatMessage[];
  /** Most tokens to write, 1 to {@link MAX_TOKENS_LIMIT}. On the wire `max_tokens`. */
  readonly maxTokens?: number;
  /** 0 to 2. */
  readonly temperature?: number;
  /** 0 to 1. On the wire `top_p`. */
  readonly topP?: number;
  /** Up to {@link MAX_STOPS} texts that end the output. */
  readonly stop?: readonly string[];
  /** Makes two runs alike, see `requestSeed`. Any safe integer. */
  readonly seed?: number;
}

/** More than any context is long; what fits a model, its engine says. */
export const MAX_TOKENS_LIMIT = 1_048_576;

/** How many texts may end an output. */
export const MAX_STOPS = 4;

const ROLES = ["system", "user", "assistant"] as const;
const FIELDS = ["messages", "max_tokens", "temperature", "top_p", "stop"] as const;
const MESSAGE_FIELDS = ["role", "content"] as const;

type JsonObject = Readonly<Record<string, unknown>>;

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
  const { messages, maxTokens, temperature, topP, stop } = request;
  const bytes = canonicalBytes({ messages, max_tokens: maxTokens, temperature, top_p: topP, stop });
  parseRequest(bytes); // a buyer learns of a bad request before paying for it
  return bytes;
}

/**
 * Parses the bytes of one item.
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
  const messages = readMessages(fields.messages);
  const maxTokens = readNumber(fields, "max_tokens", 1, MAX_TOKENS_LIMIT, true);
  const temperature = readNumber(fields, "temperature", 0, 2, false);
  const topP = readNumber(fields, "top_p", 0, 1, false);
  const stop = readStop(fields.stop);
  return {
    messages,
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(stop !== undefined && { stop }),
  };
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

function readObject(value: unknown, known: readonly string[], name: string, path: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RequestError("REQUEST_NOT_AN_OBJECT", `${name} must be a JSON object.`, { path });
  }
  // The sentence does not repeat the field: it is the buyer's text, and the output stays short.
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const sentence = `${name} has a field that is not one of ${known.join(", ")}.`;
    throw new RequestError("REQUEST_UNKNOWN_FIELD", sentence, { path, field: unknown });
  }
  return value as JsonObject;
}

function readMessages(value: unknown): readonly ChatMessage[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid("messages", "must be a list of at least one message");
  }
  return value.map((entry: unknown, index) => readMessage(entry, `messages[${index}]`));
}

function readMessage(value: unknown, path: string): ChatMessage {
  const { role, content } = readObject(value, MESSAGE_FIELDS, path, path);
  const known = ROLES.find((candidate) => candidate === role);
  if (known === undefined) {
    throw invalid(`${path}.role`, `must be one of ${ROLES.join(", ")}`);
  }
  if (typeof content !== "string" || !content.isWellFormed()) {
    throw invalid(`${path}.content`, "must be a well-formed string");
  }
  return { role: known, content };
}

function readNumber(fields: JsonObject, name: string, least: number, most: number, whole: boolean): number | undefined {
  const value = fields[name];
  if (value === undefined) {
    return undefined;
  }
  const fits = typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
  if (!fits) {
    throw invalid(name, `must be ${whole ? "an integer" : "a number"} from ${least} to ${most}`);
  }
  return value;
}

function readStop(value: unknown): readonly string[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  const stops: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isStop = (stop: unknown): stop is string => typeof stop === "string" && stop !== "" && stop.isWellFormed();
  if (stops.length === 0 || stops.length > MAX_STOPS || !stops.every(isStop)) {
    throw invalid("stop", `must be a non-empty string or a list of 1 to ${MAX_STOPS} of them`);
  }
  return stops;
}

function invalid(path: string, sentence: string): RequestError {
  return new RequestError("REQUEST_INVALID_FIELD", `${path} ${sentence}.`, { path });
}
