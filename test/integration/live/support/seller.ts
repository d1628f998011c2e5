import path from "node:path";
import { marketAbi } from "@touchstone/sdk/protocol";
import { type Hex, type LocalAccount, numberToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { buildCard } from "../../../../provider-node/src/card.ts";
import type { Config } from "../../../../provider-node/src/config.ts";
import { createApp } from "../../../../provider-node/src/http/app.ts";
import { openShop } from "../../../../provider-node/src/http/openai/shop.ts";
import { type HttpServer, listen } from "../../../../provider-node/src/http/server.ts";
import { silentLogger } from "../../../../provider-node/src/logger.ts";
import { createMetrics } from "../../../../provider-node/src/metrics.ts";
import { localCourtParameters } from "../../../../scripts/network/parameters.ts";
import { placeStandIns } from "../../../../scripts/network/stand-ins.ts";
import { SmallEngine, type SmallEngineOptions } from "../../node/support/engine.ts";
import { type NodeUnderTest, runNode, settingsFor, until } from "../../node/support/running.ts";
import { World } from "../../node/support/world.ts";
import { mint } from "./payer.ts";

const BOND = 40_000_000n;

/** How a seller differs from the ordinary. */
export interface SellerWishes extends SmallEngineOptions {
  readonly region?: string;
  /** Token units for a million tokens of either kind. */
  readonly price?: bigint;
  readonly bond?: bigint;
  /** Calls that run side by side. */
  readonly slots?: number;
}

/** A provider with stake, bond and card, whose node sells calls in this process. */
export interface Seller {
  readonly account: LocalAccount;
  readonly url: string;
  readonly engine: SmallEngine;
  readonly node: NodeUnderTest;
  /** Changes how the engine behaves from now on: a node proves its engine before it sells. */
  become(habits: SmallEngineOptions): void;
  /** Ends the server at once, as a machine that loses its power does. */
  vanish(): Promise<void>;
  stop(): Promise<void>;
}

/** A chain with a market, its court, and payment channels. */
export async function startLiveWorld(): Promise<World> {
  const world = await World.start({ court: localCourtParameters, accounts: 10 });
  await placeStandIns(world.chain.rpcUrl);
  await mint(world, world.buyer);
  return world;
}

/** Has the market take a model for one that its court can judge, without the panel of seats that this takes. */
export async function verifyModel({ chain, market, court: account }: World, model: Hex): Promise<void> {
  const { client } = chain;
  await client.impersonateAccount({ address: account });
  await client.setBalance({ address: account, value: 10n ** 18n });
  const call = { address: market, abi: marketAbi, functionName: "setVerified", args: [model, true], account } as const;
  await client.waitForTransactionReceipt({ hash: await client.writeContract(call) });
  await client.stopImpersonatingAccount({ address: account });
}

let sellers = 0;

/** Starts a provider's node and HTTP server, and publishes its card. */
export async function startSeller(world: World, wishes: SellerWishes = {}): Promise<Seller> {
  sellers += 1;
  const account = privateKeyToAccount(numberToHex(0x5e11e4 + sellers, { size: 32 }));
  const { region = "eu", price = 1_000_000n, bond = BOND, slots = 8 } = wishes;
  const { client } = world.chain;
  await client.setBalance({ address: account.address, value: 10n ** 20n });
  await world.enrol(account);
  await world.fund(account);
  await world.asCourt(account, "postBond", [bond]);
  const habits = { ...wishes };
  const engine = new SmallEngine(habits);
  Object.assign(engine.model, { engine: "llama.cpp" }); // it has logits of its own, so it may judge
  const config = configOf(world, account, { region, price, slots });
  const node = await runNode(world, [engine], config, { account });
  const stop = new AbortController();
  const { server } = await show(node, engine, config, stop.signal);
  const isSynced = async () => {
    await client.mine({ blocks: 1 });
    return node.health().isSynced;
  };
  await until(isSynced, Boolean);
  await world.as(account, "updateProvider", [account.address, `${server.url}/card`]);
  const vanish = () => server.close(0);
  return {
    account,
    url: server.url,
    engine,
    node,
    become: (changes) => void Object.assign(habits, changes),
    vanish,
    async stop() {
      stop.abort(new Error("stop"));
      await vanish().catch(() => undefined);
      await node.stop();
    },
  };
}

function configOf(world: World, { address }: LocalAccount, wishes: { region: string; price: bigint; slots: number }) {
  const rest = {
    name: "seller",
    region: wishes.region,
    host: "127.0.0.1",
    port: 0,
    trustedProxies: 0,
    postsPerMinute: 10_000,
    maxConnections: 1_024,
    maxConnectionsPerAddress: 1_024,
    headersTimeoutMs: 10_000,
    bodyTimeoutMs: 10_000,
    refusedCallsPerMinute: 10_000,
    callTimeoutMs: 60_000,
    stalledReaderMs: 30_000,
    queuedCallsPerSlot: 8,
  };
  const settings = { ...settingsFor(world), ...rest, provider: address, live: true, contextSequences: wishes.slots };
  const prices = {
    pricePerItem: 0n,
    pricePerMillionInputTokens: wishes.price,
    pricePerMillionOutputTokens: wishes.price,
  };
  const dataDir = path.join(world.folder, address);
  return { ...settings, ...prices, dataDir, minDeposit: 1_000n, drainTimeoutSeconds: 2 } as unknown as Config;
}

async function show(
  node: NodeUnderTest,
  engine: SmallEngine,
  config: Config,
  signal: AbortSignal,
): Promise<{ readonly server: HttpServer }> {
  const { live: desk, chainId } = node;
  if (desk === undefined) {
    throw new Error("the node sells no calls");
  }
  const isDraining = () => node.health().isDraining;
  const terms = node.owner;
  const shop = await openShop({ desk, engines: [engine], config, terms, logger: silentLogger, isDraining, signal });
  const { id, name, contextLength, defaults } = engine.model;
  const models = [{ id, name, contextLength, defaultMaxTokens: defaults.maxTokens }];
  let url = "";
  const app = createApp({
    settings: config,
    desk: node.desk,
    owner: node.owner,
    blobs: node.blobs,
    inputs: node.inputs,
    now: () => Math.floor(Date.now() / 1_000),
    card: () => buildCard(config, { chainId, url, hardware: "toy", models, isActive: true, terms, live: shop.card }),
    readiness: () => ({ isReady: true, checks: {} }),
    metrics: createMetrics(),
    logger: silentLogger,
    live: shop.routes,
  });
  const server = await listen(app, config);
  url = server.url;
  return { server };
}
