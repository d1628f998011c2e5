import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import OpenAI from "openai";
import type { FallbackOptions } from "../../../gateway/src/index.ts";
import { chat, type LocalServer, sendJson, startServer, startTestGateway, type TestGateway } from "./gateway.ts";

const DAY = 86_400;

/** A gateway in front of a seller and of a hosted endpoint, whose answers a test decides. */
export class GatewayBench {
  readonly seller: LocalServer;
  readonly hosted: LocalServer;
  readonly fallback: FallbackOptions;
  gateway!: TestGateway;
  /** Unix seconds. */
  now = 1_800_000_000;

  private constructor(seller: LocalServer, hosted: LocalServer) {
    this.seller = seller;
    this.hosted = hosted;
    this.fallback = {
      url: `${hosted.url}/v1`,
      apiKey: "sk-hosted",
      models: { storyteller: "gpt-hosted", "only-hosted": "gpt-other" },
      when: "always-after-failure",
      pricePerMillionInputTokens: 1_000_000n,
      pricePerMillionOutputTokens: 2_000_000n,
    };
  }

  static async start(): Promise<GatewayBench> {
    const seller = await startServer((_asked, response) => sendJson(response, 200, chat("A fox slept.")));
    const hosted = await startServer((_asked, response) => sendJson(response, 200, chat("A hosted fox.")));
    const bench = new GatewayBench(seller, hosted);
    bench.gateway = await startTestGateway(seller, {
      fallback: bench.fallback,
      now: () => bench.now,
      limits: { maxBodyBytes: 4_096, maxFileBytes: 10_000, maxCalls: 4, bodyTimeoutMs: 500 },
    });
    return bench;
  }

  /** Another day, on which all answer again and nobody has asked. */
  rest(): void {
    const { seller, hosted } = this;
    this.now += DAY;
    seller.answer = (_asked, response) => sendJson(response, 200, chat("A fox slept."));
    hosted.answer = (_asked, response) => sendJson(response, 200, chat("A hosted fox."));
    seller.asked.length = 0;
    hosted.asked.length = 0;
    seller.left = 0;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.seller.stop();
    await this.hosted.stop();
  }

  newKey(limits = {}) {
    return this.gateway.keys.add("tester", limits, this.now);
  }

  client(apiKey = this.newKey().key): OpenAI {
    return new OpenAI({ baseURL: `${this.gateway.url}/v1`, apiKey, maxRetries: 0 });
  }

  post(body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
    const authorization = `Bearer ${this.newKey().key}`;
    const init = { method: "POST", headers: { "content-type": "application/json", authorization, ...headers }, body };
    return fetch(`${this.gateway.url}/v1/chat/completions`, init);
  }
}

/** Waits for what must come about soon. */
export async function soon(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !holds() && Date.now() < end; await sleep(10)) {}
  expect(holds()).to.equal(true);
}
