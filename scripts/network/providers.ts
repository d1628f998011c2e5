import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { testTokenAbi } from "@touchstone/sdk/protocol";
import { type Address, bytesToHex, type HDAccount, type Hex, maxUint40 } from "viem";
import { runCommand } from "../lib/command.ts";
import type { LocalChain } from "./chain.ts";
import { type MarketClient, marketClient } from "./clients.ts";
import { type Daemon, startDaemon, TOUCHSTONE } from "./daemon.ts";
import type { Deployment } from "./deploy.ts";

/** How a local provider differs from the others. */
export interface ProviderPlan {
  readonly name: string;
  readonly region: string;
  /** Token units. */
  readonly stake: bigint;
  /** Token units. */
  readonly pricePerItem: bigint;
  readonly pricePerMillionOutputTokens: bigint;
  /** Development accounts: the provider's own, and its node's. */
  readonly account: HDAccount;
  readonly operator: HDAccount;
}

/** A provider whose node runs in a process of its own. */
export interface LocalProvider {
  readonly name: string;
  readonly provider: Address;
  readonly url: string;
  readonly daemon: Daemon;
}

/** Mints development tokens for an account and deposits them. */
export async function fund(client: MarketClient, { token }: Deployment, amount: bigint): Promise<void> {
  const to = client.account.address;
  const call = { address: token, abi: testTokenAbi, functionName: "mint", args: [to, amount] } as const;
  await client.waitForTransactionReceipt({ hash: await client.writeContract(call) });
  await client.approveToken({ amount });
  await client.deposit({ amount });
}

/** Stakes, names the operator key and starts the node. The node may not be ready yet. */
export async function startProvider(
  chain: LocalChain,
  deployment: Deployment,
  plan: ProviderPlan,
  folder: string,
): Promise<LocalProvider> {
  const cold = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, plan.account);
  await fund(cold, deployment, plan.stake);
  await cold.stake({ amount: plan.stake });
  await cold.setOperator({ operator: plan.operator.address, validUntil: Number(maxUint40) });

  const url = `http://127.0.0.1:${await freePort()}`;
  const config = await writeConfig({ chain, deployment, plan, folder, url });
  await cold.updateProvider({ provider: plan.account.address, uri: `${url}/card` });
  const daemon = startDaemon(["start", "--config", config], path.join(folder, "node.log"));
  return { name: plan.name, provider: plan.account.address, url, daemon };
}

async function writeConfig(input: {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
  readonly plan: ProviderPlan;
  readonly folder: string;
  readonly url: string;
}): Promise<string> {
  const { chain, deployment, plan, folder, url } = input;
  mkdirSync(folder, { recursive: true });
  const passwordFile = path.join(folder, "password");
  const keystore = path.join(folder, "operator.json");
  const keyFile = path.join(folder, "key");
  const secret = { mode: 0o600 };
  writeFileSync(passwordFile, "development\n", secret);
  writeFileSync(keyFile, `${privateKeyOf(plan.operator)}\n`, secret);
  const settings = {
    rpcUrls: [chain.rpcUrl],
    market: deployment.market,
    provider: plan.account.address,
    dataDir: path.join(folder, "data"),
    keystore,
    passwordFile,
    port: Number(new URL(url).port),
    publicUrl: url,
    name: plan.name,
    region: plan.region,
    pricePerItem: plan.pricePerItem.toString(),
    pricePerMillionOutputTokens: plan.pricePerMillionOutputTokens.toString(),
    confirmations: 1,
    pollIntervalMs: 200,
    allowPrivateNetworks: true,
    logFormat: "json",
  };
  const config = path.join(folder, "config.json");
  writeFileSync(config, `${JSON.stringify(settings, null, 2)}\n`);
  const imported = await runCommand([process.execPath, TOUCHSTONE, "keys", "import", keyFile, "--config", config], {
    quiet: true,
  });
  if (imported.code !== 0) {
    throw new Error(`The operator key of ${plan.name} could not be imported: ${imported.output}`);
  }
  return config;
}

/** The key of a development account. */
export function privateKeyOf(account: HDAccount): Hex {
  const { privateKey } = account.getHdKey();
  if (privateKey === null) {
    throw new Error("A development account has no private key.");
  }
  return bytesToHex(privateKey);
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error()),
      );
    });
  });
}
