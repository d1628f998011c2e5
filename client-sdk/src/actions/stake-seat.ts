import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface StakeSeatParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
}

export interface StakeSeatReturnType extends Transacted {
  /** The seat's number, from 1. */
  readonly seat: number;
}

export type StakeSeatErrorType = TransactErrorType;

/**
 * Moves free balance of the caller into the stake of its seat; the first time, this makes the seat.
 *
 * @example
 * const { seatStake } = await validator.getCourtParameters();
 * const { seat } = await validator.stakeSeat({ amount: seatStake });
 */
export async function stakeSeat(
  client: WriteClient,
  { market, amount }: StakeSeatParameters,
): Promise<StakeSeatReturnType> {
  const done = await transactCourt(client, { market, functionName: "stakeSeat", args: [amount] });
  const { seat } = courtEventIn(done, "SeatStaked");
  return { ...done, seat };
}
