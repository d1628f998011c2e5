import path from "node:path";
import { assemble, type NodeOptions, type Parts } from "./assembly.ts";
import { MarketReader } from "./chain/market.ts";
import { connect } from "./chain/rpc.ts";
import { watch } from "./chain/watcher.ts";
import { firstContact } from "./contact.ts";
import { isFatal, NodeError } from "./errors.ts";
import type { JobDesk } from "./jobs/desk.ts";
import { prune } from "./jobs/pruner.ts";
import { stageOf } from "./jobs/stage-of.ts";
import type { BatchBook } from "./live/batch-book.ts";
import type { LiveDesk } from "./live/desk.ts";
import type { LaneHealth } from "./live/lane.ts";
import type { Meter } from "./meter.ts";
import type { OwnerDesk } from "./owner/owner-desk.ts";
import type { SeatHealth } from "./seats/seat.ts";
import type { Blobs } from "./store/blobs.ts";
import type { Inputs } from "./store/inputs.ts";
import { openStore } from "./store/store.ts";

/** How a node is. */
export interface NodeHealth {
  /** Whether it has caught up with the chain. */
  readonly isSynced: boolean;
  readonly isDraining: boolean;
  /** Number of the newest block. */
  readonly head: number | undefined;
  /** Milliseconds since the chain last answered. */
  readonly silentMs: number;
  /** Bytes of all that is kept for others. */
  readonly usedBytes: number;
  /** Jobs that are not over, by stage. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Of a node with a seat. */
  readonly seat?: SeatHealth | undefined;
  /** Of a node that sells live calls. */
  readonly live?: LaneHealth | undefined;
}

/** A node that runs. */
export interface RunningNode {
  readonly chainId: number;
  readonly desk: JobDesk;
  /** Takes the instructions of the provider's owner, and says what holds. */
  readonly owner: OwnerDesk;
  /** Sells live calls; nothing where the node sells none. */
  readonly live: LiveDesk | undefined;
  /** Files and batches of live calls; nothing where the node sells none. */
  readonly batches: BatchBook | undefined;
  /** How fast models were for buyers. */
  readonly meter: Meter;
  readonly blobs: Blobs;
  readonly inputs: Inputs;
  health(): NodeHealth;
  /** Resolves when the node has stopped after its signal; rejects with the fatal error that stopped it. */
  readonly finished: Promise<void>;
}

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
  const { chainId, court, token } = await firstContact(client, reader, options);
  const store = await openStore({
    chainId,
    market,
    provider,
    dataDir: path.join(config.dataDir, "store"),
    maxBytes: config.maxStoreBytes,
    minFreeBytes: config.minFreeDiskBytes,
  });
  const node = assemble(options, { client, chainId, store, reader, court, token });
  logger.info("node started", { chainId, market, provider, operator: account.address });
  return {
    chainId,
    desk: node.desk,
    owner: node.owner,
    meter: node.meter,
    live: node.lane?.desk,
    batches: node.lane?.batches,
    blobs: store.blobs,
    inputs: store.inputs,
    health: () => healthOf(node, signal),
    finished: live(options, node),
  };
}

/** The whole life of a node: it ends when it has drained, when draining takes too long, or by a fatal error. */
async function live(options: NodeOptions, node: Parts): Promise<void> {
  const { config, clock, logger, signal: drain } = options;
  const { client, store, head, submitter, runner, seat, lane, stop, court } = node;
  const { market, lookbackBlocks, finalityDepth, pollIntervalMs } = config;
  const habits = { lookbackBlocks, finalityDepth, pollIntervalMs, onLook: (newest: number) => head.noteLook(newest) };
  const watching = { client, market, court: court?.reader.address, known: store.blocks.all(), ...habits };
  const hurry = () => void endAfter(config.drainTimeoutSeconds * 1000, options, stop);
  drain.addEventListener("abort", hurry, { once: true });
  try {
    await warmUp(options, node);
    submitter.resume();
    const housekeeping = keepHouse(options, node);
    const events = watch({ ...watching, clock, logger, signal: stop.signal });
    await Promise.race([Promise.all([runner.run(events), seat?.run(), lane?.run()]), housekeeping]);
    logger.info("node drained");
  } catch (error) {
    if (!(error instanceof NodeError && error.code === "STOPPED")) {
      throw error;
    }
    logger.warn("node stopped before all was done", { error });
  } finally {
    drain.removeEventListener("abort", hurry);
    stop.abort(new NodeError("STOPPED", "The node has stopped."));
    await Promise.all([runner.idle(), seat?.idle(), lane?.idle()]);
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
async function keepHouse(options: NodeOptions, { store, head, seat, lane, stop }: Parts): Promise<never> {
  const { config, clock, logger } = options;
  const kept = { uploadTtl: config.uploadTtlSeconds, retention: config.retentionSeconds };
  for (;;) {
    await clock.sleep(PRUNE_INTERVAL_MS, stop.signal);
    if (head.isSynced) {
      const pruning = prune({ ...kept, store, clock, now: () => head.now(), logger })
        .then(() => seat?.tidy())
        .then(() => lane?.tidy());
      await pruning.catch((error: unknown) => {
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

function healthOf({ store, head, runner, seat, lane }: Parts, drain: AbortSignal): NodeHealth {
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
    usedBytes: store.usedBytes,
    jobs,
    seat: seat?.health(),
    live: lane?.health(),
  };
}
