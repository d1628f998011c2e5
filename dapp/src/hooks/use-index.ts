import { createMarketIndex, type MarketIndex, webStorageCache } from "@touchstone/sdk";
import { useNetwork } from "../network/network-context.tsx";
import { useMarket } from "./use-market.ts";

let index: MarketIndex | undefined;

/**
 * The history of the market: providers, jobs, cases, statistics. From the subgraph where there is one that answers, else from
 * the chain's logs. One for the life of the page.
 */
export function useIndex(): MarketIndex {
  const { market, fromBlock, subgraphUrl } = useNetwork();
  const client = useMarket();
  index ??= createMarketIndex({
    client,
    market,
    fromBlock,
    cache: webStorageCache(localStorage, `touchstone.index.${market}`),
    ...(subgraphUrl !== undefined && { subgraph: subgraphUrl }),
  });
  return index;
}
