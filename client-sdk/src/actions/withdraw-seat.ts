import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export type WithdrawSeatParameters = OnMarket;

export interface WithdrawSeatReturnType extends Transacted {
  /** What came back into the caller's free balance, token units. */
  readonly amount: bigint;
}

export type WithdrawSeatErrorType = TransactErrorType;

/**
 * Takes the whole stake of the caller's seat back, once it has left all panels for long enough.
 *
 * @example
 * const { amount } = await validator.withdrawSeat();
 */
export async function withdrawSeat(
  client: WriteClient,
  { market }: WithdrawSeatParameters,
): Promise<WithdrawSeatReturnType> {
  const done = await transactCourt(client, { market, functionName: "withdrawSeat", args: [] });
  const { amount } = courtEventIn(done, "SeatWithdrawn");
  return { ...done, amount };
}
