import type { Command } from "commander";
import { buildCard, describeHardware } from "../card.ts";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { requireConfig } from "../config-sources.ts";
import { loadEngines } from "../engine/load.ts";
import { createProver, meterEngine, type ObservedEngine, observeEngine, proveEngine } from "../engine/observe.ts";
import { NodeError } from "../errors.ts";
import { createApp } from "../http/app.ts";
import { type LiveShop, openShop } from "../http/openai/shop.ts";
import type { Readiness } from "../http/operations.ts";
import { type HttpServer, listen } from "../http/server.ts";
import { openKeystore } from "../keystore.ts";
import { accountOf } from "../live/signer.ts";
import { createLogger } from "../log.ts";
import type { Logger } from "../logger.ts";
import { createMetrics, type Metrics } from "../metrics.ts";
import { type RunningNode, startNode } from "../node.ts";
import type { Host } from "./host.ts";
import { existingPassword } from "./password.ts";
import { noteRunning } from "./running.ts";
import { readSettings, withSettings } from "./settings.ts";

/** Answers that are on their way when the node has finished may still arrive. */
const CLOSE_GRACE_MS = 2_000;
/** A chain that was silent for so long is not known any more, whatever it said last. */
const MAX_SILENCE_MS = 60_000;

/** `touchstone start`: runs the node until it is asked to stop. */
export function addStart(program: Command, host: Host, exitAtOnce: number): void {
  withSettings(
    program.command("start").description("run the node; SIGTERM lets it finish, a second one ends it at once"),
  ).action(async (options) => {
    const config = requireConfig(await readSettings(host, options));
    const stop = new AbortController();
    const forget = host.onStopRequest(() => {
      if (stop.signal.aborted) {
        host.exit(exitAtOnce);
      }
      stop.abort(new NodeError("STOPPED", "The node was asked to stop."));
    });
    try {
      await runNode(host, config, stop);
    } finally {
      forget();
    }
  });
}

async function runNode(host: Host, config: Config, stop: AbortController): Promise<void> {
  const logger = createLogger({ ...config, destination: host.stderr, isTerminal: host.isTerminal });
  const account = accountOf(await openKeystore(config.keystore, await existingPassword(host, config)));
  const metrics = createMetrics();
  stop.signal.addEventListener("abort", () => logger.info("stopping", { atMostSeconds: config.drainTimeoutSeconds }));
  const loaded = await loadEngines(config, logger);
  try {
    const engines = loaded.engines.map((engine) => observeEngine(engine, metrics.observeGeneration));
    await Promise.all(engines.map((engine) => proveEngine(engine, stop.signal)));
    const node = await startNode({ config, engines, account, logger, clock: systemClock, signal: stop.signal });
    await serve({ host, config, logger, metrics, engines, node, stop });
  } catch (error) {
    if (!(error instanceof NodeError && error.code === "STOPPED")) {
      throw error;
    }
  } finally {
    await loaded.close();
  }
  logger.info("node stopped");
}

interface Parts {
  readonly host: Host;
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly engines: readonly ObservedEngine[];
  readonly node: RunningNode;
  readonly stop: AbortController;
}

/** Shows a node by HTTP until it has finished. */
async function serve(parts: Parts): Promise<void> {
  const { host, config, logger, node, stop } = parts;
  const over = new AbortController();
  let server: HttpServer;
  try {
    server = await open(parts, over.signal);
  } catch (error) {
    stop.abort(error);
    await node.finished.catch(() => undefined); // The reason that it cannot be reached says more.
    throw error;
  }
  const forget = await noteRunning(host, config, server.url);
  logger.info("http server listens", { url: server.url, publicUrl: config.publicUrl });
  try {
    await node.finished;
  } finally {
    over.abort(new NodeError("STOPPED", "The node has stopped."));
    await forget();
    await server.close(CLOSE_GRACE_MS);
  }
}

async function open(parts: Parts, over: AbortSignal): Promise<HttpServer> {
  const { config, logger, metrics, engines, node } = parts;
  const live = await openLive(parts, over);
  showHealth(metrics, node);
  const hardware = await describeHardware();
  const models = engines.map(({ model: { id, name, contextLength, defaults, engine = "llama.cpp" } }) => {
    return { id, name, contextLength, defaultMaxTokens: defaults.maxTokens, engine };
  });
  const { chainId, owner: terms, meter } = node;
  const upSince = systemClock.unixTime();
  const measured = () => models.map((model) => ({ ...model, measured: meter.of(model.id) }));
  let url = config.publicUrl ?? "";
  const lastSeen = () =>
    readinessOf(node, new Map(engines.map(({ model, problem }) => [model.name, problem() ?? "ok"])));
  const prove = createProver(engines);
  const app = createApp({
    settings: config,
    desk: node.desk,
    owner: node.owner,
    blobs: node.blobs,
    inputs: node.inputs,
    now: () => Math.floor(Date.now() / 1000),
    card: () => {
      const facts = { chainId, url, hardware, models: measured(), terms, upSince, live: live?.card };
      return buildCard(config, { ...facts, isActive: lastSeen().isReady });
    },
    readiness: async () => {
      const problems = await prove();
      return readinessOf(node, new Map(engines.map(({ model: { name } }) => [name, problems.get(name) ?? "ok"])));
    },
    metrics,
    logger,
    live: live?.routes,
  });
  try {
    const server = await listen(app, config);
    url ||= server.url;
    return server;
  } catch (cause) {
    const sentence = `The HTTP server cannot listen on ${config.host}, port ${config.port}: set another \`host\` or \`port\`.`;
    throw new NodeError("CONFIG_INVALID", sentence, { cause });
  }
}

/** Puts the models on sale by the call, if the node sells calls. */
async function openLive(
  { config, engines: observed, logger, node }: Parts,
  signal: AbortSignal,
): Promise<LiveShop | undefined> {
  const { live: desk, batches, owner: terms, meter } = node;
  const engines = observed.map((engine) => meterEngine(engine, meter));
  const isDraining = () => node.health().isDraining;
  return desk && (await openShop({ desk, batches, engines, config, terms, logger, isDraining, signal }));
}

function readinessOf(node: RunningNode, states: ReadonlyMap<string, string>): Readiness {
  const { isSynced, isDraining, silentMs } = node.health();
  const chain = !isSynced ? "catching up" : silentMs > MAX_SILENCE_MS ? "no endpoint answers" : "ok";
  const models = [...states].map(([name, state]) => [`model ${name}`, state]);
  const checks = { chain, draining: isDraining ? "the node takes no new work" : "ok", ...Object.fromEntries(models) };
  return { isReady: Object.values(checks).every((state) => state === "ok"), checks };
}

function showHealth(metrics: Metrics, node: RunningNode): void {
  metrics.gauge("touchstone_chain_head", "Number of the newest block seen", () => node.health().head ?? 0);
  metrics.gauge("touchstone_chain_silence_seconds", "Time since the chain last answered", () => {
    return node.health().silentMs / 1000;
  });
  metrics.gauge("touchstone_store_bytes", "Bytes of all inputs and outputs", () => node.health().usedBytes);
  if (node.health().seat !== undefined) {
    showSeat(metrics, node);
  }
  if (node.live !== undefined) {
    showLive(metrics, node);
  }
  metrics.gauges("touchstone_jobs", "Jobs that are not over", "stage", () => node.health().jobs);
}

function showSeat(metrics: Metrics, node: RunningNode): void {
  const seat = () => node.health().seat;
  metrics.gauge("touchstone_seat", "Number of the seat; zero: its account has none", () => seat()?.seat ?? 0);
  metrics.gauges("touchstone_cases", "Cases that are not over", "phase", () => seat()?.open ?? {});
  metrics.gauges("touchstone_seat_cases", "Cases that this seat judges and that are not over", "phase", () => {
    return seat()?.judging ?? {};
  });
  metrics.gauge("touchstone_seat_credit", "What the seat earned and did not claim yet, token units", () => {
    return Number(seat()?.credit ?? 0n);
  });
}

function showLive(metrics: Metrics, node: RunningNode): void {
  const live = () => node.health().live;
  metrics.gauge("touchstone_live_running", "Live calls that run", () => live()?.running ?? 0);
  metrics.gauge("touchstone_live_channels", "Payment channels in use", () => live()?.channels ?? 0);
  metrics.gauge("touchstone_live_calls", "Live calls charged since the start", () => live()?.calls ?? 0);
  metrics.gauge("touchstone_live_charged", "What live calls were charged since the start, token units", () => {
    return Number(live()?.charged ?? 0n);
  });
  metrics.gauge(
    "touchstone_live_unclaimed",
    "What channels in use owe and the chain does not know yet, token units",
    () => {
      return Number(live()?.unclaimed ?? 0n);
    },
  );
}
