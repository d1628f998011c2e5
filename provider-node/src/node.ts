import path from "node:path";
import pRetry from "p-retry";
import type { Hex, LocalAccount, PublicClient } from "viem";
import { Head } from "./chain/head.ts";
import { MarketReader } from "./chain/market.ts";
import { connect } from "./chain/rpc.ts";
import { Submitter } from "./chain/submitter.ts";
import { Wallet } from "./chain/wallet.ts";
import { watch } from "./chain/watcher.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Engine } from "./engine/engine.ts";
import { isFatal, NodeError } from "./errors.ts";
import type { JobDesk } from "./jobs/desk.ts";
import { Intake } from "./jobs/intake.ts";
import { Judge } from "./jobs/judge.ts";
import { LocalDesk } from "./jobs/local-desk.ts";
import { stageOf } from "./jobs/machine.ts";
import { prune } from "./jobs/pruner.ts";
import { Runner } from "./jobs/runner.ts";
import { Speed } from "./jobs/speed.ts";
import type { Logger } from "./logger.ts";
import type { StageContext } from "./stages/context.ts";
import { downloader } from "./stages/download.ts";
import type { Blobs } from "./store/blobs.ts";
import type { Inputs } from "./store/inputs.ts";
import { openStore, type Store } from "./store/store.ts";

/** What a node takes of the settings. */
export type NodeSettings = Pick<
  Config,
  | "rpcUrls"
  | "market"
  | "provider"
  | "dataDir"
  | "maxBodyBytes"
  | "allowPrivateNetworks"
  | "contextSequences"
  | "pricePerItem"
  | "pricePerMillionInputTokens"
  | "pricePerMillionOutputTokens"
  | "maxItems"
  | "concurrency"
  | "buyers"
  | "quoteValiditySeconds"
  | "settle"
  | "confirmations"
  | "pollIntervalMs"
  | "maxFeePerGas"
  | "stuckBlocks"
  | "drainTimeoutSeconds"
  | "maxStoreBytes"
  | "minFreeDiskBytes"
  | "uploadTtlSeconds"
  | "maxChallengeWindowSeconds"
  | "landingSeconds"
  | "finalityDepth"
  | "lookbackBlocks"
  | "rpcTimeoutMs"
  | "downloadTimeoutMs"
  | "retentionSeconds"
>;

/** What a node is made of. */
export interface NodeOptions {
  readonly config: NodeSettings;
  /** One a model; they stay open when the node stops. */
  readonly engines: readonly Engine[];
  /** The operator's key, or the provider's own. */
  readonly account: LocalAccount;
  readonly logger: Logger;
  readonly clock: Clock;
  /** When it aborts, the node finishes what it has promised and stops. */
  readonly signal: AbortSignal;
}

/** How a node is. */
export interface NodeHealth {
  /** Whether it has caught up with the chain. */
  readonly isSynced: boolean;
  readonly isDraining: boolean;
  /** Number of the newest block. */
  readonly head: number | undefined;
  /** Milliseconds since the chain last answered. */
  readonly silentMs: number;
  /** Bytes of all blobs. */
  readonly usedBytes: number;
  /** Jobs that are not over, by stage. */
  readonly jobs: Readonly<Record<string, number>>;
}

/** A node that runs. */
export interface RunningNode {
  readonly chainId: number;
  readonly desk: JobDesk;
  readonly blobs: Blobs;
  readonly inputs: Inputs;
  health(): NodeHealth;
  /** Resolves when the node has stopped after its signal; rejects with the fatal error that stopped it. */
  readonly finished: Promise<void>;
}

const MAX_CONTACT_DELAY_MS = 10_000;
const PRUNE_INTERVAL_MS = 60_000;

/**
 * Starts a node: store, chain, stages, desk. It serves no HTTP; who starts it shows the desk, the blobs and the inputs.
 *
 * @throws NodeError `MARKET_MISSING`, `NOT_OPERATOR`, and those of the store.
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { config, account, logger, signal } = options;
  const { rpcUrls, rpcTimeoutMs: timeoutMs, market, provider } = config;
  const client = connect({ rpcUrls, timeoutMs });
  const reader = new MarketReader({ client, market, provider, operator: account.address });
  const chainId = await firstContact(client, reader, options);
  const store = await openStore({
    chainId,
    market,
    provider,
    dataDir: path.join(config.dataDir, "store"),
    maxBytes: config.maxStoreBytes,
    minFreeBytes: config.minFreeDiskBytes,
  });
  const node = assemble(options, { client, chainId, store, reader });
  logger.info("node started", { chainId, market, provider, operator: account.address });
  return {
    chainId,
    desk: node.desk,
    blobs: store.blobs,
    inputs: store.inputs,
    health: () => healthOf(node, signal),
    finished: live(options, node),
  };
}

/** Waits for the chain, and makes sure that it is the one the settings mean. */
async function firstContact(client: PublicClient, reader: MarketReader, options: NodeOptions): Promise<number> {
  const { config, account, logger, signal } = options;
  const reach = async () => {
    const [chainId, isDeployed] = await Promise.all([client.getChainId(), reader.isDeployed()]);
    return { chainId, isOperator: isDeployed ? await reader.isOperator() : undefined };
  };
  const { chainId, isOperator } = await pRetry(reach, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: config.pollIntervalMs,
    maxTimeout: MAX_CONTACT_DELAY_MS,
    signal,
    onFailedAttempt: ({ error, attemptNumber }) => logger.warn("chain not reachable yet", { attemptNumber, error }),
  });
  const { market, provider } = config;
  if (isOperator === undefined) {
    const sentence = `There is no contract at ${market} on chain ${chainId}. Check \`market\` and \`rpcUrls\`.`;
    throw new NodeError("MARKET_MISSING", sentence, { details: { market, chainId } });
  }
  if (!isOperator) {
    const sentence = `The key ${account.address} may not act for ${provider}. The provider names it by \`setOperator\`.`;
    throw new NodeError("NOT_OPERATOR", sentence, { details: { provider, operator: account.address } });
  }
  return chainId;
}

interface Basis {
  readonly client: PublicClient;
  readonly chainId: number;
  readonly store: Store;
  readonly reader: MarketReader;
}

/** The parts of a node, wired. */
interface Parts extends Basis {
  readonly head: Head;
  readonly speed: Speed;
  readonly submitter: Submitter;
  readonly runner: Runner;
  readonly desk: JobDesk;
  /** Ends all work at once. */
  readonly stop: AbortController;
}

function assemble(options: NodeOptions, basis: Basis): Parts {
  const { config, account, clock, logger, signal: drain } = options;
  const { chainId, store, reader } = basis;
  const { market, provider, confirmations, pollIntervalMs } = config;
  const stop = new AbortController();
  const head = new Head(clock, store.blocks.all().at(-1));
  const speed = new Speed();
  const engines = new Map<Hex, Engine>(options.engines.map((engine) => [engine.model.id, engine]));
  const wallet = new Wallet(basis.client, chainId, account);
  const sending = { wallet, intents: store.intents, clock, logger, signal: stop.signal };
  const submitter = new Submitter({ ...config, ...sending });
  const settings = {
    ...config,
    maxChallengeWindow: config.maxChallengeWindowSeconds,
    maxEngaged: 2 * config.concurrency,
  };
  const judge = new Judge({ settings, store, market: reader, engines, speed, head, isDraining: () => drain.aborted });
  const context: StageContext = {
    market,
    provider,
    store,
    view: reader,
    submitter,
    engines,
    parallelItems: config.contextSequences,
    download: downloader({ ...config, timeoutMs: config.downloadTimeoutMs }),
    maxRequestBytes: config.maxBodyBytes,
    landingSeconds: config.landingSeconds,
    now: () => head.now(),
    onGenerated: (model, tokens, seconds) => speed.note(model, tokens, seconds),
    clock,
    logger,
    signal: stop.signal,
  };
  const intake = new Intake({ chainId, market, provider, models: new Set(engines.keys()), store, head, logger });
  const working = { concurrency: config.concurrency, confirmations, settles: config.settle, pollIntervalMs };
  const runner = new Runner({ ...working, context, intake, judge, head, clock, logger, drain });
  const desk = new LocalDesk({
    reference: { chainId, market },
    account,
    store,
    market: reader,
    engines,
    judge,
    head,
    quoteValiditySeconds: config.quoteValiditySeconds,
    moment: () => runner.moment(),
    onWork: () => runner.pump(),
  });
  return { ...basis, head, speed, submitter, runner, desk, stop };
}

/** The whole life of a node: it ends when it has drained, when draining takes too long, or by a fatal error. */
async function live(options: NodeOptions, node: Parts): Promise<void> {
  const { config, clock, logger, signal: drain } = options;
  const { client, store, head, submitter, runner, stop } = node;
  const { market, lookbackBlocks, finalityDepth, pollIntervalMs } = config;
  const habits = { lookbackBlocks, finalityDepth, pollIntervalMs, onLook: (newest: number) => head.noteLook(newest) };
  const watching = { client, market, known: store.blocks.all(), ...habits };
  const hurry = () => void endAfter(config.drainTimeoutSeconds * 1000, options, stop);
  drain.addEventListener("abort", hurry, { once: true });
  try {
    await warmUp(options, node);
    submitter.resume();
    const housekeeping = keepHouse(options, node);
    await Promise.race([runner.run(watch({ ...watching, clock, logger, signal: stop.signal })), housekeeping]);
    logger.info("node drained");
  } catch (error) {
    if (!(error instanceof NodeError && error.code === "STOPPED")) {
      throw error;
    }
    logger.warn("node stopped before all was done", { error });
  } finally {
    drain.removeEventListener("abort", hurry);
    stop.abort(new NodeError("STOPPED", "The node has stopped."));
    await runner.idle();
    store.close();
  }
}

async function warmUp({ engines, clock, logger }: NodeOptions, { speed, stop }: Parts): Promise<void> {
  for (const engine of engines) {
    await speed.warmUp(engine, clock, stop.signal);
    const { id: model, name } = engine.model;
    logger.info("model warm", { model, name, tokensPerSecond: Math.round(speed.of(model)) });
  }
}

/** Prunes now and then; never resolves. */
async function keepHouse(options: NodeOptions, { store, head, stop }: Parts): Promise<never> {
  const { config, clock, logger } = options;
  const kept = { uploadTtl: config.uploadTtlSeconds, retention: config.retentionSeconds };
  for (;;) {
    await clock.sleep(PRUNE_INTERVAL_MS, stop.signal);
    if (head.isSynced) {
      await prune({ ...kept, store, clock, now: () => head.now(), logger }).catch((error: unknown) => {
        if (isFatal(error)) {
          throw error;
        }
        logger.warn("pruning failed", { error });
      });
    }
  }
}

async function endAfter(ms: number, { clock }: NodeOptions, stop: AbortController): Promise<void> {
  try {
    await clock.sleep(ms, stop.signal);
    stop.abort(new NodeError("STOPPED", "Draining took too long. What is left goes on after the next start."));
  } catch {
    // The node drained in time.
  }
}

function healthOf({ store, head, runner }: Parts, drain: AbortSignal): NodeHealth {
  const jobs: Record<string, number> = {};
  if (head.block !== undefined) {
    const moment = runner.moment();
    for (const { state, spec } of store.jobs.active()) {
      const stage = stageOf(state, spec, moment);
      jobs[stage] = (jobs[stage] ?? 0) + 1;
    }
  }
  return {
    isSynced: head.isSynced,
    isDraining: drain.aborted,
    head: head.block?.number,
    silentMs: head.silentMs,
    usedBytes: store.blobs.usedBytes,
    jobs,
  };
}
