import type {
  Abi,
  Address,
  ContractEventArgsFromTopics,
  ContractEventName,
  ContractFunctionArgs,
  ContractFunctionName,
  ContractFunctionReturnType,
  Hash,
  TransactionReceipt,
} from "viem";
import { isAddressEqual, parseEventLogs } from "viem";
import { readContract, simulateContract, waitForTransactionReceipt, writeContract } from "viem/actions";
import { ChainError, type ContractRevertError, type TouchstoneError } from "../../errors.ts";
import { marketAbi } from "../../protocol/generated/abi.ts";
import { asTouchstoneError, marketCallAbi, type RevertSentences } from "./chain-errors.ts";
import { type ReadClient, requireAccount, requireChain, type WriteClient } from "./clients.ts";

/** What every action that sends a transaction returns: it is mined and did not revert. */
export interface Transacted {
  readonly hash: Hash;
  readonly receipt: TransactionReceipt;
}

/** What every action that sends a transaction may throw. */
export type TransactErrorType = ContractRevertError | ChainError;

/** What every action that reads the chain may throw. */
export type ReadErrorType = ContractRevertError | ChainError;

type WriteName = ContractFunctionName<typeof marketAbi, "nonpayable">;
type ReadName = ContractFunctionName<typeof marketAbi, "view" | "pure">;

/** A call as viem's contract actions take it; the types of the contracts' own calls are held by typed functions around it. */
interface Call {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
  /** Of errors that the market's contracts have not, or have in another sense. */
  readonly sentences?: RevertSentences;
}

/** Told of a transaction that was sent and is not mined yet. */
type OnSent = (hash: Hash) => void;

/** Calls a function of the market in a transaction: simulates it first, so that a revert is typed, and waits till it is mined. */
export function transact<const Name extends WriteName>(
  client: WriteClient,
  {
    market,
    functionName,
    args,
  }: {
    readonly market: Address;
    readonly functionName: Name;
    readonly args: ContractFunctionArgs<typeof marketAbi, "nonpayable", Name>;
  },
  onSent?: OnSent,
): Promise<Transacted> {
  const call = { address: market, abi: marketCallAbi, functionName, args: args as readonly unknown[] };
  return transactAny(client, call, onSent);
}

/** As {@link transact}, for any contract. */
export async function transactAny(client: WriteClient, call: Call, onSent?: OnSent): Promise<Transacted> {
  const account = requireAccount(client);
  let hash: Hash | undefined;
  try {
    await requireChain(client);
    // The pending block has the time that the transaction will see; the latest may be long ago.
    await simulateContract(client, { ...call, account, blockTag: "pending" });
    hash = await writeContract(client, { ...call, account, chain: client.chain ?? null });
    onSent?.(hash);
    const receipt = await waitForTransactionReceipt(client, { hash });
    if (receipt.status === "reverted") {
      throw await revertOf(client, call, receipt);
    }
    return { hash: receipt.transactionHash, receipt };
  } catch (error) {
    throw withHash(asTouchstoneError(error, call.functionName, call.sentences), hash);
  }
}

/** Reads a view of the market. */
export async function readMarket<
  const Name extends ReadName,
  const Args extends ContractFunctionArgs<typeof marketAbi, "view" | "pure", Name>,
>(
  client: ReadClient,
  call: {
    readonly market: Address;
    readonly functionName: Name;
    readonly args: Args;
    readonly blockNumber?: bigint;
  },
): Promise<ContractFunctionReturnType<typeof marketAbi, "view" | "pure", Name, Args>> {
  const { market, functionName, args, blockNumber } = call;
  const request: Call = { address: market, abi: marketCallAbi, functionName, args: args as readonly unknown[] };
  const result = await readAny(client, request, blockNumber);
  return result as ContractFunctionReturnType<typeof marketAbi, "view" | "pure", Name, Args>;
}

/** As {@link readMarket}, for any contract. */
export function readAny(client: ReadClient, call: Call, blockNumber?: bigint): Promise<unknown> {
  const at = blockNumber === undefined ? {} : { blockNumber };
  return chainCall(call.functionName, () => readContract(client, { ...call, ...at }));
}

/** Does what asks the RPC server, so that a failure is typed. */
export async function chainCall<T>(name: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw asTouchstoneError(error, name);
  }
}

/** The arguments of the market's events of one name in a receipt, in order. */
export function eventsIn<const Name extends ContractEventName<typeof marketAbi>>(
  receipt: TransactionReceipt,
  market: Address,
  eventName: Name,
): ContractEventArgsFromTopics<typeof marketAbi, Name, true>[] {
  const events = argsOfEvents(receipt, { address: market, abi: marketAbi, eventName });
  return events as ContractEventArgsFromTopics<typeof marketAbi, Name, true>[];
}

/** The arguments of the market's one event of a name in a receipt. Throws `EVENT_MISSING` where there is none. */
export function eventIn<const Name extends ContractEventName<typeof marketAbi>>(
  receipt: TransactionReceipt,
  market: Address,
  eventName: Name,
): ContractEventArgsFromTopics<typeof marketAbi, Name, true> {
  return requireEvent(eventsIn(receipt, market, eventName), receipt, eventName, market);
}

/** The arguments of a contract's events of one name in a receipt, in order. */
export function argsOfEvents(
  receipt: TransactionReceipt,
  { address, abi, eventName }: { readonly address: Address; readonly abi: Abi; readonly eventName: string },
): unknown[] {
  const logs = receipt.logs.filter((log) => isAddressEqual(log.address, address));
  const parsed: readonly { readonly args?: unknown }[] = parseEventLogs({ abi, eventName, logs });
  return parsed.map(({ args }) => args);
}

/** The first of a contract's events. Throws `EVENT_MISSING` where there is none. */
export function requireEvent<Args>(
  [first]: readonly Args[],
  { transactionHash: hash }: TransactionReceipt,
  eventName: string,
  contract: Address,
): Args {
  if (first === undefined) {
    const sentence = `Transaction ${hash} has no ${eventName}: is ${contract} the contract's address on this chain?`;
    throw new ChainError("EVENT_MISSING", sentence, { details: { hash, eventName } });
  }
  return first;
}

/** Why a mined transaction reverted, found by making the call again on the state it left. */
async function revertOf(client: WriteClient, call: Call, receipt: TransactionReceipt): Promise<TouchstoneError> {
  const account = requireAccount(client);
  try {
    await simulateContract(client, { ...call, account, blockNumber: receipt.blockNumber });
  } catch (error) {
    return asTouchstoneError(error, call.functionName, call.sentences);
  }
  const sentence =
    "The transaction was mined and reverted; the same call would pass now. Its state was changed in between.";
  return new ChainError("TRANSACTION_REVERTED", sentence, { details: { functionName: call.functionName } });
}

/** A failure after the send must name the transaction: it may have happened all the same. */
function withHash(error: TouchstoneError, hash: Hash | undefined): TouchstoneError {
  return hash === undefined ? error : Object.assign(error, { details: { ...error.details, hash } });
}
