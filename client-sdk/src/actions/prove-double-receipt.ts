import type { SignedReceipt } from "./bring-receipt.ts";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface ProveDoubleReceiptParameters extends OnMarket {
  /** Two different receipts of one channel with the same number. */
  readonly envelopes: readonly [SignedReceipt, SignedReceipt];
}

export interface ProveDoubleReceiptReturnType extends Transacted {
  /** What the provider lost; a fifth of it came into the caller's free balance. Token units. */
  readonly slashed: bigint;
}

export type ProveDoubleReceiptErrorType = TransactErrorType;

/**
 * Shows that a provider signed two receipts for one call of the caller: it is slashed without a trial. While one of them
 * has not expired, and once for each call.
 *
 * @example
 * const { slashed } = await buyer.proveDoubleReceipt({ envelopes: [first, second] });
 */
export async function proveDoubleReceipt(
  client: WriteClient,
  { market, envelopes: [a, b] }: ProveDoubleReceiptParameters,
): Promise<ProveDoubleReceiptReturnType> {
  const args = [a.receipt, a.operator, a.signature, b.receipt, b.operator, b.signature] as const;
  const done = await transactCourt(client, { market, functionName: "proveDoubleReceipt", args });
  const { slashed } = courtEventIn(done, "DoubleReceiptProven");
  return { ...done, slashed };
}
