import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ListedProvider } from "@touchstone/sdk";
import { expect } from "chai";
import OpenAI from "openai";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { JobLane } from "../../../gateway/src/batches/job-lane.ts";
import { JobResults } from "../../../gateway/src/batches/results.ts";
import { BatchWorker } from "../../../gateway/src/batches/worker.ts";
import { createApp } from "../../../gateway/src/http/app.ts";
import { listen } from "../../../gateway/src/http/server.ts";
import { type FallbackOptions, GATEWAY_DEFAULTS, type GatewayLimits } from "../../../gateway/src/index.ts";
import { Catalogue } from "../../../gateway/src/live/catalogue.ts";
import { FallbackUpstream } from "../../../gateway/src/live/fallback.ts";
import { type MarketFetch, MarketUpstream, PaidCalls } from "../../../gateway/src/live/market.ts";
import { watched } from "../../../gateway/src/live/watched.ts";
import { WithFallback } from "../../../gateway/src/live/with-fallback.ts";
import { silentLogger } from "../../../gateway/src/logger.ts";
import { Meter } from "../../../gateway/src/meter.ts";
import { openStore } from "../../../gateway/src/store/store.ts";

export const SELLER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
export const COST = 40n;

/** A request to a local server, its body read. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
  readonly bytes: string;
}

/** What a local server does with a request. */
export type Answer = (asked: Asked, response: ServerResponse) => void | Promise<void>;

/** A server that answers as it is told to, over HTTP. */
export interface LocalServer {
  readonly url: string;
  answer: Answer;
  readonly asked: Asked[];
  /** Requests whose client was gone before the end. */
  left: number;
  stop(): Promise<void>;
}

export async function startServer(answer: Answer): Promise<LocalServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const bytes = Buffer.concat(chunks).toString();
    const asked = { path: request.url ?? "", headers: request.headers, body: JSON.parse(bytes || "{}"), bytes };
    local.asked.push(asked);
    response.once("close", () => {
      local.left += response.writableFinished ? 0 : 1;
    });
    await local.answer(asked, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const local: LocalServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer,
    asked: [],
    left: 0,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return local;
}

/** The error that a promise is refused with. */
export async function refusal(promise: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await Promise.resolve(promise).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(OpenAI.APIError);
  return error as InstanceType<typeof OpenAI.APIError>;
}

/** Sends JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** A whole chat answer. */
export function chat(content: string) {
  const choice = { index: 0, message: { role: "assistant", content }, finish_reason: "stop", logprobs: null };
  const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
  return { id: "chatcmpl-1", object: "chat.completion", created: 1, model: "storyteller", choices: [choice], usage };
}

/** One server-sent chunk of a chat. */
export function chunk(content: string, more: Record<string, unknown> = {}): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "storyteller" };
  return `data: ${JSON.stringify({ ...head, choices, ...more })}\n\n`;
}

export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>;

/**
 * The gateway's HTTP side over a real store, in front of a seller on this machine that is paid {@link COST} a call. There is no chain:
 * what buys here is tested elsewhere.
 */
export async function startTestGateway(
  seller: LocalServer,
  options: {
    readonly fallback?: FallbackOptions;
    readonly limits?: Partial<GatewayLimits>;
    now?: () => number;
  } = {},
) {
  const dataDir = await mkdtemp(path.join(tmpdir(), "touchstone-gateway-http-"));
  const limits = { ...GATEWAY_DEFAULTS, port: 0, ...options.limits };
  const now = options.now ?? (() => Math.floor(Date.now() / 1000));
  const store = await openStore(dataDir, limits);
  const catalogue = new Catalogue(() => Promise.resolve([listed(seller)]));
  const paid = new PaidCalls();
  const market = new MarketUpstream({ fetch: payFor(seller, paid), paid, catalogue });
  const { fallback } = options;
  const hosted = fallback && new FallbackUpstream(fallback);
  const upstream = fallback && hosted ? new WithFallback(market, hosted, fallback.when) : market;
  const { batches, keys, spending, files } = store;
  const market_ = `0x${"11".repeat(20)}` as const;
  const account = privateKeyToAccount(generatePrivateKey());
  const lane = new JobLane({ account, rpcUrls: ["http://127.0.0.1:1"], market: market_, pollIntervalMs: 50 });
  const results = new JobResults(path.join(dataDir, "batches"));
  const worker = new BatchWorker({
    ...{ lane, catalogue, batches, keys, spending, results, files, logger: silentLogger, now, bounds: limits },
    ...{ maxPricePerJob: limits.maxPricePerJob, retryMs: 50, isSealed: false },
  });
  const app = createApp({
    ...{
      ...store,
      upstream,
      catalogue,
      worker,
      limits,
      now,
      logger: silentLogger,
      meter: new Meter(),
      startedAt: now(),
    },
    token: { symbol: "USDC", decimals: 6 },
    fallbackModels: Object.keys(fallback?.models ?? {}),
    isInUse: () => false,
  });
  const server = await listen(app, limits);
  return {
    ...store,
    url: server.url,
    async close() {
      await Promise.all([server.close(0), worker.close()]);
      store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What `createTouchstoneFetch` gives, with a price of its own and no payments. */
function payFor(seller: LocalServer, paid: PaidCalls): MarketFetch {
  return async (url, init) => {
    const callId = new Headers(init.headers).get("touchstone-call-id") ?? undefined;
    const answer = await fetch(`${seller.url}${new URL(url).pathname}`, init);
    if (!answer.ok) {
      return answer;
    }
    let isOver = false;
    const tell = () => {
      if (!isOver) {
        isOver = true;
        const tokens = { promptTokens: 5, completionTokens: 3 };
        paid.tell({ callId, provider: SELLER, amount: COST, ...tokens, envelope: {}, faults: [], isCut: false });
      }
    };
    const headers = new Headers(answer.headers);
    headers.set("touchstone-provider", SELLER);
    return new Response(watched(answer.body, tell), { status: answer.status, headers });
  };
}

function listed(seller: LocalServer): ListedProvider {
  const model = {
    ...{ id: `0x${"22".repeat(32)}`, name: "storyteller", contextLength: 2048 },
    ...{ pricePerItem: "10", pricePerMillionInputTokens: "1000000", pricePerMillionOutputTokens: "1000000" },
  };
  const card = { name: "Aurora", touchstone: { region: "eu-north", models: [model] } };
  return { provider: SELLER, endpoint: seller.url, card, offer: undefined } as unknown as ListedProvider;
}
