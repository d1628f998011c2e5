import { z } from "zod";
import { NodeError } from "../errors.ts";
import { type Upstream, UpstreamRefusal } from "./openai-client.ts";
import { type Candidate, rank } from "./sampler.ts";

/** A token that a server wrote, with the likeliest in its place; logits are logarithms of probabilities here. */
export interface WrittenToken {
  readonly id: number;
  /** Ranked. */
  readonly candidates: readonly Candidate[];
}

/** What is to be written. */
export interface CompletionOrder {
  /** The server's name of the model. */
  readonly model: string;
  readonly prompt: readonly number[];
  /** Most tokens. */
  readonly limit: number;
  /** Candidates of each token. */
  readonly candidates: number;
}

/** Tokens of one request where a stream lost some. */
const BLOCK = 16;

const id = z.int().nonnegative();

/** llama-server's list. */
const listSchema = z.object({
  content: z.array(z.object({ id, top_logprobs: z.array(z.object({ id, logprob: z.number() })) })),
});

/** vLLM's columns, with `return_tokens_as_token_ids`. */
const named = z.string().regex(/^token_id:\d+$/);
const columnsSchema = z.object({
  tokens: z.array(named),
  top_logprobs: z.array(z.record(named, z.number())),
});

const chunkSchema = z.object({
  choices: z
    .array(z.object({ text: z.string().nullish(), logprobs: z.union([listSchema, columnsSchema]).nullish() }))
    .default([]),
});

/**
 * Has a server write greedily after a prompt of tokens, and gives each token with its likeliest rivals.
 *
 * A stream of llama-server leaves out the tokens before the one that completes a character. So when such a token comes
 * (`isPart`), or the stream ends early, the rest is asked for in blocks of whole answers, which leave out nothing.
 *
 * @throws NodeError `ENGINE_FAILED`, also where the server does not write greedily or names no token ids.
 */
export async function* writtenTokens(
  upstream: Upstream,
  order: CompletionOrder,
  isPart: (id: number) => boolean,
  signal: AbortSignal,
): AsyncGenerator<WrittenToken, never, undefined> {
  const { prompt, limit } = order;
  const written: number[] = [];
  for await (const token of streamed(upstream, order, signal)) {
    if (isPart(token.id)) {
      break;
    }
    written.push(token.id);
    yield token;
  }
  while (written.length < limit) {
    const rest = { ...order, prompt: [...prompt, ...written], limit: Math.min(BLOCK, limit - written.length) };
    const block = await whole(upstream, rest, signal);
    for (const token of block) {
      written.push(token.id);
      yield token;
    }
    if (block.length === 0) {
      break;
    }
  }
  throw new NodeError("ENGINE_FAILED", `The server at ${upstream.url} ended before the text did.`);
}

async function* streamed(upstream: Upstream, order: CompletionOrder, signal: AbortSignal) {
  const body = { ...bodyOf(order), stream: true };
  for await (const event of upstream.stream("/completions", body, signal)) {
    yield* tokensOf(upstream, event);
  }
}

async function whole(upstream: Upstream, order: CompletionOrder, signal: AbortSignal): Promise<WrittenToken[]> {
  try {
    return tokensOf(upstream, await upstream.post("/completions", bodyOf(order), signal));
  } catch (cause) {
    throw cause instanceof UpstreamRefusal ? refused(upstream, cause) : cause;
  }
}

/** A server that refuses tokens that the model surely takes is at fault itself. */
function refused(upstream: Upstream, cause: UpstreamRefusal): NodeError {
  return new NodeError("ENGINE_FAILED", `The server at ${upstream.url} refuses: ${cause.message}`, { cause });
}

/** What would bend the logits is turned off by the names that servers have for it. */
function bodyOf({ model, prompt, limit, candidates }: CompletionOrder) {
  const neutral = { top_p: 1, presence_penalty: 0, frequency_penalty: 0, repeat_penalty: 1, repetition_penalty: 1 };
  const shown = { logprobs: candidates, return_tokens_as_token_ids: true };
  return { model, prompt, max_tokens: limit, temperature: 0, ...neutral, ...shown };
}

function tokensOf(upstream: Upstream, event: unknown): WrittenToken[] {
  const { data: chunk } = chunkSchema.safeParse(event);
  const { text, logprobs } = chunk?.choices[0] ?? {};
  if (chunk === undefined || (text && !logprobs)) {
    const sentence = `The server at ${upstream.url} does not say the ids of tokens: llama-server and vLLM do.`;
    throw new NodeError("ENGINE_FAILED", sentence);
  }
  const told = logprobs ?? { content: [] };
  const tokens =
    "content" in told
      ? told.content.map(({ id, top_logprobs }) =>
          written(
            id,
            top_logprobs.map((one) => [one.id, one.logprob]),
          ),
        )
      : told.tokens.map((name, index) => written(idOf(name), Object.entries(told.top_logprobs[index] ?? {})));
  return tokens.map((token) => requireGreedy(upstream, token));
}

function written(id: number, top: readonly (readonly [number | string, number])[]): WrittenToken {
  return { id, candidates: rank(new Map(top.map(([name, logprob]) => [idOf(name), logprob]))) };
}

function idOf(name: number | string): number {
  return typeof name === "number" ? name : Number(name.slice("token_id:".length));
}

/** A result that was not written greedily would be found false by any court. */
function requireGreedy(upstream: Upstream, token: WrittenToken): WrittenToken {
  const best = token.candidates[0];
  const own = token.candidates.find(({ id }) => id === token.id);
  if (best === undefined || own === undefined || own.logit < best.logit) {
    const sentence = `The server at ${upstream.url} does not take the likeliest token: check its sampling settings.`;
    throw new NodeError("ENGINE_FAILED", sentence, { details: { token: token.id, likeliest: best?.id } });
  }
  return token;
}
