import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface ReserveParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
}

export type ReserveReturnType = Transacted;
export type ReserveErrorType = TransactErrorType;

/**
 * Moves free balance of the caller into its reserve, which backs signed orders.
 *
 * @example
 * await buyer.reserve({ amount: 2_000_000n });
 */
export async function reserve(client: WriteClient, { market, amount }: ReserveParameters): Promise<ReserveReturnType> {
  const done = await transact(client, { market, functionName: "reserve", args: [amount] });
  eventIn(done.receipt, market, "Reserved");
  return done;
}
