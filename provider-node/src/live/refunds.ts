import { type RefundPayload, refundTypedData } from "@touchstone/sdk/protocol";
import type { LocalAccount } from "viem";
import { refundAction } from "../chain/settlement.ts";
import type { Submitter } from "../chain/submitter.ts";
import { NodeError } from "../errors.ts";
import type { ChannelRefund } from "../store/channels.ts";
import type { ChannelAccount } from "./account.ts";
import { claimOf } from "./claims.ts";
import type { Ledger } from "./ledger.ts";
import type { PaymentProblem } from "./payment.ts";

/** What refunds work with. */
export interface RefundsOptions {
  readonly chainId: number;
  readonly ledger: Ledger;
  readonly submitter: Pick<Submitter, "send">;
  /** The channels' receiverAuthorizer. */
  readonly account: LocalAccount;
}

/** What was given back. */
export interface Refunded {
  /** Token units. */
  readonly amount: bigint;
  readonly transaction: string;
}

/** Gives payers the unused rest of their channels, once for each request, whatever is interrupted. */
export class Refunds {
  readonly #options: RefundsOptions;

  constructor(options: RefundsOptions) {
    this.#options = options;
  }

  /** Why a refund is not begun. Nothing may be charged while one is under way, so no call may run. */
  problemOf(account: ChannelAccount, { voucher, amount }: RefundPayload): PaymentProblem | undefined {
    if (BigInt(voucher.maxClaimableAmount) !== account.charged && account.running.size === 0) {
      const message = "The refund's voucher must be for what the channel was charged. See `channelState`.";
      return { fault: "PAYMENT_TOO_LOW", message };
    }
    if (account.running.size > 0 || account.refund !== undefined) {
      return { fault: "CHANNEL_BUSY", message: "Calls of this channel run. Ask again when they are over." };
    }
    const rest = restOf(account);
    if (rest === 0n) {
      return { fault: "REFUND_EMPTY", message: "Nothing is left in this channel." };
    }
    if (amount !== undefined && (BigInt(amount) === 0n || BigInt(amount) > rest)) {
      return { fault: "REFUND_AMOUNT", message: `At most ${rest} units are left in this channel.` };
    }
    return undefined;
  }

  /** Begins a refund that has no problem. */
  async begin(account: ChannelAccount, { amount }: RefundPayload): Promise<Refunded> {
    const wanted = amount === undefined ? restOf(account) : BigInt(amount);
    const refund = { amount: wanted, nonce: account.chain.refundNonce };
    account.refund = refund;
    await this.#options.ledger.write(account);
    return this.carryOut(account, refund);
  }

  /**
   * Sends a refund that was begun, or finds that it was sent.
   *
   * @throws NodeError `TRANSACTION_REVERTED`: there is no refund any more; others are retryable, and it goes on later.
   */
  async carryOut(account: ChannelAccount, { amount, nonce }: ChannelRefund): Promise<Refunded> {
    const { chainId, ledger, submitter, account: authorizer } = this.#options;
    const { id, config } = account;
    const purpose = `live:refund:${id}:${nonce}`;
    try {
      const refund = { channelId: id, nonce, amount };
      const signature = await authorizer.signTypedData(refundTypedData({ chainId, refund }));
      const action = refundAction({ claims: claimOf(account), config, amount, nonce, signature });
      const { hash } = await submitter.send({ ...action, purpose });
      await this.#end(account);
      return { amount, transaction: hash };
    } catch (error) {
      if (error instanceof NodeError && error.code === "TRANSACTION_REVERTED") {
        await ledger.sync(account);
        const wasDone = account.chain.refundNonce > nonce;
        await this.#end(account);
        if (wasDone) {
          return { amount, transaction: "" };
        }
      }
      throw error;
    }
  }

  async #end(account: ChannelAccount): Promise<void> {
    account.refund = undefined;
    await this.#options.ledger.write(account);
    await this.#options.ledger.sync(account);
  }
}

function restOf({ chain, charged }: ChannelAccount): bigint {
  return chain.balance > charged ? chain.balance - charged : 0n;
}
