import path from "node:path";
import { testTokenAbi } from "@touchstone/sdk/protocol";
import { type Address, type HDAccount, maxUint40 } from "viem";
import type { LocalChain } from "./chain.ts";
import { type MarketClient, marketClient } from "./clients.ts";
import { type Daemon, START, startDaemon } from "./daemon.ts";
import type { Deployment } from "./deploy.ts";
import { freeUrl, writeNodeFiles } from "./node-files.ts";

/** How a local provider differs from the others. */
export interface ProviderPlan {
  readonly name: string;
  readonly region: string;
  /** Token units. */
  readonly stake: bigint;
  /** What answers for its live calls, token units; none, and nobody buys them. */
  readonly bond?: bigint;
  /** Token units. */
  readonly pricePerItem: bigint;
  readonly pricePerMillionOutputTokens: bigint;
  /** Development accounts: the provider's own, and its node's. */
  readonly account: HDAccount;
  readonly operator: HDAccount;
  /** What runs instead of the node that ships: a script and its arguments, before `--config`. */
  readonly program?: readonly string[] | undefined;
}

/** A provider whose node runs in a process of its own. */
export interface LocalProvider {
  readonly name: string;
  readonly provider: Address;
  /** The key of its node. */
  readonly operator: Address;
  readonly url: string;
  readonly daemon: Daemon;
}

/** Gives an account development tokens, which lie in its wallet. */
export async function mint(client: MarketClient, { token }: Deployment, amount: bigint): Promise<void> {
  const to = client.account.address;
  const call = { address: token, abi: testTokenAbi, functionName: "mint", args: [to, amount] } as const;
  await client.waitForTransactionReceipt({ hash: await client.writeContract(call) });
}

/** Mints development tokens for an account and deposits them. */
export async function fund(client: MarketClient, deployment: Deployment, amount: bigint): Promise<void> {
  await mint(client, deployment, amount);
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
  const { name, region, stake, bond = 0n, account, operator, program = START } = plan;
  const cold = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, account);
  await fund(cold, deployment, stake + bond);
  await cold.stake({ amount: stake });
  if (bond > 0n) {
    await cold.postBond({ amount: bond });
  }
  await cold.setOperator({ operator: operator.address, validUntil: Number(maxUint40) });

  const url = await freeUrl();
  const settings = {
    provider: account.address,
    name,
    region,
    pricePerItem: plan.pricePerItem.toString(),
    pricePerMillionOutputTokens: plan.pricePerMillionOutputTokens.toString(),
    // Gas costs nothing here, and people watch.
    claimAgeSeconds: 5,
    channelPollSeconds: 1,
  };
  const config = await writeNodeFiles(chain, deployment, { folder, operator, url, settings });
  await cold.updateProvider({ provider: account.address, uri: `${url}/card` });
  const daemon = startDaemon([...program, "--config", config], path.join(folder, "node.log"));
  return { name, provider: account.address, operator: operator.address, url, daemon };
}
