import { type Chain, defineChain } from "viem";
import { type Config, createConfig, createStorage, http, injected } from "wagmi";
import { storage } from "../lib/storage.ts";
import type { NetworkConfig } from "./network-config.ts";

/** How often a page asks for news: blocks of a development chain come each second. */
const POLL_MS = 4_000;
const DEVELOPMENT_POLL_MS = 1_000;

/** The chain of a network, as viem and wallets know chains. */
export function chainOf({ name, chainId, rpcUrl, explorerUrl, coin }: NetworkConfig): Chain {
  return defineChain({
    id: chainId,
    name,
    nativeCurrency: { name: coin, symbol: coin, decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
    ...(explorerUrl !== undefined && { blockExplorers: { default: { name: "Explorer", url: explorerUrl } } }),
  });
}

/** Wallets are those that announce themselves (EIP-6963), and the one at `window.ethereum` for those that do not yet. */
export function wagmiConfigOf(network: NetworkConfig): Config {
  const chain = chainOf(network);
  return createConfig({
    chains: [chain],
    connectors: [injected()],
    transports: { [chain.id]: http(network.rpcUrl, { retryCount: 1, timeout: 15_000 }) },
    pollingInterval: network.development === undefined ? POLL_MS : DEVELOPMENT_POLL_MS,
    storage: createStorage({ storage }),
    ssr: false,
  });
}
