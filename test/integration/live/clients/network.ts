import path from "node:path";
import { createTouchstoneFetch, type TouchstoneFetch } from "@touchstone/sdk";
import { BatchSettlementEvmScheme } from "@x402/evm/batch-settlement/client";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment, x402Client } from "@x402/fetch";
import type { LocalAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { openKeys, type RunningGateway, startGateway } from "../../../../gateway/src/index.ts";
import type { World } from "../../node/support/world.ts";
import { mint } from "../support/payer.ts";
import { type Seller, startLiveWorld, startSeller, verifyModel } from "../support/seller.ts";
import type { Door } from "./client.ts";

/** Two providers of one toy model, a gateway, and whoever buys of them. */
export interface ClientNetwork {
  readonly world: World;
  /** Asked first: it is near. A word costs a unit at either. */
  readonly first: Seller;
  readonly second: Seller;
  /** To the first by a newcomer's wallet and x402's own client. */
  node(scheme?: "batch-settlement" | "exact"): Promise<Door>;
  /** To the market by a newcomer's wallet and the SDK. */
  market(total?: bigint): Promise<Door>;
  /** To the gateway by a new key. */
  gateway(total?: bigint): Door;
  close(): Promise<void>;
}

export async function startClientNetwork(): Promise<ClientNetwork> {
  const world = await startLiveWorld();
  const first = await startSeller(world, { slots: 32 });
  const second = await startSeller(world, { region: "us", slots: 32 });
  const embed = (texts: readonly string[]) =>
    Promise.resolve({ vectors: texts.map(() => Float32Array.of(0.5, -1)), promptTokens: texts.length });
  for (const { engine } of [first, second]) {
    Object.assign(engine, { embed });
  }
  await verifyModel(world, first.engine.model.id);
  const dataDir = path.join(world.folder, "gateway");
  const gateway = await startGateway({
    account: world.buyer as LocalAccount,
    rpcUrls: [world.chain.rpcUrl],
    market: world.market,
    dataDir,
    port: 0,
    policy: { regions: ["eu"] },
  });
  const bought: TouchstoneFetch[] = [];
  return {
    world,
    first,
    second,
    node: (scheme = "batch-settlement") => nodeDoor(world, first, scheme),
    market: async (total = 1_000_000n) => {
      const fetch = await marketFetch(world, total);
      bought.push(fetch);
      const paid = async () => (await fetch.status()).spent;
      return { name: "createTouchstoneFetch", baseURL: "https://touchstone.invalid/v1", apiKey: "none", fetch, paid };
    },
    gateway: (total) => gatewayDoor(gateway, dataDir, total),
    async close() {
      await Promise.all(bought.map((fetch) => fetch.close()));
      await gateway.close();
      await Promise.all([first.stop(), second.stop()]);
      await world.close();
    },
  };
}

async function newcomer(world: World) {
  const account = privateKeyToAccount(generatePrivateKey());
  await mint(world, account);
  return account;
}

async function nodeDoor(world: World, { url, node }: Seller, scheme: "batch-settlement" | "exact"): Promise<Door> {
  const account = await newcomer(world);
  const readContract = (call: object) => world.chain.client.readContract(call as never);
  const { address } = account;
  const signer = { address, signTypedData: (data: object) => account.signTypedData(data as never), readContract };
  const Scheme = scheme === "exact" ? ExactEvmScheme : BatchSettlementEvmScheme;
  const network = `eip155:${world.chain.client.chain.id}` as const;
  const payer = new x402Client()
    .register(network, new Scheme(signer as ConstructorParameters<typeof Scheme>[0]))
    .setSpendControls({ allowedAssets: [{ network, asset: world.token }] }); // Without it no token but those it knows.
  const fetch = wrapFetchWithPayment(globalThis.fetch, payer) as typeof globalThis.fetch;
  const paid = () => Promise.resolve(node.health().live!.charged);
  return { name: "x402's own fetch, at a node", baseURL: `${url}/v1`, apiKey: "none", fetch, paid };
}

async function marketFetch(world: World, total: bigint): Promise<TouchstoneFetch> {
  const wallet = await newcomer(world);
  const { chain, market } = world;
  const policy = { exploration: 0, recheckShare: 0, regions: ["eu"], weights: { latency: 0 } };
  return createTouchstoneFetch({ wallet, rpcUrl: chain.rpcUrl, market, budget: { total }, policy });
}

function gatewayDoor({ url }: RunningGateway, dataDir: string, budgetTotal?: bigint): Door {
  const now = () => Math.floor(Date.now() / 1_000);
  const opened = openKeys(dataDir);
  const { key: apiKey, kept } = opened.keys.add("client", budgetTotal === undefined ? {} : { budgetTotal }, now());
  opened.close();
  const paid = () => {
    const { spent, close } = openKeys(dataDir);
    const { total } = spent(kept.id, now());
    close();
    return Promise.resolve(total);
  };
  return { name: "the gateway", baseURL: `${url}/v1`, apiKey, paid };
}
