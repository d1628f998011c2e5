import path from "node:path";
import type { LocalAccount } from "viem";
import type { NodeSettings } from "../../../../provider-node/src/assembly.ts";
import { systemClock } from "../../../../provider-node/src/clock.ts";
import type { Engine } from "../../../../provider-node/src/engine/engine.ts";
import type { LogData, Logger } from "../../../../provider-node/src/logger.ts";
import { type RunningNode, startNode } from "../../../../provider-node/src/node.ts";
import type { World } from "./world.ts";

/** Settings that suit a fast chain. */
export function settingsFor(world: World, name = "node"): NodeSettings {
  return {
    rpcUrls: [world.chain.rpcUrl],
    market: world.market,
    provider: world.provider.address,
    seat: undefined,
    serve: true,
    choreJitterSeconds: 0,
    claimIntervalSeconds: 0,
    dataDir: path.join(world.folder, name),
    maxBodyBytes: 1_048_576,
    allowPrivateNetworks: true,
    contextSequences: 2,
    pricePerItem: 100n,
    pricePerMillionInputTokens: 1_000n,
    pricePerMillionOutputTokens: 1_000n,
    maxItems: 100,
    concurrency: 2,
    buyers: [],
    quoteValiditySeconds: 60,
    settle: true,
    confirmations: 1,
    pollIntervalMs: 50,
    maxFeePerGas: 200_000_000_000n,
    stuckBlocks: 3,
    drainTimeoutSeconds: 20,
    maxStoreBytes: 100_000_000,
    minFreeDiskBytes: 0,
    uploadTtlSeconds: 3_600,
    maxChallengeWindowSeconds: 3_600,
    landingSeconds: 5,
    finalityDepth: 50,
    lookbackBlocks: 1_000,
    rpcTimeoutMs: 2_000,
    downloadTimeoutMs: 5_000,
    retentionSeconds: 3_600,
    live: false,
    claimValue: 1_000_000n,
    claimAgeSeconds: 3_600,
    channelPollSeconds: 1,
    minDeposit: 10_000n,
    minExactPayment: 1_000n,
    withdrawDelaySeconds: 86_400,
  };
}

/** One line that a node logged. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly data: LogData;
}

/** A node in this process. */
export interface NodeUnderTest extends RunningNode {
  readonly log: readonly LogLine[];
  /** Drains the node and waits for its end. */
  stop(): Promise<void>;
}

/** What else a node may differ by. */
export interface RunOptions {
  /** Seconds that the machine's clock is off. */
  readonly wallClockError?: number;
  /** The key it signs with. */
  readonly account?: LocalAccount;
}

/** Starts a node in this process. */
export async function runNode(
  world: World,
  engines: readonly Engine[],
  overrides: Partial<NodeSettings> = {},
  { wallClockError = 0, account = world.operator }: RunOptions = {},
): Promise<NodeUnderTest> {
  const controller = new AbortController();
  const log: LogLine[] = [];
  const note =
    (level: keyof Logger) =>
    (message: string, data: LogData = {}) => {
      log.push({ level, message, data });
      if (process.env.TEST_LOG !== undefined) {
        console.log(level, message, data);
      }
    };
  const logger: Logger = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  const config = { ...settingsFor(world), ...overrides };
  const clock = { ...systemClock, unixTime: () => systemClock.unixTime() + wallClockError };
  const node = await startNode({ config, engines, account, logger, clock, signal: controller.signal });
  node.finished.catch(() => {}); // Who cares looks at it again.
  return {
    ...node,
    log,
    stop: async () => {
      controller.abort(new Error("stop"));
      await node.finished;
    },
  };
}

/** Waits until something holds; fails with what it last was after `ms`. */
export async function until<T>(look: () => T | Promise<T>, holds: (seen: T) => boolean, ms = 20_000): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const seen = await look();
    if (holds(seen)) {
      return seen;
    }
    if (performance.now() > deadline) {
      throw new Error(`Still ${JSON.stringify(seen, (_, value) => (typeof value === "bigint" ? `${value}` : value))}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
