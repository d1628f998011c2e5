import type { Address, Hex } from "viem";
import { encodeAbiParameters, keccak256 } from "viem/utils";
import { InvalidDataError } from "../errors.ts";
import {
  channelConfigTypes,
  claimBatchTypes,
  receiveWithAuthorizationTypes,
  refundTypes,
  transferWithAuthorizationTypes,
  voucherTypes,
} from "./generated/typed-data.ts";
import { typedDigest } from "./struct-hash.ts";

// x402 version 2, scheme `batch-settlement` (https://github.com/x402-foundation/x402, specs/schemes/batch-settlement):
// one deposit on chain, then a signed voucher for each call. Types and digests are those of `@x402/evm`; tests compare.

/** The contract that holds channels, at one address on every chain. */
export const BATCH_SETTLEMENT_ADDRESS: Address = "0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003";

/** The contract that pulls deposits by ERC-3009 authorizations. */
export const ERC3009_COLLECTOR_ADDRESS: Address = "0x4020806089470a89826cB9fB1f4059150b550004";

/** The version of x402 that is spoken here. */
export const X402_VERSION = 2;

/** Seconds that a channel's payer must wait for what it withdraws: the bounds of the contract. */
export const MIN_WITHDRAW_DELAY = 900;
export const MAX_WITHDRAW_DELAY = 2_592_000;

/** What a channel is: its hash is its id. */
export interface ChannelConfig {
  /** Whose money it is. */
  readonly payer: Address;
  /** Who signs vouchers; zero: the payer, which may be a contract. */
  readonly payerAuthorizer: Address;
  /** Who is paid. */
  readonly receiver: Address;
  /** Who claims and refunds for the receiver. */
  readonly receiverAuthorizer: Address;
  readonly token: Address;
  /** Seconds from the request of a withdrawal to its end. */
  readonly withdrawDelay: number;
  /** Makes channels that are equal otherwise distinct. */
  readonly salt: Hex;
}

/** A promise to pay up to so much in all. */
export interface Voucher {
  readonly channelId: Hex;
  /** Cumulative, token units. */
  readonly maxClaimableAmount: bigint;
}

/** What the receiver's authorizer signs to have part of a voucher paid out. */
export interface ClaimEntry extends Voucher {
  /** All that is claimed of the channel then, what was claimed before included. Token units. */
  readonly totalClaimed: bigint;
}

/** The argument of `claim`: a voucher and how much of it is claimed. */
export interface VoucherClaim {
  readonly voucher: { readonly channel: ChannelConfig; readonly maxClaimableAmount: bigint };
  /** The payer's, over the voucher. */
  readonly signature: Hex;
  readonly totalClaimed: bigint;
}

const batchSettlementDomain = { name: "x402 Batch Settlement", version: "1" } as const;

const DEPOSIT_NONCE = [{ type: "bytes32" }, { type: "uint256" }] as const;
const COLLECTOR_DATA = [{ type: "uint256" }, { type: "uint256" }, { type: "uint256" }, { type: "bytes" }] as const;

const domainOf = (chainId: number) =>
  ({ ...batchSettlementDomain, chainId, verifyingContract: BATCH_SETTLEMENT_ADDRESS }) as const;

/** A chain's name in x402 (CAIP-2), such as `eip155:8453`. */
export function caip2(chainId: number): `eip155:${number}` {
  return `eip155:${chainId}`;
}

/** The chain behind its CAIP-2 name. Throws `INVALID_DATA` for anything but an EVM chain. */
export function chainIdOf(network: string): number {
  const [, digits] = /^eip155:([1-9]\d{0,14})$/.exec(network) ?? [];
  if (digits === undefined) {
    throw new InvalidDataError("network", ["all: must be eip155: and a chain id"]);
  }
  return Number(digits);
}

/** The id of a channel: the EIP-712 digest of its config, so it binds chain and contract. */
export function channelId({ chainId, config }: { readonly chainId: number; readonly config: ChannelConfig }): Hex {
  const domain = domainOf(chainId);
  return typedDigest({ domain, types: channelConfigTypes, primaryType: "ChannelConfig", message: config });
}

/** The EIP-712 typed data of a voucher, for `signTypedData` by the payer's authorizer. */
export function voucherTypedData({ chainId, voucher }: { readonly chainId: number; readonly voucher: Voucher }) {
  return { domain: domainOf(chainId), types: voucherTypes, primaryType: "Voucher", message: voucher } as const;
}

/** What is signed of a voucher. */
export function voucherDigest(parameters: { readonly chainId: number; readonly voucher: Voucher }): Hex {
  return typedDigest(voucherTypedData(parameters));
}

/** The typed data by which the receiver's authorizer gives back unclaimed money, for `refundWithSignature`. */
export function refundTypedData({
  chainId,
  refund,
}: {
  readonly chainId: number;
  /** `nonce`: the channel's `refundNonce`. `amount` in token units. */
  readonly refund: { readonly channelId: Hex; readonly nonce: bigint; readonly amount: bigint };
}) {
  return { domain: domainOf(chainId), types: refundTypes, primaryType: "Refund", message: refund } as const;
}

/** The typed data by which the receiver's authorizer lets anyone claim, for `claimWithSignature`. */
export function claimBatchTypedData({
  chainId,
  claims,
}: {
  readonly chainId: number;
  readonly claims: readonly ClaimEntry[];
}) {
  const message = { claims };
  return { domain: domainOf(chainId), types: claimBatchTypes, primaryType: "ClaimBatch", message } as const;
}

/** Which token: with its EIP-712 name and version, as a card or `extra` of payment requirements say. */
export interface TokenDomain {
  readonly chainId: number;
  readonly asset: Address;
  readonly assetName: string;
  readonly assetVersion: string;
}

/** Who gives how much into which channel, and when that may be done. */
export interface ChannelDeposit {
  readonly channelId: Hex;
  /** The channel's payer, who signs. */
  readonly payer: Address;
  /** Token units. */
  readonly amount: bigint;
  /** Unix seconds; good after the one and before the other. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  /** Makes deposits that are equal otherwise distinct; below 2^256. */
  readonly salt: bigint;
}

/** The ERC-3009 nonce of a deposit: `keccak256(abi.encode(channelId, salt))`, which binds the money to the channel. */
export function depositNonce({ channelId, salt }: { readonly channelId: Hex; readonly salt: bigint }): Hex {
  return keccak256(encodeAbiParameters(DEPOSIT_NONCE, [channelId, salt]));
}

/** The ERC-3009 typed data of a deposit: the payer lets the collector receive it for this channel alone. */
export function depositAuthorizationTypedData({
  token,
  deposit,
}: {
  readonly token: TokenDomain;
  readonly deposit: ChannelDeposit;
}) {
  const { chainId, asset, assetName, assetVersion } = token;
  const { payer, amount, validAfter, validBefore } = deposit;
  const nonce = depositNonce(deposit);
  return {
    domain: { name: assetName, version: assetVersion, chainId, verifyingContract: asset },
    types: receiveWithAuthorizationTypes,
    primaryType: "ReceiveWithAuthorization",
    message: { from: payer, to: ERC3009_COLLECTOR_ADDRESS, value: amount, validAfter, validBefore, nonce },
  } as const;
}

/** `collectorData` of the contract's `deposit` for the ERC-3009 collector. */
export function depositCollectorData({
  validAfter,
  validBefore,
  salt,
  signature,
}: Pick<ChannelDeposit, "validAfter" | "validBefore" | "salt"> & { readonly signature: Hex }): Hex {
  return encodeAbiParameters(COLLECTOR_DATA, [validAfter, validBefore, salt, signature]);
}

/** An ERC-3009 transfer that pays one call: scheme `exact`. */
export interface ExactAuthorization {
  readonly from: Address;
  readonly to: Address;
  /** Token units. */
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  /** 32 random bytes. */
  readonly nonce: Hex;
}

/** The ERC-3009 typed data of an exact payment. */
export function exactAuthorizationTypedData({
  token,
  authorization,
}: {
  readonly token: TokenDomain;
  readonly authorization: ExactAuthorization;
}) {
  const { chainId, asset, assetName, assetVersion } = token;
  return {
    domain: { name: assetName, version: assetVersion, chainId, verifyingContract: asset },
    types: transferWithAuthorizationTypes,
    primaryType: "TransferWithAuthorization",
    message: authorization,
  } as const;
}
