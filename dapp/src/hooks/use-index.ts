import { createMarketIndex, type MarketIndex, webStorageCache } from "@touchstone/sdk";
import { browserStorage, CACHE_PREFIX } from "../lib/storage.ts";
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
    ...(browserStorage !== undefined && { cache: webStorageCache(browserStorage, `${CACHE_PREFIX}${market}`) }),
    ...(subgraphUrl !== undefined && { subgraph: subgraphUrl }),
  });
  return index;
}

/** Reads what is newest, if history was asked for at all. */
export async function refreshIndex(): Promise<void> {
  await index?.refresh();
}
