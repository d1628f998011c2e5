import { stringToBytes } from "viem/utils";
import { RequestError } from "../errors.ts";
import { decodeUtf8, parseJson } from "../protocol/canonical.ts";
import { chatOfResponses } from "../protocol/responses.ts";
import { type CallSize, expectedTokens } from "./call-size.ts";
import { CALL_ID_HEADER, MAX_PRICE_HEADER } from "./headers.ts";
import { LiveError } from "./live-error.ts";

/** Which of OpenAI's calls. */
export type LiveRoute = "chat" | "responses" | "embeddings";

/** A call as an OpenAI client makes it, read as far as it takes to buy it. */
export interface LiveCall {
  readonly route: LiveRoute;
  /** Of the provider's routes, such as `v1/chat/completions`. */
  readonly path: string;
  /** Name or id of the model. */
  readonly model: string;
  /** The exact body. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the receipt's request hash is over: the body, of `/v1/responses` the chat that it comes to. */
  readonly committed: Uint8Array;
  readonly size: CallSize;
  readonly isStream: boolean;
  /** Whether the request leaves no choice: any honest provider of the model writes the same. */
  readonly isGreedy: boolean;
  /** Whether its stream can go on elsewhere: its chunks carry text alone. */
  readonly isPlain: boolean;
  /** The most that the call may cost, beside the budget: header {@link MAX_PRICE_HEADER}. Token units. */
  readonly maxPrice: bigint | undefined;
  /** What the caller names it: header {@link CALL_ID_HEADER}. */
  readonly callId: string | undefined;
  readonly signal: AbortSignal | undefined;
}

const ROUTES: readonly (readonly [string, LiveRoute])[] = [
  ["chat/completions", "chat"],
  ["responses", "responses"],
  ["embeddings", "embeddings"],
];

type Fields = Readonly<Record<string, unknown>>;

/** The path of a URL behind its last `/v1/`, without the query; nothing for other URLs. */
export function routePath(url: string): string | undefined {
  const { pathname } = new URL(url, "https://touchstone.invalid");
  const at = pathname.lastIndexOf("/v1/");
  return at < 0 ? undefined : pathname.slice(at + "/v1/".length).replace(/\/+$/, "");
}

/**
 * Reads what `fetch` was given.
 *
 * @throws LiveError `ROUTE_UNKNOWN` or `CALL_INVALID`.
 */
export async function readCall(input: RequestInfo | URL, init: RequestInit = {}): Promise<LiveCall> {
  const url = input instanceof Request ? input.url : String(input);
  const path = routePath(url);
  const route = ROUTES.find(([name]) => name === path)?.[1];
  if (route === undefined) {
    const sentence = `There is nothing to buy at ${url}: the paths are /v1/chat/completions, /v1/responses, /v1/embeddings.`;
    throw new LiveError("ROUTE_UNKNOWN", sentence);
  }
  const bytes = await bodyOf(input, init);
  const fields = fieldsOf(bytes);
  const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
  const signal = init.signal ?? (input instanceof Request ? input.signal : undefined);
  const { model, temperature, seed, stream } = fields;
  if (typeof model !== "string" || model === "") {
    throw new LiveError("CALL_INVALID", "The body names no model: set `model` to a name that /v1/models lists.");
  }
  return {
    route,
    path: `v1/${path}`,
    model,
    bytes,
    committed: route === "responses" ? committedOf(bytes) : bytes,
    size: sizeOf(route, fields, bytes),
    isStream: stream === true && route !== "embeddings",
    isGreedy: temperature === 0 || typeof seed === "number",
    isPlain: route === "chat" && !fields.logprobs && fields.tools === undefined,
    maxPrice: maxPriceOf(headers),
    callId: headers.get(CALL_ID_HEADER) ?? undefined,
    signal: signal ?? undefined,
  };
}

async function bodyOf(input: RequestInfo | URL, init: RequestInit): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof init.body === "string") {
    return new Uint8Array(stringToBytes(init.body));
  }
  if (init.body instanceof Uint8Array) {
    return new Uint8Array(init.body);
  }
  const { method = "POST" } = init;
  const request = input instanceof Request ? new Request(input, init) : new Request(String(input), { ...init, method });
  return new Uint8Array(await request.arrayBuffer());
}

function fieldsOf(bytes: Uint8Array): Fields {
  const value = parseJson(decodeUtf8(bytes) ?? "");
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new LiveError("CALL_INVALID", "The body is no JSON object.");
  }
  return value as Fields;
}

function committedOf(bytes: Uint8Array): Uint8Array {
  try {
    return chatOfResponses(bytes);
  } catch (cause) {
    if (cause instanceof RequestError) {
      throw new LiveError("CALL_INVALID", cause.message, { cause, details: cause.details });
    }
    throw cause;
  }
}

function sizeOf(route: LiveRoute, fields: Fields, bytes: Uint8Array): CallSize {
  const asked = fields.max_completion_tokens ?? fields.max_tokens ?? fields.max_output_tokens;
  const maxTokens = route === "embeddings" ? 0 : typeof asked === "number" && asked >= 0 ? Math.ceil(asked) : undefined;
  const texts = fields.messages ?? fields.input;
  const messages = Array.isArray(texts) ? texts.length : 1;
  return { bytes: bytes.length, messages, maxTokens, expectedTokens: expectedTokens(maxTokens) };
}

function maxPriceOf(headers: Headers): bigint | undefined {
  const text = headers.get(MAX_PRICE_HEADER);
  if (text === null) {
    return undefined;
  }
  if (!/^\d{1,20}$/.test(text)) {
    throw new LiveError("CALL_INVALID", `The header ${MAX_PRICE_HEADER} must be a decimal amount of token units.`);
  }
  return BigInt(text);
}
