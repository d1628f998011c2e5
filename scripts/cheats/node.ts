import { courtAbi, type ProviderCard } from "@touchstone/sdk/protocol";
import { getAbiItem, type LocalAccount, toFunctionSelector } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { buildCard } from "../../provider-node/src/card.ts";
import { systemClock } from "../../provider-node/src/clock.ts";
import type { Config } from "../../provider-node/src/config.ts";
import { startBackend } from "../../provider-node/src/engine/backend.ts";
import type { Engine } from "../../provider-node/src/engine/engine.ts";
import { resolveModel } from "../../provider-node/src/engine/models.ts";
import { NodeError } from "../../provider-node/src/errors.ts";
import { createApp } from "../../provider-node/src/http/app.ts";
import { listen } from "../../provider-node/src/http/server.ts";
import { findPassword, openKeystore } from "../../provider-node/src/keystore.ts";
import { createLogger } from "../../provider-node/src/log.ts";
import { createMetrics } from "../../provider-node/src/metrics.ts";
import { type RunningNode, startNode } from "../../provider-node/src/node.ts";
import type { Cheat } from "./cheats.ts";
import { openCheatingEngine } from "./engines.ts";

const CLOSE_GRACE_MS = 1_000;

/** Runs a provider until `signal` aborts: all of the product's node but its engine, and what it likes to show. */
export async function runCheatingNode(cheat: Cheat, config: Config, signal: AbortSignal): Promise<void> {
  const logger = createLogger({ ...config, destination: process.stderr, isTerminal: process.stderr.isTTY });
  const key = await openKeystore(config.keystore, await findPassword(config));
  const llama = await startBackend({ gpu: config.gpu, logger });
  const [reference = ""] = config.models;
  const ordered = await resolveModel(reference, config);
  const { threads, contextSequences: sequences } = config;
  const engine = await openCheatingEngine(cheat, { llama, ordered, threads, sequences });
  try {
    const account = cheat === "withhold" ? silent(privateKeyToAccount(key)) : privateKeyToAccount(key);
    const node = await startNode({ config, engines: [engine], account, logger, clock: systemClock, signal });
    const app = appOf(config, cheat === "withhold" ? withholding(node) : node, engine, logger);
    const server = await listen(app, config);
    await node.finished.finally(() => server.close(CLOSE_GRACE_MS));
  } finally {
    await engine.close();
    await llama.dispose();
  }
}

function appOf(config: Config, node: RunningNode, { model }: Engine, logger: ReturnType<typeof createLogger>) {
  const isReady = () => node.health().isSynced && !node.health().isDraining;
  const { id, name, contextLength } = model;
  const card = (): ProviderCard =>
    buildCard(config, {
      chainId: node.chainId,
      url: config.publicUrl ?? "",
      hardware: "a machine like any other",
      models: [{ id, name, contextLength }],
      isActive: isReady(),
      terms: node.owner,
    });
  const { desk, blobs, inputs } = node;
  const readiness = () => ({ isReady: isReady(), checks: {} });
  const now = () => Math.floor(Date.now() / 1000);
  return createApp({ settings: config, desk, blobs, inputs, now, card, readiness, metrics: createMetrics(), logger });
}

/** Takes jobs, and gives out nothing of them. */
function withholding(node: RunningNode): RunningNode {
  const blobs: RunningNode["blobs"] = Object.create(node.blobs, { get: { value: () => Promise.resolve(undefined) } });
  const { desk } = node;
  return {
    ...node,
    blobs,
    desk: {
      quote: (template) => desk.quote(template),
      order: (order) => desk.order(order),
      progress: (job) => desk.progress(job),
      results: () => undefined,
      mayReadInput: (...asked) => desk.mayReadInput(...asked),
      mayReadResults: (...asked) => desk.mayReadResults(...asked),
    },
  };
}

/** A key that signs everything but answers to demands. */
function silent(account: LocalAccount): LocalAccount {
  const answer = toFunctionSelector(getAbiItem({ abi: courtAbi, name: "answer" }));
  return {
    ...account,
    signTransaction: (transaction, options) => {
      if (transaction.data?.startsWith(answer)) {
        throw new NodeError("RPC_UNAVAILABLE", "This provider shows nothing.");
      }
      return account.signTransaction(transaction, options);
    },
  };
}
