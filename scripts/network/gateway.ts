import path from "node:path";
import { startGateway } from "@touchstone/gateway";
import { parseUnits } from "viem";
import { marketClient } from "./clients.ts";
import type { LocalNetwork } from "./network.ts";
import { fund, mint } from "./providers.ts";

/** What an OpenAI client needs to buy here. */
export interface LocalGateway {
  /** With its version: `http://127.0.0.1:4180/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  close(): Promise<void>;
}

/** Development account of the gateway: it buys for whoever has a key. */
const ACCOUNT = 10;
const DECIMALS = 6;

/**
 * Starts a gateway that buys on a local network, with tokens of its own.
 *
 * @param port Zero picks a free one.
 */
export async function startLocalGateway(network: LocalNetwork, port = 0): Promise<LocalGateway> {
  const { chain, deployment, folder } = network;
  const account = chain.account(ACCOUNT);
  const buyer = marketClient({ rpcUrl: chain.rpcUrl, market: deployment.market }, account);
  await fund(buyer, deployment, parseUnits("100", DECIMALS));
  await mint(buyer, deployment, parseUnits("100", DECIMALS));
  const { url, apiKey, close } = await startGateway({
    account,
    rpcUrls: [chain.rpcUrl],
    market: deployment.market,
    dataDir: path.join(folder, "gateway"),
    port,
  });
  if (apiKey === undefined) {
    throw new Error("A gateway in a new folder has no key yet, and makes one.");
  }
  return { baseUrl: `${url}/v1`, apiKey, close };
}
