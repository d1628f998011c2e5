import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { PAYMENT_SIGNATURE_HEADER } from "@touchstone/sdk/protocol";
import OpenAI from "openai";
import type { Engine } from "../../../../provider-node/src/engine/engine.ts";
import { createApp } from "../../../../provider-node/src/http/app.ts";
import type { Opener } from "../../../../provider-node/src/http/openai/body.ts";
import { createOffers } from "../../../../provider-node/src/http/openai/offers.ts";
import { type HttpServer, listen } from "../../../../provider-node/src/http/server.ts";
import type { JobDesk } from "../../../../provider-node/src/jobs/desk.ts";
import type { LiveDesk } from "../../../../provider-node/src/live/desk.ts";
import { type LogData, silentLogger } from "../../../../provider-node/src/logger.ts";
import { createMetrics } from "../../../../provider-node/src/metrics.ts";
import { openStore, type Store } from "../../../../provider-node/src/store/store.ts";

const PROVIDER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** Limits of a server under test. */
const LIMITS = {
  host: "127.0.0.1",
  port: 0,
  maxBodyBytes: 2 ** 20,
  maxItems: 3,
  postsPerMinute: 2,
  trustedProxies: 0,
  maxConnections: 2048,
  maxConnectionsPerAddress: 2048,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 10_000,
  refusedCallsPerMinute: 10_000,
  callTimeoutMs: 60_000,
  stalledReaderMs: 30_000,
  slots: 4,
  waiting: 8,
};

/** A server that sells calls, and what it did. */
export interface LiveShop {
  readonly url: string;
  readonly logged: readonly LogData[];
  /** Posts to a path under `/v1`. With a payment unless told otherwise. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The official client, which pays each call with a payment of its own. */
  client(): OpenAI;
  drain(): void;
  close(): Promise<void>;
}

/** A payment that no call had before. */
let payments = 0;
export function nextPayment(): string {
  payments += 1;
  return `payment-${payments}`;
}

export async function openShop(
  desk: LiveDesk,
  engines: readonly Engine[],
  changes: Partial<typeof LIMITS> & { readonly open?: Opener } = {},
): Promise<LiveShop> {
  const limits = { ...LIMITS, ...changes };
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-live-"));
  const identity = { chainId: 31337, market: PROVIDER, provider: PROVIDER } as const;
  const store: Store = await openStore({ dataDir, maxBytes: 2 ** 26, minFreeBytes: 0, ...identity });
  const logged: LogData[] = [];
  const note = (_message: string, data: LogData = {}) => void logged.push(data);
  const logger = { ...silentLogger, debug: note, info: note, warn: note, error: note };
  let isDraining = false;
  const app = createApp({
    settings: limits,
    desk: {} as JobDesk,
    blobs: store.blobs,
    inputs: store.inputs,
    now: () => 1000,
    card: () => {
      throw new Error("a card is not needed here");
    },
    readiness: () => ({ isReady: true, checks: {} }),
    metrics: createMetrics(),
    logger,
    live: {
      ...limits,
      offers: createOffers(engines, limits),
      desk,
      logger,
      now: () => Math.floor(Date.now() / 1000),
      signal: new AbortController().signal,
      prices: () => ({ pricePerItem: 1n, pricePerMillionInputTokens: 2n, pricePerMillionOutputTokens: 3n }),
      refusalsPerMinute: limits.refusedCallsPerMinute,
      isDraining: () => isDraining,
      open: changes.open,
    },
  });
  const server: HttpServer = await listen(app, limits);
  const paid = () => ({ [PAYMENT_SIGNATURE_HEADER]: nextPayment() });
  return {
    url: server.url,
    logged,
    post: (route, body, headers = {}) =>
      fetch(`${server.url}/v1${route}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...paid(), ...headers },
        body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
      }),
    client: () =>
      new OpenAI({
        baseURL: `${server.url}/v1`,
        apiKey: "none",
        maxRetries: 0,
        fetch: (url, init) => {
          const headers = new Headers(init?.headers);
          headers.set(PAYMENT_SIGNATURE_HEADER, nextPayment());
          return fetch(url, { ...init, headers });
        },
      }),
    drain: () => {
      isDraining = true;
    },
    close: async () => {
      await server.close(0);
      store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
