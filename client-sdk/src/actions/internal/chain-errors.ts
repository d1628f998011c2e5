import {
  type Abi,
  BaseError,
  ChainMismatchError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  HttpRequestError,
  InsufficientFundsError,
  RpcError,
  RpcRequestError,
  SocketClosedError,
  TimeoutError,
  WaitForCallsStatusTimeoutError,
  WaitForTransactionReceiptTimeoutError,
  WebSocketRequestError,
} from "viem";
import { ChainError, ContractRevertError, TouchstoneError } from "../../errors.ts";
import { courtAbi, marketAbi, testTokenAbi } from "../../protocol/generated/abi.ts";
import { courtSentences, marketSentences, RETRYABLE_REVERTS, tokenSentences } from "./revert-sentences.ts";

/** The errors of a contract. */
export const errorsOf = (abi: Abi): Abi => abi.filter(({ type }) => type === "error");

/** The market's ABI with the errors that its token and its court may add, so that all of them decode. */
export const marketCallAbi: Abi = [...marketAbi, ...errorsOf(courtAbi), ...errorsOf(testTokenAbi)];

/** The court's ABI with the errors that its market may add. */
export const courtCallAbi: Abi = [...courtAbi, ...errorsOf(marketAbi)];

/** Sentences by the names of errors. */
export type RevertSentences = Readonly<Record<string, ((...args: readonly unknown[]) => string) | undefined>>;

const commonSentences = { ...tokenSentences, ...courtSentences, ...marketSentences } as RevertSentences;

/** What says that the server, or the way to it, failed; all else is a fault of the call. */
const TRANSPORT_ERRORS: readonly (abstract new (...args: never[]) => Error)[] = [
  HttpRequestError,
  RpcError,
  RpcRequestError,
  SocketClosedError,
  TimeoutError,
  WebSocketRequestError,
];

/** By which wallets say that their owner refused: EIP-1193's code, WalletConnect's, and of a refused upgrade EIP-5792's. */
const REFUSALS: readonly unknown[] = [4001, 5000, 5750];

/** Whether the owner of a wallet refused, as opposed to a wallet that cannot. */
export function isWalletRefusal(error: unknown): boolean {
  return hasCode(error, REFUSALS);
}

/** Whether an error, or one that it came from, has one of these codes. */
export function hasCode(error: unknown, codes: readonly unknown[]): boolean {
  if (typeof error !== "object" || error === null) {
    return false;
  }
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return codes.includes(code) || hasCode(cause, codes);
}

/** What viem threw, as one of ours with the cause kept. An error that is ours already stays. `own` sentences go first. */
export function asTouchstoneError(error: unknown, functionName: string, own: RevertSentences = {}): TouchstoneError {
  if (error instanceof TouchstoneError) {
    return error;
  }
  const find = <T>(kind: abstract new (...args: never[]) => T): T | undefined =>
    error instanceof BaseError ? ((error.walk((cause) => cause instanceof kind) as T | null) ?? undefined) : undefined;

  const revert = find(ContractFunctionRevertedError);
  if (revert !== undefined) {
    return fromRevert(revert, functionName, { sentences: { ...commonSentences, ...own }, cause: error });
  }
  const context = { details: { functionName }, cause: error };
  if (isWalletRefusal(error)) {
    return new ChainError("WALLET_REFUSED", "The wallet's owner refused to sign.", context);
  }
  if (find(ChainMismatchError) !== undefined) {
    return new ChainError("CHAIN_MISMATCH", "The wallet is on another chain: switch it.", context);
  }
  if (find(InsufficientFundsError) !== undefined) {
    const sentence = "The account cannot pay the gas: send it some of the chain's own currency.";
    return new ChainError("GAS_MONEY_MISSING", sentence, context);
  }
  if (find(ContractFunctionZeroDataError) !== undefined) {
    const sentence = "There is no market at this address on this chain: check both.";
    return new ChainError("MARKET_MISSING", sentence, context);
  }
  if (find(WaitForTransactionReceiptTimeoutError) !== undefined || find(WaitForCallsStatusTimeoutError) !== undefined) {
    const sentence =
      "The transaction was sent and is not mined yet: it may still be. Look for its hash before you repeat.";
    return new ChainError("RECEIPT_TIMEOUT", sentence, context);
  }
  if (TRANSPORT_ERRORS.some((kind) => find(kind) !== undefined)) {
    const sentence = `The RPC server failed at \`${functionName}\`: ${shortMessageOf(error)}`;
    return new ChainError("RPC_FAILED", sentence, context);
  }
  const sentence = `\`${functionName}\` could not be called: ${shortMessageOf(error)}`;
  return new ChainError("CALL_INVALID", sentence, context);
}

function fromRevert(
  revert: ContractFunctionRevertedError,
  functionName: string,
  { sentences, cause }: { readonly sentences: RevertSentences; readonly cause: unknown },
): ContractRevertError {
  const errorName = revert.data?.errorName ?? "Unknown";
  const args = revert.data?.args ?? [];
  const sentence =
    sentences[errorName]?.(...args) ??
    `The call was refused: ${revert.reason ?? revert.signature ?? "without a reason"}.`;
  const retryable = RETRYABLE_REVERTS.includes(errorName);
  return new ContractRevertError(sentence, { errorName, args, retryable, functionName, cause });
}

function shortMessageOf(error: unknown): string {
  if (error instanceof BaseError) {
    return error.shortMessage;
  }
  return error instanceof Error ? error.message : String(error);
}
