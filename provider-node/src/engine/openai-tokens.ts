import { canonicalBytes } from "@touchstone/sdk/protocol";
import { z } from "zod";
import { type Upstream, UpstreamRefusal } from "./openai-client.ts";

/** Bytes of template that servers put around a chat and around each message, at most. */
const AROUND_CHAT = 512;
const AROUND_MESSAGE = 64;

/** Tokens of a prompt. */
export interface PromptCount {
  readonly tokens: number;
  /** Whether the server counted; otherwise it has no more than these. */
  readonly isExact: boolean;
}

/** What is counted of a chat: its messages, and what else the template may write out, such as tools. */
export type ChatBody = Readonly<Record<string, unknown>> & { readonly messages: readonly unknown[] };

/** Counts the tokens of a chat's prompt. */
export type PromptCounter = (body: ChatBody, signal: AbortSignal) => Promise<PromptCount>;

const countSchema = z.object({ count: z.int().nonnegative() });
const promptSchema = z.object({ prompt: z.string() });
const tokensSchema = z.object({ tokens: z.array(z.unknown()) });

const HELLO: ChatBody = { messages: [{ role: "user", content: "Hello" }] };

/** The best way in which a server counts: vLLM's or llama-server's own routes, or else no more tokens than bytes. */
export async function choosePromptCounter(upstream: Upstream, model: string): Promise<PromptCounter> {
  const { signal } = new AbortController(); // The server's own timeout is enough.
  for (const count of [countOfVllm(upstream, model), countOfLlamaServer(upstream)]) {
    const counted = await count(HELLO, signal).catch(() => undefined);
    if (counted !== undefined && counted.tokens > 0) {
      return (body, until) => count(body, until).catch((error: unknown) => orBytes(error, body));
    }
  }
  return (body) => Promise.resolve(countOfBytes(body));
}

/** A chat that the template refuses is counted by its bytes: the answer to it says why. */
function orBytes(error: unknown, body: ChatBody): PromptCount {
  if (error instanceof UpstreamRefusal) {
    return countOfBytes(body);
  }
  throw error;
}

function countOfVllm(upstream: Upstream, model: string): PromptCounter {
  return async (body, signal) => {
    const answer = await upstream.post("/../tokenize", { ...body, model, add_generation_prompt: true }, signal);
    return { tokens: countSchema.parse(answer).count, isExact: true };
  };
}

function countOfLlamaServer(upstream: Upstream): PromptCounter {
  return async (body, signal) => {
    const { prompt } = promptSchema.parse(await upstream.post("/../apply-template", body, signal));
    const asked = { content: prompt, add_special: true, parse_special: true };
    const { tokens } = tokensSchema.parse(await upstream.post("/../tokenize", asked, signal));
    return { tokens: tokens.length, isExact: true };
  };
}

/** No tokenizer makes more tokens of a text than it has bytes. */
export function countOfBytes(body: ChatBody): PromptCount {
  const tokens = canonicalBytes(body).length + AROUND_CHAT + AROUND_MESSAGE * body.messages.length;
  return { tokens, isExact: false };
}
