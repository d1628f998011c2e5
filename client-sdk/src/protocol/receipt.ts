import { type Address, type Hex, zeroAddress, zeroHash } from "viem";
import type { Frozen } from "./frozen.ts";
import { RECEIPT } from "./generated/constants.ts";
import { callTypes, marketDomain, receiptTypes } from "./generated/typed-data.ts";
import { type JobSpec, jobId, type MarketReference } from "./job.ts";
import { inputLeaf, resultLeaf } from "./leaf.ts";
import { structHash, typedDigest } from "./struct-hash.ts";

/** What a provider signs for one live call: who was served what, and what it cost. EIP-712 under the market's domain. */
export interface Receipt {
  readonly provider: Address;
  /** The account that pays into the channel. */
  readonly payer: Address;
  /** {@link modelId} of the model. */
  readonly model: Hex;
  /** The payment channel, see {@link channelId}. */
  readonly channelId: Hex;
  /** Number of the call in its channel, from 1; given when the call was admitted, before anything was generated. */
  readonly seq: bigint;
  /** All that the channel was charged so far, this call included. Token units. */
  readonly cumulative: bigint;
  /** keccak256 of the exact bytes of the request. */
  readonly requestHash: Hex;
  /** Root over the one result leaf; zero where the buyer left before the end: such a receipt proves a payment only. */
  readonly resultRoot: Hex;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** What this call cost. Token units. */
  readonly amount: bigint;
  /** Unix seconds. */
  readonly issuedAt: number;
}

/** A receipt of one market, which brings receipts to its court for `lifetime` seconds after they were issued. */
export type ReceiptReference = MarketReference & { readonly receipt: Receipt; readonly lifetime: number };

/** Which call of a channel. */
export interface CallReference {
  readonly channelId: Hex;
  readonly seq: bigint;
}

/** The EIP-712 typed data of a receipt, for `signTypedData` by the provider or its operator. */
export function receiptTypedData({ chainId, market, receipt }: MarketReference & { readonly receipt: Receipt }) {
  return {
    domain: { ...marketDomain, chainId, verifyingContract: market },
    types: receiptTypes,
    primaryType: "Receipt",
    message: receipt,
  } as const;
}

/** What the provider or its operator signs. Mirrors `ReceiptLib` under the market's domain. */
export function receiptDigest(parameters: MarketReference & { readonly receipt: Receipt }): Hex {
  return typedDigest(receiptTypedData(parameters));
}

/** `JobSpec.salt` of a receipt's spec: the EIP-712 struct hash `Call(bytes32 channelId,uint64 seq)`. */
export function callSalt({ channelId, seq }: CallReference): Hex {
  return structHash(callTypes, "Call", { channelId, seq });
}

/** `JobSpec.input` of a receipt's spec: a tree of one leaf is that leaf. */
export function callInput(requestHash: Hex): Hex {
  return inputLeaf({ index: 0, requestHash });
}

/**
 * The spec of the job of one item that a receipt stands for, so that the court judges it like any other. Mirrors
 * `ReceiptLib.toSpec`.
 *
 * @param lifetime The court's `receiptLifetime`, seconds.
 */
export function receiptSpec(receipt: Receipt, lifetime: number): JobSpec {
  return {
    client: receipt.payer,
    provider: receipt.provider,
    model: receipt.model,
    input: callInput(receipt.requestHash),
    items: 1,
    price: receipt.amount,
    acceptBy: receipt.issuedAt,
    submitWithin: 0,
    challengeWindow: lifetime,
    flags: RECEIPT,
    callback: zeroAddress,
    callbackGas: 0,
    salt: callSalt(receipt),
  };
}

/** What is frozen of the job that a receipt stands for. Mirrors `ReceiptLib.toFrozen`. */
export function receiptFrozen({ provider, amount, resultRoot }: Receipt, lifetime: number): Frozen {
  return {
    provider,
    price: amount,
    submitWithin: 0,
    challengeWindow: lifetime,
    verified: true,
    submitBlock: 0n,
    resultRoot,
  };
}

/** The id of the job that a receipt stands for: that of its spec, like every job's. */
export function receiptJob({ chainId, market, receipt, lifetime }: ReceiptReference): Hex {
  return jobId({ chainId, market, spec: receiptSpec(receipt, lifetime) });
}

/**
 * `Receipt.resultRoot`: a tree of the one leaf that binds the output to this call. All of the receipt but the root itself
 * and `cumulative` goes into the job's id, so fill it in before.
 */
export function receiptRoot(
  parameters: MarketReference & {
    readonly receipt: Omit<Receipt, "resultRoot">;
    readonly lifetime: number;
    /** keccak256 of the exact bytes of the output. */
    readonly outputHash: Hex;
    readonly traceRoot: Hex;
  },
): Hex {
  const { outputHash, traceRoot, receipt, ...rest } = parameters;
  const job = receiptJob({ ...rest, receipt: { ...receipt, resultRoot: zeroHash } });
  return resultLeaf({ job, provider: receipt.provider, index: 0, outputHash, traceRoot });
}
