import {
  type Address,
  type Hex,
  keccak256,
  type LocalAccount,
  type PublicClient,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from "viem";
import { NodeError } from "../errors.ts";
import type { FeeMarket, Fees } from "./fees.ts";
import { nodeErrorName, revertOf } from "./rpc.ts";

/** What a transaction does. */
export interface Action {
  readonly to: Address;
  readonly data: Hex;
}

/** Gas limits leave a quarter above the estimate: what a call costs can grow before it is mined. */
const GAS_MARGIN = { times: 5n, over: 4n } as const;
const PLAIN_TRANSFER_GAS = 21_000n;

/** A key on a chain: what it can sign, send and find out. It remembers nothing. */
export class Wallet {
  readonly #client: PublicClient;
  readonly #chainId: number;
  readonly #account: LocalAccount;

  constructor(client: PublicClient, chainId: number, account: LocalAccount) {
    this.#client = client;
    this.#chainId = chainId;
    this.#account = account;
  }

  /** Number of the newest block. */
  async head(): Promise<number> {
    return Number(await this.#client.getBlockNumber());
  }

  /** The gas limit of an action. Throws what the market says if it would revert. */
  async estimateGas({ to, data }: Action): Promise<bigint> {
    const gas = await this.#client.estimateGas({ account: this.#account.address, to, data });
    return (gas * GAS_MARGIN.times) / GAS_MARGIN.over;
  }

  /** Whether an action would revert on the newest block: the pool may hold this very action, after which most revert. */
  async wouldRevert({ to, data }: Action): Promise<boolean> {
    try {
      await this.#client.estimateGas({ account: this.#account.address, to, data, blockTag: "latest" });
      return false;
    } catch (error) {
      if (revertOf(error) === undefined) {
        throw error;
      }
      return true;
    }
  }

  async feeMarket(): Promise<FeeMarket & { readonly head: number }> {
    const [block, tip] = await Promise.all([this.#client.getBlock(), this.#client.estimateMaxPriorityFeePerGas()]);
    return { baseFee: block.baseFeePerGas ?? 0n, tip, head: Number(block.number) };
  }

  /** @throws NodeError `GAS_MONEY_MISSING` if the key has less than `cost`, wei. */
  async requireFunds(cost: bigint): Promise<void> {
    if ((await this.#client.getBalance({ address: this.#account.address })) < cost) {
      throw this.#gasMoneyMissing();
    }
  }

  /** The first nonce that no mined transaction of this key has; with `pending`, none in the pool of the endpoint either. */
  nextNonce(blockTag: "latest" | "pending"): Promise<number> {
    return this.#client.getTransactionCount({ address: this.#account.address, blockTag });
  }

  /** Signs an action, or without one a transfer of nothing to itself, which frees the nonce. */
  async sign(nonce: number, fees: Fees, action?: Action & { readonly gas: bigint }) {
    const nothing = { to: this.#account.address, gas: PLAIN_TRANSFER_GAS };
    const body = action === undefined ? nothing : { to: action.to, data: action.data, gas: action.gas };
    const { maxFeePerGas, maxPriorityFeePerGas } = fees;
    const bid = { maxFeePerGas, maxPriorityFeePerGas };
    const frame = { type: "eip1559", chainId: this.#chainId, nonce, value: 0n } as const;
    const raw = await this.#account.signTransaction({ ...frame, ...body, ...bid });
    return { hash: keccak256(raw), raw, ...bid };
  }

  /**
   * Sends signed bytes.
   *
   * @returns Why the endpoint did not take them, most often because it has them; nothing if it did.
   * @throws NodeError `GAS_MONEY_MISSING`.
   */
  async send(raw: Hex): Promise<string | undefined> {
    try {
      await this.#client.sendRawTransaction({ serializedTransaction: raw });
      return undefined;
    } catch (error) {
      const reason = nodeErrorName(error);
      if (reason === "InsufficientFundsError") {
        throw this.#gasMoneyMissing(error);
      }
      return reason;
    }
  }

  /** The receipt of the first of these transactions that was mined. */
  async receiptOf(hashes: readonly Hex[]): Promise<TransactionReceipt | undefined> {
    for (const hash of hashes) {
      try {
        return await this.#client.getTransactionReceipt({ hash });
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError)) {
          throw error;
        }
      }
    }
    return undefined;
  }

  #gasMoneyMissing(cause?: unknown): NodeError {
    const { address } = this.#account;
    const sentence = `The key ${address} has too few coins to pay for gas. Send it some.`;
    return new NodeError("GAS_MONEY_MISSING", sentence, { cause, details: { address } });
  }
}
