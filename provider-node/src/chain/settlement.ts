import {
  BATCH_SETTLEMENT_ADDRESS,
  batchSettlementAbi,
  type ChannelConfig,
  type DepositPayload,
  depositCollectorData,
  ERC3009_COLLECTOR_ADDRESS,
  type ExactPayload,
  type VoucherClaim,
} from "@touchstone/sdk/protocol";
import { type Address, encodeFunctionData, type Hex, type PublicClient, parseAbi } from "viem";
import type { ChannelOnChain } from "../store/channels.ts";
import type { Action } from "./wallet.ts";

/** What the node needs of a token beyond ERC-20: the names of its EIP-712 domain, and ERC-3009. */
const TOKEN = parseAbi([
  "function name() view returns (string)",
  "function version() view returns (string)",
  "function authorizationState(address authorizer, bytes32 nonce) view returns (bool)",
  "function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)",
]);
const MARKET = parseAbi(["function token() view returns (address)"]);

const CHANNELS = { address: BATCH_SETTLEMENT_ADDRESS, abi: batchSettlementAbi } as const;

/** A token as its signatures name it. */
export interface PaidToken {
  readonly asset: Address;
  /** EIP-712 name and version. */
  readonly assetName: string;
  readonly assetVersion: string;
}

/** What the node reads of x402's channels and of the token they hold. */
export class SettlementReader {
  readonly #client: PublicClient;
  /** Blocks that money must be deep before it counts; 1 is the newest block. */
  readonly #confirmations: number;

  constructor(client: PublicClient, confirmations: number) {
    this.#client = client;
    this.#confirmations = confirmations;
  }

  /** Whether this chain has x402's contracts for channels. */
  async isDeployed(): Promise<boolean> {
    const addresses = [BATCH_SETTLEMENT_ADDRESS, ERC3009_COLLECTOR_ADDRESS];
    const codes = await Promise.all(addresses.map((address) => this.#client.getCode({ address })));
    return codes.every((code) => code !== undefined);
  }

  /** The token of a market, with its EIP-712 names. Throws where it has no `version`. */
  async tokenOf(market: Address): Promise<PaidToken> {
    const asset = await this.#client.readContract({ address: market, abi: MARKET, functionName: "token" });
    const [assetName, assetVersion] = await Promise.all([
      this.#client.readContract({ address: asset, abi: TOKEN, functionName: "name" }),
      this.#client.readContract({ address: asset, abi: TOKEN, functionName: "version" }),
    ]);
    return { asset, assetName, assetVersion };
  }

  /**
   * How a channel stands, at its worst between the newest block and the one that is deep enough: money that a reorg could
   * take away is not counted, and a withdrawal counts at once.
   */
  async channelOf(id: Hex): Promise<ChannelOnChain> {
    const newest = await this.#client.getBlockNumber();
    const depth = BigInt(this.#confirmations - 1);
    const at = await this.#channelAt(id, newest);
    if (depth === 0n || newest < depth) {
      return at;
    }
    const deep = await this.#channelAt(id, newest - depth);
    const { balance } = deep.balance < at.balance ? deep : at;
    return {
      balance,
      claimed: deep.claimed,
      withdrawalAt: Math.max(deep.withdrawalAt, at.withdrawalAt),
      refundNonce: deep.refundNonce,
    };
  }

  async #channelAt(id: Hex, blockNumber: bigint): Promise<ChannelOnChain> {
    const args = [id] as const;
    const [[balance, claimed], [, withdrawalAt], refundNonce] = await Promise.all([
      this.#client.readContract({ ...CHANNELS, functionName: "channels", args, blockNumber }),
      this.#client.readContract({ ...CHANNELS, functionName: "pendingWithdrawals", args, blockNumber }),
      this.#client.readContract({ ...CHANNELS, functionName: "refundNonce", args, blockNumber }),
    ]);
    return { balance, claimed, withdrawalAt: Number(withdrawalAt), refundNonce };
  }

  /** What was claimed for a receiver and not sent to it yet. Token units. */
  async unsettled(receiver: Address, token: Address): Promise<bigint> {
    const args = [receiver, token] as const;
    const [claimed, settled] = await this.#client.readContract({ ...CHANNELS, functionName: "receivers", args });
    return claimed - settled;
  }

  /** Whether an ERC-3009 authorization was used, by whomever. */
  isUsed(token: Address, from: Address, nonce: Hex): Promise<boolean> {
    const args = [from, nonce] as const;
    return this.#client.readContract({ address: token, abi: TOKEN, functionName: "authorizationState", args });
  }

  /** Whether one of these transactions is in the chain and did what it should. */
  async hasSucceeded(hashes: readonly Hex[]): Promise<boolean> {
    for (const hash of hashes) {
      const receipt = await this.#client.getTransactionReceipt({ hash }).catch(() => undefined);
      if (receipt !== undefined) {
        return receipt.status === "success";
      }
    }
    return false;
  }

  /** Plays an action on the chain as it is, without sending anything. Throws what the contracts say. */
  async play({ to, data }: Action, account: Address): Promise<void> {
    await this.#client.call({ account, to, data });
  }
}

/** Brings a payer's authorization to its channel. */
export function depositAction({ channelConfig, deposit }: Pick<DepositPayload, "channelConfig" | "deposit">): Action {
  const { validAfter, validBefore, salt, signature } = deposit.authorization.erc3009Authorization;
  const given = { validAfter: BigInt(validAfter), validBefore: BigInt(validBefore), salt: BigInt(salt), signature };
  const args = [channelConfig, BigInt(deposit.amount), ERC3009_COLLECTOR_ADDRESS, depositCollectorData(given)] as const;
  return actionOf(encodeFunctionData({ ...CHANNELS, functionName: "deposit", args }));
}

/** Brings an exact payment to the token. */
export function exactAction(token: Address, { authorization, signature }: ExactPayload): Action {
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const args = [from, to, BigInt(value), BigInt(validAfter), BigInt(validBefore), nonce, signature] as const;
  return { to: token, data: encodeFunctionData({ abi: TOKEN, functionName: "transferWithAuthorization", args }) };
}

/** Claims by vouchers. Totals, so that the same again does nothing. */
export function claimAction(claims: readonly VoucherClaim[]): Action {
  return actionOf(encodeFunctionData({ ...CHANNELS, functionName: "claim", args: [claims] }));
}

/** Has what was claimed sent to the receiver. */
export function settleAction(receiver: Address, token: Address): Action {
  return actionOf(encodeFunctionData({ ...CHANNELS, functionName: "settle", args: [receiver, token] }));
}

/** A refund by the receiver's authorizer: what was charged is claimed first, in the same transaction. */
export function refundAction(refund: {
  readonly claims: readonly VoucherClaim[];
  readonly config: ChannelConfig;
  readonly amount: bigint;
  /** The channel's `refundNonce`, which makes this refund happen once. */
  readonly nonce: bigint;
  /** The authorizer's, over channel, nonce and amount. */
  readonly signature: Hex;
}): Action {
  const { claims, config, amount, nonce, signature } = refund;
  const args = [config, amount, nonce, signature] as const;
  const back = encodeFunctionData({ ...CHANNELS, functionName: "refundWithSignature", args });
  const calls = claims.length === 0 ? [back] : [claimAction(claims).data, back];
  return actionOf(encodeFunctionData({ ...CHANNELS, functionName: "multicall", args: [calls] }));
}

function actionOf(data: Hex): Action {
  return { to: BATCH_SETTLEMENT_ADDRESS, data };
}
