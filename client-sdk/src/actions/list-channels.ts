import { type Address, isAddressEqual, padHex, parseEventLogs, toEventSelector } from "viem";
import { getTransactionReceipt } from "viem/actions";
import { batchSettlementAbi } from "../protocol/generated/abi.ts";
import { BATCH_SETTLEMENT_ADDRESS, type ChannelConfig, ERC3009_COLLECTOR_ADDRESS } from "../protocol/x402.ts";
import type { ReadClient, WithHistory } from "./internal/clients.ts";
import { inParallel } from "./internal/in-parallel.ts";
import { getLogsInRange, latestBlockNumber } from "./internal/logs.ts";
import { chainCall, type ReadErrorType, readMarket } from "./internal/transact.ts";

export interface ListChannelsParameters extends WithHistory {
  /** Whose money is in them. */
  readonly payer: Address;
}

/** Oldest first, those too that are empty now. */
export type ListChannelsReturnType = readonly ChannelConfig[];
export type ListChannelsErrorType = ReadErrorType;

const PARALLEL_READS = 4;
const TRANSFER = toEventSelector("Transfer(address,address,uint256)");

/**
 * Lists the payment channels that an account filled with the market's token, by the transfers into them: what it takes to get the
 * money back where nobody kept the channels. Give `fromBlock`: a long history takes long.
 *
 * @example
 * for (const config of await buyer.listChannels({ payer })) await buyer.requestChannelWithdraw({ config, amount });
 */
export async function listChannels(
  client: ReadClient,
  { market, payer, fromBlock = 0n }: ListChannelsParameters,
): Promise<ListChannelsReturnType> {
  const [token, latest] = await Promise.all([
    readMarket(client, { market, functionName: "token", args: [] }),
    latestBlockNumber(client),
  ]);
  const topics = [TRANSFER, padHex(payer, { size: 32 }), padHex(ERC3009_COLLECTOR_ADDRESS, { size: 32 })];
  const deposits = await getLogsInRange(client, { address: token, topics, fromBlock, toBlock: latest });
  const hashes = [...new Set(deposits.map(({ transactionHash }) => transactionHash))];
  const receipts = await inParallel(hashes, PARALLEL_READS, (hash) =>
    chainCall("eth_getTransactionReceipt", () => getTransactionReceipt(client, { hash })),
  );
  const logs = receipts.flatMap((receipt) => receipt.logs);
  const own = logs.filter(({ address }) => isAddressEqual(address, BATCH_SETTLEMENT_ADDRESS));
  const created = parseEventLogs({ abi: batchSettlementAbi, eventName: "ChannelCreated", logs: own });
  const theirs = created.filter(({ args }) => isAddressEqual(args.config.payer, payer));
  // One that was emptied is created anew by the next deposit.
  return [...new Map(theirs.map(({ args }) => [args.channelId, args.config])).values()];
}
