import type {
  Abi,
  ContractEventArgsFromTopics,
  ContractEventName,
  ContractFunctionArgs,
  ContractFunctionName,
  ContractFunctionReturnType,
} from "viem";
import { ChainError } from "../../errors.ts";
import { batchSettlementAbi, testTokenAbi } from "../../protocol/generated/abi.ts";
import { BATCH_SETTLEMENT_ADDRESS } from "../../protocol/x402.ts";
import { errorsOf } from "./chain-errors.ts";
import type { ReadClient, WriteClient } from "./clients.ts";
import { channelSentences } from "./revert-sentences.ts";
import { argsOfEvents, readAny, requireEvent, type Transacted, transactAny } from "./transact.ts";

type WriteName = ContractFunctionName<typeof batchSettlementAbi, "nonpayable">;
type ReadName = ContractFunctionName<typeof batchSettlementAbi, "view">;

const address = BATCH_SETTLEMENT_ADDRESS;
const sentences = channelSentences as Readonly<Record<string, (...args: readonly unknown[]) => string>>;

/** Of x402's `BatchSettlement`, with the errors that its token may add. */
const channelCallAbi: Abi = [...batchSettlementAbi, ...errorsOf(testTokenAbi)];

/** Calls a function of x402's `BatchSettlement` in a transaction, as `transact` does of the market. */
export function transactChannel<const Name extends WriteName>(
  client: WriteClient,
  call: {
    readonly functionName: Name;
    readonly args: ContractFunctionArgs<typeof batchSettlementAbi, "nonpayable", Name>;
  },
): Promise<Transacted> {
  const { functionName, args } = call;
  return transactAny(client, {
    ...{ address, abi: channelCallAbi, functionName, args: args as readonly unknown[], sentences },
  });
}

/** Reads a view of x402's `BatchSettlement`. Throws `CHANNELS_MISSING` on a chain that has none. */
export async function readChannel<
  const Name extends ReadName,
  const Args extends ContractFunctionArgs<typeof batchSettlementAbi, "view", Name>,
>(
  client: ReadClient,
  call: { readonly functionName: Name; readonly args: Args; readonly blockNumber?: bigint },
): Promise<ContractFunctionReturnType<typeof batchSettlementAbi, "view", Name, Args>> {
  const { functionName, args, blockNumber } = call;
  const request = { address, abi: batchSettlementAbi, functionName, args: args as readonly unknown[] };
  try {
    const result = await readAny(client, request, blockNumber);
    return result as ContractFunctionReturnType<typeof batchSettlementAbi, "view", Name, Args>;
  } catch (error) {
    if (error instanceof ChainError && error.code === "MARKET_MISSING") {
      const sentence = "x402's BatchSettlement is not on this chain: there are no payment channels.";
      throw new ChainError("CHANNELS_MISSING", sentence, { details: { address }, cause: error });
    }
    throw error;
  }
}

/** The arguments of the one event of a name in a receipt. Throws `EVENT_MISSING` where there is none. */
export function channelEventIn<const Name extends ContractEventName<typeof batchSettlementAbi>>(
  { receipt }: Transacted,
  eventName: Name,
): ContractEventArgsFromTopics<typeof batchSettlementAbi, Name, true> {
  const events = argsOfEvents(receipt, { address, abi: batchSettlementAbi, eventName });
  const found = events as ContractEventArgsFromTopics<typeof batchSettlementAbi, Name, true>[];
  return requireEvent(found, receipt, eventName, address);
}
