// A node that sells calls of an instant engine, in a process of its own, steered by messages from the bench.
import { readdirSync, statSync } from "node:fs";
import { Session } from "node:inspector/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildCard } from "../../../provider-node/src/card.ts";
import { systemClock } from "../../../provider-node/src/clock.ts";
import type { Config } from "../../../provider-node/src/config.ts";
import { createApp } from "../../../provider-node/src/http/app.ts";
import { openShop } from "../../../provider-node/src/http/openai/shop.ts";
import { listen } from "../../../provider-node/src/http/server.ts";
import { accountOf } from "../../../provider-node/src/live/signer.ts";
import { silentLogger } from "../../../provider-node/src/logger.ts";
import { createMetrics } from "../../../provider-node/src/metrics.ts";
import { type RunningNode, startNode } from "../../../provider-node/src/node.ts";
import { developmentAccount } from "../../network/chain.ts";
import { privateKeyOf } from "../../network/node-files.ts";
import { serveBare } from "./bare.ts";
import { fastClock } from "./clock.ts";
import { InstantEngine } from "./instant-engine.ts";
import { sellerConfig } from "./seller-config.ts";
import type { SellerSettings, ToSeller, Vitals } from "./seller-process.ts";

const SAMPLE_MICROS = 200;

const session = new Session();
let seller: { readonly node: RunningNode; readonly settings: SellerSettings };

async function start(settings: SellerSettings): Promise<object> {
  const { speed, operatorIndex } = settings;
  const config = sellerConfig(settings);
  const engine = new InstantEngine(settings.engine);
  const clock = speed === undefined ? systemClock : fastClock(speed);
  const { signal } = new AbortController();
  const account = accountOf(privateKeyOf(developmentAccount(operatorIndex)));
  const node = await startNode({ config, engines: [engine], account, logger: silentLogger, clock, signal });
  seller = { node, settings };
  while (!node.health().isSynced) {
    await sleep(20);
  }
  return await show(node, engine, config, signal);
}

/** As `touchstone start` does. */
async function show(node: RunningNode, engine: InstantEngine, config: Config, signal: AbortSignal): Promise<object> {
  const desk = node.live;
  if (desk === undefined) {
    throw new Error("The node sells no calls.");
  }
  const parts = {
    desk,
    engines: [engine],
    config,
    logger: silentLogger,
    terms: node.owner,
    isDraining: () => false,
    signal,
  };
  const { routes, card } = await openShop(parts);
  const { id, name, contextLength, defaults } = engine.model;
  const models = [{ id, name, contextLength, defaultMaxTokens: defaults.maxTokens }];
  const { chainId } = node;
  let url = "";
  const app = createApp({
    settings: config,
    desk: node.desk,
    blobs: node.blobs,
    inputs: node.inputs,
    now: () => Math.floor(Date.now() / 1000),
    card: () =>
      buildCard(config, { chainId, url, hardware: "none", models, isActive: true, terms: node.owner, live: card }),
    readiness: () => ({ isReady: true, checks: {} }),
    metrics: createMetrics(),
    logger: silentLogger,
    live: routes,
  });
  const server = await listen(app, config);
  url = server.url;
  return { url, bareUrl: await serveBare(engine), model: id, card };
}

async function vitals(collects: boolean): Promise<Vitals> {
  if (collects) {
    for (let turn = 0; turn < 3; turn++) {
      globalThis.gc?.();
      await sleep(20);
    }
  }
  const { node, settings } = seller;
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const store = path.join(settings.dataDir, "store");
  const files = readdirSync(store).filter((file) => file.startsWith("node.sqlite"));
  const databaseBytes = files.reduce((sum, file) => sum + statSync(path.join(store, file)).size, 0);
  const { live, usedBytes: keptBytes } = node.health();
  const { channels = 0, running = 0, calls = 0 } = live ?? {};
  const handles = process.getActiveResourcesInfo().length;
  const memory = { rss, heapUsed, external, cpuMicros: user + system };
  return { ...memory, handles, databaseBytes, keptBytes, channels, running, calls };
}

async function answer(message: ToSeller): Promise<unknown> {
  switch (message.type) {
    case "start":
      return await start(message.settings);
    case "vitals":
      return await vitals(message.collects);
    case "profile":
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_MICROS });
      await session.post("Profiler.start");
      return true;
    default: {
      const { profile } = await session.post("Profiler.stop");
      session.disconnect();
      return profile;
    }
  }
}

process.once("disconnect", () => process.exit());
process.on("message", (message: ToSeller) => {
  answer(message).then(
    (said) => process.send?.(said),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
