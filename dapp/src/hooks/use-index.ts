import type { MarketIndex } from "@touchstone/sdk";
import * as sdk from "@touchstone/sdk";
import { useNetwork } from "../network/network-context.tsx";
import { useMarket } from "./use-market.ts";

type Create = (parameters: Record<string, unknown>) => MarketIndex;
let index: MarketIndex | undefined;

/** The history of the market: jobs, cases, providers, statistics. From the subgraph where there is one, else from the chain's logs. */
export function useIndex(): MarketIndex {
  const { market, fromBlock, subgraphUrl } = useNetwork();
  const client = useMarket();
  // TODO(lead): plain import once the SDK exports it.
  const create = (sdk as unknown as { createMarketIndex: Create }).createMarketIndex;
  index ??= create({ client, market, fromBlock, subgraph: subgraphUrl });
  return index;
}
