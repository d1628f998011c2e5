import { createTouchstoneFetch, type TouchstoneFetch, type TouchstoneFetchParameters } from "@touchstone/sdk";
import OpenAI from "openai";
import type { World } from "../../node/support/world.ts";

export const MESSAGES = [{ role: "user" as const, content: "Tell a story" }];

/** What a buyer may differ by. */
export type BuyerWishes = Partial<TouchstoneFetchParameters> & { readonly maxRetries?: number };

/** Opens clients of the world's buyer, each with channels of its own unless it is named. */
export class Buyers {
  readonly #world: World;
  readonly #open: TouchstoneFetch[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  open({ maxRetries = 0, ...wishes }: BuyerWishes = {}) {
    const { buyer, chain, market } = this.#world;
    const fetch = createTouchstoneFetch({
      wallet: buyer,
      rpcUrl: chain.rpcUrl,
      market,
      budget: { total: 100_000n },
      onError: process.env.TEST_LOG === undefined ? undefined : console.error,
      name: `buyer ${this.#open.length} of ${Math.random()}`,
      ...wishes,
      policy: { exploration: 0, ...wishes.policy },
    });
    this.#open.push(fetch);
    const openai = new OpenAI({ baseURL: "https://touchstone.invalid/v1", apiKey: "none", fetch, maxRetries });
    return { fetch, openai };
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((fetch) => fetch.close()));
  }
}

/** All that a stream of the official client brings. */
export async function textOf(stream: AsyncIterable<OpenAI.ChatCompletionChunk>) {
  let text = "";
  let usage: OpenAI.CompletionUsage | undefined;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    usage = chunk.usage ?? usage;
  }
  return { text, usage };
}
