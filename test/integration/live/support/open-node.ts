import type { CardLive } from "@touchstone/sdk/protocol";
import type { Engine } from "../../../../provider-node/src/engine/engine.ts";
import { createApp } from "../../../../provider-node/src/http/app.ts";
import { openShop, type ShopSettings } from "../../../../provider-node/src/http/openai/shop.ts";
import { listen } from "../../../../provider-node/src/http/server.ts";
import { silentLogger } from "../../../../provider-node/src/logger.ts";
import { createMetrics } from "../../../../provider-node/src/metrics.ts";
import type { NodeUnderTest } from "../../node/support/running.ts";

const SERVER = {
  host: "127.0.0.1",
  port: 0,
  postsPerMinute: 1_000,
  trustedProxies: 0,
  maxConnections: 2_048,
  maxConnectionsPerAddress: 2_048,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 30_000,
  queuedCallsPerSlot: 2,
  callTimeoutMs: 60_000,
  stalledReaderMs: 30_000,
  refusedCallsPerMinute: 10_000,
  maxBatches: 2,
  batchSeconds: 3_600,
};

/** Settings of a node as it is shown by HTTP. */
export type OpenSettings = Omit<ShopSettings, keyof typeof SERVER>;

/** A node that sells calls by HTTP. */
export interface OpenNode {
  readonly url: string;
  /** What its card says of live calls. */
  readonly card: CardLive;
  close(): Promise<void>;
}

/** Shows a node by HTTP as `touchstone start` does. */
export async function openNode(
  node: NodeUnderTest,
  engines: readonly Engine[],
  settings: OpenSettings,
  changes: Partial<typeof SERVER> = {},
): Promise<OpenNode> {
  const config = { ...settings, ...SERVER, ...changes };
  const over = new AbortController();
  const isDraining = () => node.health().isDraining;
  const parts = {
    desk: node.live!,
    batches: node.batches,
    engines,
    config,
    terms: node.owner,
    logger: silentLogger,
    isDraining,
    signal: over.signal,
  };
  const { routes, card } = await openShop(parts);
  const app = createApp({
    settings: config,
    desk: node.desk,
    blobs: node.blobs,
    inputs: node.inputs,
    now: () => Math.floor(Date.now() / 1000),
    card: () => {
      throw new Error("a card is not needed here");
    },
    readiness: () => ({ isReady: true, checks: {} }),
    metrics: createMetrics(),
    logger: silentLogger,
    live: routes,
  });
  const server = await listen(app, config);
  return {
    url: server.url,
    card,
    close: async () => {
      over.abort(new Error("over"));
      await server.close(0);
    },
  };
}
