import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseUnits } from "viem";
import { type LocalChain, startChain } from "./chain.ts";
import { type MarketClient, marketClient } from "./clients.ts";
import { untilReady } from "./daemon.ts";
import { type Deployment, deployMarket } from "./deploy.ts";
import { localCourtParameters, localParameters } from "./parameters.ts";
import { fund, type LocalProvider, type ProviderPlan, startProvider } from "./providers.ts";

/** A whole market on this machine. */
export interface LocalNetwork {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
  readonly providers: readonly LocalProvider[];
  /** A buyer with tokens in its wallet and in the market. */
  readonly buyer: MarketClient;
  /** Takes everything down; nothing is left behind. */
  close(): Promise<void>;
}

const DECIMALS = 6;
const READY_MS = 60_000;

/** Development account that buys; account 0 deploys. */
export const BUYER = 1;

function plans(chain: LocalChain): readonly ProviderPlan[] {
  return [
    {
      name: "Aurora",
      region: "eu-north",
      stake: parseUnits("100", DECIMALS),
      pricePerItem: parseUnits("0.002", DECIMALS),
      pricePerMillionOutputTokens: parseUnits("1.5", DECIMALS),
      account: chain.account(2),
      operator: chain.account(3),
    },
    {
      name: "Basalt",
      region: "us-west",
      stake: parseUnits("50", DECIMALS),
      pricePerItem: parseUnits("0.001", DECIMALS),
      pricePerMillionOutputTokens: parseUnits("1", DECIMALS),
      account: chain.account(4),
      operator: chain.account(5),
    },
  ];
}

/**
 * Starts a chain, deploys a market, and starts two providers with their own stakes and prices, each node in a process of
 * its own.
 *
 * @param say Told of each step.
 */
export async function startNetwork(
  say: (step: string) => void,
  { port = 0 }: { readonly port?: number } = {},
): Promise<LocalNetwork> {
  const folder = mkdtempSync(path.join(tmpdir(), "touchstone-"));
  const chain = await startChain({ port });
  const providers: LocalProvider[] = [];
  const close = async () => {
    await Promise.all(providers.map(({ daemon }) => daemon.stop()));
    await chain.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    say(`Chain ${chain.chainId} at ${chain.rpcUrl}`);
    const deployment = await deployMarket(chain.rpcUrl, localParameters, localCourtParameters);
    say(`Market at ${deployment.market}, court at ${deployment.court}, token at ${deployment.token}`);
    const buyer = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, chain.account(BUYER));
    const starting = plans(chain).map((plan) => startProvider(chain, deployment, plan, path.join(folder, plan.name)));
    await fund(buyer, deployment, parseUnits("100", DECIMALS));
    const started = await Promise.allSettled(starting);
    providers.push(...started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
    const failed = started.find((one) => one.status === "rejected");
    if (failed !== undefined) {
      throw failed.reason;
    }
    await Promise.all(providers.map(({ daemon, url }) => untilReady(daemon, url, READY_MS)));
    for (const { name, provider, url } of providers) {
      say(`Provider ${name} (${provider}) at ${url}`);
    }
    return { chain, deployment, providers, buyer, close };
  } catch (error) {
    await close();
    throw error;
  }
}
