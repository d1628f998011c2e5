import type { Hex } from "viem";
import type { ChannelAccount, Held } from "./account.ts";
import type { Purse } from "./call.ts";
import type { Payment } from "./payment.ts";

/** The name that a voucher has among the payments of its channel. */
export function paymentName(ceiling: bigint): string {
  return ceiling.toString();
}

/** The name of the one payment of an exact authorization. */
export const EXACT_PAYMENT = "exact";

/** A call that a channel pays for. */
export function channelPurse(options: {
  readonly account: ChannelAccount;
  readonly held: Held;
  readonly payment: string;
  /** Chain time, unix seconds. */
  readonly now: () => number;
  readonly onCharge: (account: ChannelAccount) => void;
  /** Hash of the transaction that filled the channel for this call, or nothing. */
  readonly transaction: () => string;
}): Purse {
  const { account, held, payment, now, onCharge, transaction } = options;
  return {
    id: account.id,
    payer: account.config.payer,
    payment,
    ...held,
    charge: (amount) => {
      const cumulative = account.charge(held, amount, now());
      onCharge(account);
      return { amount, cumulative };
    },
    row: () => account.row(),
    end: () => account.running.delete(payment),
    release: () => account.release(held),
    transaction,
  };
}

/** A call that one transfer has paid for: all of it, whatever the call uses. */
export function exactPurse(
  { id, payload }: Extract<Payment, { kind: "exact" }>,
  running: Map<Hex, Hex>,
  transaction: () => string,
): Purse {
  const reserve = BigInt(payload.authorization.value);
  return {
    id,
    payer: payload.authorization.from,
    payment: EXACT_PAYMENT,
    seq: 1n,
    reserve,
    charge: () => ({ amount: reserve, cumulative: reserve }),
    row: () => undefined,
    end: () => running.delete(id),
    release: () => undefined,
    transaction,
  };
}
