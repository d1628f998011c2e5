import { priceOf } from "@touchstone/sdk/protocol";
import { z } from "zod";
import { Refusal } from "../errors.ts";
import type { FallbackOptions } from "../options.ts";
import { EventSplitter, eventData } from "./sse.ts";
import type { Bought, Call, CallBooking, Upstream } from "./upstream.ts";
import { watched } from "./watched.ts";

const count = z.number().int().nonnegative();

/** OpenAI's counts, of chats and embeddings or of responses. */
const usageSchema = z.union([
  z.object({ prompt_tokens: count, completion_tokens: count.default(0) }),
  z
    .object({ input_tokens: count, output_tokens: count })
    .transform((usage) => ({ prompt_tokens: usage.input_tokens, completion_tokens: usage.output_tokens })),
]);

const carrierSchema = z.object({ usage: usageSchema });
const eventSchema = z.union([
  carrierSchema,
  z.object({ response: carrierSchema }).transform(({ response }) => response),
]);

interface Used {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Of an answer that never told: bytes a token in common text. */
const BYTES_PER_TOKEN = 3;
const DEFAULT_MAX_TOKENS = 4_096;

/** Asks a hosted endpoint. Each answer says so, in its headers and in its body. */
export class FallbackUpstream implements Upstream {
  readonly #options: FallbackOptions;
  readonly #fetch: typeof globalThis.fetch;
  /** How it is named to clients. */
  readonly host: string;

  constructor(options: FallbackOptions, fetch: typeof globalThis.fetch = globalThis.fetch) {
    this.#options = options;
    this.#fetch = fetch;
    this.host = new URL(options.url).host;
  }

  /** Its name for a model; nothing where it does not serve it. */
  modelOf(model: string): string | undefined {
    const { models } = this.#options;
    return Object.hasOwn(models, model) ? models[model] : models["*"];
  }

  estimate({ model, bytes, value }: Omit<Call, "most" | "signal">): Promise<bigint | undefined> {
    const asked = value.max_completion_tokens ?? value.max_tokens ?? value.max_output_tokens;
    const completionTokens = typeof asked === "number" && asked >= 0 ? Math.ceil(asked) : DEFAULT_MAX_TOKENS;
    const most = this.#priceOf({ promptTokens: bytes.length, completionTokens });
    return Promise.resolve(this.modelOf(model) === undefined ? undefined : most);
  }

  async buy(call: Call): Promise<Bought> {
    const { url, apiKey } = this.#options;
    const model = this.modelOf(call.model);
    if (((await this.estimate(call)) ?? 0n) > call.most) {
      throw new Refusal("insufficient_quota", "What is left of the budget does not cover this call at the fallback.");
    }
    const isStream = call.value.stream === true;
    const isChatStream = isStream && call.route === "chat/completions";
    const streamOptions = isChatStream && {
      stream_options: { ...objectOf(call.value.stream_options), include_usage: true },
    };
    const headers = { "content-type": "application/json", ...(apiKey && { authorization: `Bearer ${apiKey}` }) };
    const body = JSON.stringify({ ...call.value, model, ...streamOptions });
    const init = { method: "POST", headers, body, signal: call.signal, redirect: "error" } as const;
    const response = await this.#fetch(`${url}/${call.route}`, init).catch((cause: unknown) => {
      call.signal.throwIfAborted();
      throw new Refusal("upstream_failed", "The fallback endpoint cannot be reached.", { cause });
    });
    const tally = new Tally(call.bytes.length);
    const told = response.ok && !isStream ? await this.#whole(response, tally) : response;
    const isWanted = objectOf(call.value.stream_options).include_usage === true;
    const marked = response.ok && isStream ? this.#stream(response, tally, isWanted) : tally.finish(told);
    const booking = tally.used.then((used) => this.#book(used, response.ok));
    return { response: marked, servedBy: "fallback", provider: this.host, booking };
  }

  /** A whole answer with the field that says where it is from. */
  async #whole(response: Response, tally: Tally): Promise<Response> {
    const text = await response.text();
    const value = objectOf(parse(text));
    tally.see(value);
    const touchstone = { served_by: "fallback", provider: this.host };
    const headers = { "content-type": "application/json" };
    return new Response(JSON.stringify({ ...value, touchstone }), { status: response.status, headers });
  }

  /** A stream behind a comment that says where it is from, without the usage that only we asked for. */
  #stream(response: Response, tally: Tally, isUsageWanted: boolean): Response {
    const splitter = new EventSplitter();
    const encoder = new TextEncoder();
    const mark = `: touchstone-served-by fallback ${this.host}\n\n`;
    const body = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        start: (controller) => controller.enqueue(encoder.encode(mark)),
        transform: (chunk, controller) => {
          const events = splitter.take(chunk).filter((event) => !tally.isUsageOnly(event) || isUsageWanted);
          if (events.length > 0) {
            controller.enqueue(encoder.encode(events.join("")));
          }
        },
        flush: (controller) => controller.enqueue(encoder.encode(splitter.end())),
      }),
    );
    const { status } = response;
    const headers = { "content-type": response.headers.get("content-type") ?? "text/event-stream" };
    return tally.finish(new Response(body ?? null, { status, headers }));
  }

  #book(used: Used, isServed: boolean): CallBooking {
    const amount = isServed ? this.#priceOf(used) : 0n;
    const counted = isServed ? used : { promptTokens: 0, completionTokens: 0 };
    return { amount, servedBy: "fallback", provider: this.host, receipt: "none", ...counted };
  }

  #priceOf({ promptTokens, completionTokens }: Used): bigint {
    const pricing = { ...this.#options, pricePerItem: 0n };
    return priceOf(pricing, { items: 1, inputTokens: promptTokens, outputTokens: completionTokens });
  }
}

/** Counts what an answer used: as it says, else by its size. */
class Tally {
  readonly used: Promise<Used>;
  readonly #resolve: (used: Used) => void;
  #told: Used | undefined;
  #events = 0;
  readonly #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
    const { promise, resolve } = Promise.withResolvers<Used>();
    this.used = promise;
    this.#resolve = resolve;
  }

  see(value: unknown): void {
    const { success, data } = eventSchema.safeParse(value);
    if (success) {
      this.#told = { promptTokens: data.usage.prompt_tokens, completionTokens: data.usage.completion_tokens };
    }
  }

  /** Takes an event in; whether it is the chunk that only tells the usage. */
  isUsageOnly(event: string): boolean {
    const value = objectOf(eventData(event));
    this.#events += 1;
    this.see(value);
    return value.usage != null && Array.isArray(value.choices) && value.choices.length === 0;
  }

  /** An answer at whose end the sum is known. */
  finish(response: Response): Response {
    const end = () => {
      const guess = { promptTokens: Math.ceil(this.#bytes / BYTES_PER_TOKEN), completionTokens: this.#events };
      this.#resolve(this.#told ?? guess);
    };
    const { status, headers } = response;
    return new Response(watched(response.body, end), { status, headers });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
