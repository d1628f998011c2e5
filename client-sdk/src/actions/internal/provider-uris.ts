import { type Address, encodeEventTopics, getAbiItem, parseEventLogs, toEventSelector } from "viem";
import { marketAbi } from "../../protocol/generated/abi.ts";
import type { ReadClient, WithHistory } from "./clients.ts";
import { getLogsInRange, latestBlockNumber, type Topics } from "./logs.ts";

/** Where a provider said last that its card is. */
export interface PublishedCard {
  readonly provider: Address;
  readonly uri: string;
  /** The block in which it said so. */
  readonly blockNumber: bigint;
}

/** The latest `ProviderUpdated` of each provider, or of the one named. */
export async function readPublishedCards(
  client: ReadClient,
  { market, fromBlock = 0n, provider }: WithHistory & { readonly provider?: Address | undefined },
): Promise<PublishedCard[]> {
  const topics: Topics =
    provider === undefined
      ? [toEventSelector(getAbiItem({ abi: marketAbi, name: "ProviderUpdated" }))]
      : encodeEventTopics({ abi: marketAbi, eventName: "ProviderUpdated", args: { provider } });
  const toBlock = await latestBlockNumber(client);
  const logs = await getLogsInRange(client, { address: market, topics, fromBlock, toBlock });
  const updates = parseEventLogs({ abi: marketAbi, eventName: "ProviderUpdated", logs });
  const latest = new Map<Address, PublishedCard>();
  for (const { args, blockNumber } of updates) {
    latest.set(args.provider, { provider: args.provider, uri: args.uri, blockNumber });
  }
  return [...latest.values()];
}
