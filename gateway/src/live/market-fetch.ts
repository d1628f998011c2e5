import { createTouchstoneFetch, type ReadClient, type TouchstoneFetch } from "@touchstone/sdk";
import type { GatewayLimits, GatewayOptions } from "../options.ts";
import type { Channels } from "../store/channels.ts";
import type { Receipts } from "../store/receipts.ts";
import type { PaidCall } from "./market.ts";

/** What the gateway's own way into the market works with. */
export interface MarketFetchOptions {
  readonly options: GatewayOptions & GatewayLimits;
  /** Reads the chain. */
  readonly client: ReadClient;
  readonly channels: Channels;
  readonly receipts: Receipts;
}

/** The `fetch` that pays for calls, with channels and receipts on the gateway's disk. */
export function marketFetch(
  { options, client, channels, receipts }: MarketFetchOptions,
  onCall: (call: PaidCall) => void,
): TouchstoneFetch {
  const { account, market, policy, logger, maxPricePerMillionTokens: ceiling } = options;
  return createTouchstoneFetch({
    wallet: account,
    ...{ client, market, channels, receipts, onCall, fromBlock: options.fromBlock },
    name: channels.name(),
    budget: {
      total: options.maxPriceInAll,
      perCall: options.maxPricePerCall,
      perProvider: options.maxPricePerProvider,
    },
    policy: { challenge: true, ...policy, ...(ceiling > 0n && { maxInputPrice: ceiling, maxOutputPrice: ceiling }) },
    onError: (error) => logger?.warn("live lane", { error }),
  });
}
