import { type MarketActions, marketActions } from "@touchstone/sdk";
import { useMemo } from "react";
import type { Chain, HttpTransport, PublicClient } from "viem";
import { usePublicClient } from "wagmi";
import { useNetwork } from "../network/network-context.tsx";

/** Reads the chain, and the market on it, without a wallet. */
export type MarketReader = PublicClient<HttpTransport, Chain> & MarketActions;

/** What needs no wallet: reading, watching, fetching, asking. */
export function useMarket(): MarketReader {
  const { market, fromBlock, chainId } = useNetwork();
  const client = usePublicClient({ chainId });
  return useMemo(() => {
    if (client === undefined) {
      throw new Error("wagmi has no client of the one chain that it was made with.");
    }
    return client.extend(marketActions({ market, fromBlock })) as unknown as MarketReader;
  }, [client, market, fromBlock]);
}
