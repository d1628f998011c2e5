import { EventSourceParserStream } from "eventsource-parser/stream";
import { z } from "zod";
import { NodeError } from "../errors.ts";

/** Where a server is and how long it is waited for. */
export interface UpstreamOptions {
  /** Such as `http://127.0.0.1:8080/v1`, without a slash at its end. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** Longest silence, before and within an answer. */
  readonly timeoutMs: number;
}

/** What a server says it will not do, whoever asks and however often: status 400 to 499 but for those that pass. */
export class UpstreamRefusal extends Error {
  override readonly name = "UpstreamRefusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Statuses that are no fault of a request: the operator's key, a model that is gone, too much to do. */
const OPERATORS_FAULT = new Set([401, 402, 403, 404, 405, 407, 408, 409, 425, 429]);

const MAX_SENTENCE = 500;

const errorSchema = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** Speaks with a server that has OpenAI's HTTP API. */
export class Upstream {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;

  constructor({ url, apiKey, timeoutMs }: UpstreamOptions) {
    this.url = url;
    this.#headers = {
      "content-type": "application/json",
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    };
    this.#timeoutMs = timeoutMs;
  }

  /** GETs a path under the base URL. Throws as {@link post}. */
  get(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#whole(`${this.url}${path}`, { method: "GET" }, signal);
  }

  /**
   * POSTs JSON and gives the JSON that comes back.
   *
   * @param path Under the base URL, or beside it with `..` (`/../tokenize`).
   * @throws UpstreamRefusal, NodeError `ENGINE_FAILED`, the signal's reason.
   */
  post(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    return this.#whole(`${this.url}${path}`, { method: "POST", body: JSON.stringify(body) }, signal);
  }

  /** POSTs JSON and gives each event of the stream that comes back, until `[DONE]`. Leaving it ends the request. */
  async *stream(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    const watch = this.#watch(signal);
    try {
      const init = { method: "POST", body: JSON.stringify(body) };
      const { body: bytes } = await this.#fetch(`${this.url}${path}`, init, watch.signal);
      const events = (bytes ?? new ReadableStream<Uint8Array<ArrayBuffer>>())
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream());
      for await (const { data } of events) {
        watch.heard();
        if (data === "[DONE]") {
          return;
        }
        const event: unknown = JSON.parse(data);
        if (errorSchema.safeParse(event).success) {
          throw new NodeError("ENGINE_FAILED", `The server at ${this.url} failed: ${sentenceOf(event)}`);
        }
        yield event;
      }
    } catch (cause) {
      throw this.#failure(cause, signal);
    } finally {
      watch.end();
    }
  }

  async #whole(url: string, init: RequestInit, signal: AbortSignal): Promise<unknown> {
    const watch = this.#watch(signal);
    try {
      const response = await this.#fetch(url, init, watch.signal);
      return await response.json();
    } catch (cause) {
      throw this.#failure(cause, signal);
    } finally {
      watch.end();
    }
  }

  async #fetch(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const response = await fetch(url, { ...init, headers: this.#headers, redirect: "error", signal });
    if (response.ok) {
      return response;
    }
    const { status } = response;
    const sentence = sentenceOf(await response.json().catch(() => undefined)) || response.statusText;
    if ((status >= 400 && status < 500 && !OPERATORS_FAULT.has(status)) || status === 501) {
      throw new UpstreamRefusal(status, sentence);
    }
    const message = `The server at ${this.url} answers ${status}: ${sentence}`;
    throw new NodeError("ENGINE_FAILED", message, { details: { status } });
  }

  /** A signal that also ends what is silent for too long. */
  #watch(signal: AbortSignal) {
    const silence = new AbortController();
    const message = `The server at ${this.url} was silent for ${this.#timeoutMs} ms.`;
    const timer = setTimeout(() => silence.abort(new NodeError("ENGINE_FAILED", message)), this.#timeoutMs);
    return {
      signal: AbortSignal.any([signal, silence.signal]),
      heard: () => timer.refresh(),
      end: () => {
        clearTimeout(timer);
        silence.abort(new NodeError("STOPPED", "Nobody reads on.")); // Closes what is still open.
      },
    };
  }

  #failure(cause: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) {
      return signal.reason;
    }
    if (cause instanceof UpstreamRefusal || cause instanceof NodeError) {
      return cause;
    }
    const message = `The server at ${this.url} does not answer as it should. Is it running?`;
    return new NodeError("ENGINE_FAILED", message, { cause });
  }
}

function sentenceOf(body: unknown): string {
  const { data } = errorSchema.safeParse(body);
  const sentence = typeof data?.error === "string" ? data.error : (data?.error.message ?? "");
  return sentence.toWellFormed().slice(0, MAX_SENTENCE);
}
