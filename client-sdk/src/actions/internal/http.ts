import pRetry from "p-retry";
import type { Hex } from "viem";
import { HttpError, type InvalidDataError } from "../../errors.ts";
import { decodeUtf8, parseJson } from "../../protocol/canonical.ts";
import { parseAs, type Schema, type SchemaOutput } from "../../protocol/parse-as.ts";
import { errorBodySchema } from "../../protocol/wire.ts";

/** How servers are asked. */
export interface HttpOptions {
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Ends everything with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** For one answer, its body included, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** How often to ask again after a failure that may pass. Default 2. */
  readonly retries?: number | undefined;
  /** Of a sealed input, see `inputReadToken`: without it a node shows neither that nor its results. */
  readonly readToken?: Hex | undefined;
}

export type HttpErrorType = HttpError | InvalidDataError;

/** One request and the most that its answer may weigh. */
export interface HttpRequest extends HttpOptions {
  readonly url: string;
  /** Sent as JSON by POST; without it, GET. */
  readonly body?: unknown;
  readonly maxBytes: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 2;
const FIRST_PAUSE_MS = 250;
const MAX_ERROR_BYTES = 16_384;

/** A server's base URL and a route, whether or not the base ends with a slash. */
export function routeUrl(base: string, route: string): string {
  return `${base.replace(/\/+$/, "")}/${route}`;
}

/** The body of an answer, read no further than `maxBytes`. */
export function httpBytes(request: HttpRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { retries = DEFAULT_RETRIES, signal } = request;
  return pRetry(() => ask(request), {
    retries,
    minTimeout: FIRST_PAUSE_MS,
    ...(signal && { signal }),
    shouldRetry: ({ error }) => error instanceof HttpError && error.retryable,
  });
}

/** An answer in JSON, as a schema has it. */
export async function httpJson<Of extends Schema>(
  schema: Of,
  subject: string,
  request: HttpRequest,
): Promise<SchemaOutput<Of>> {
  const text = decodeUtf8(await httpBytes(request));
  return parseAs(schema, text === undefined ? undefined : parseJson(text), `${subject} from ${request.url}`);
}

async function ask(request: HttpRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { url, body, signal, maxBytes, timeoutMs = DEFAULT_TIMEOUT_MS, readToken, fetch = globalThis.fetch } = request;
  if (!/^(https?|data):/i.test(url)) {
    throw new HttpError("HTTP_BAD_URL", `${url} is no http:, https: or data: address.`, { url });
  }
  const timeout = AbortSignal.timeout(timeoutMs);
  const bearer = readToken === undefined ? {} : { authorization: `Bearer ${readToken}` };
  const headers = { ...bearer, ...(body !== undefined && { "content-type": "application/json" }) };
  const post = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  try {
    const response = await fetch(url, {
      ...post,
      headers,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    if (!response.ok) {
      throw await refusalOf(url, response);
    }
    return await readCapped(url, response, maxBytes);
  } catch (cause) {
    if (cause instanceof HttpError) {
      throw cause;
    }
    if (timeout.aborted) {
      throw new HttpError("HTTP_TIMEOUT", `${url} did not answer within ${timeoutMs} ms.`, { url, cause });
    }
    throw new HttpError("HTTP_UNREACHABLE", `${url} cannot be reached: is the server up?`, { url, cause });
  }
}

/** The body, chunk by chunk: a server that sends more than it should is cut off, whatever length it announced. */
async function readCapped(url: string, response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new HttpError("HTTP_TOO_LARGE", `${url} sent more than ${maxBytes} bytes.`, { url });
  const reader = response.body?.getReader();
  if (reader === undefined) {
    return new Uint8Array();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return joined(chunks, size);
      }
      size += value.length;
      if (size > maxBytes) {
        throw tooLarge();
      }
      chunks.push(value);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** What a refusal says, in the shape of every Touchstone server if it has that. */
async function refusalOf(url: string, response: Response): Promise<HttpError> {
  const { status } = response;
  const bytes = await readCapped(url, response, MAX_ERROR_BYTES).catch(() => new Uint8Array());
  const parsed = errorBodySchema.safeParse(parseJson(decodeUtf8(bytes) ?? ""));
  if (!parsed.success) {
    return new HttpError("HTTP_STATUS", `${url} answered with status ${status}.`, { url, status });
  }
  const { code, message } = parsed.data.error;
  return new HttpError("HTTP_STATUS", `${url} refused: ${message} (${code})`, { url, status, remoteCode: code });
}
