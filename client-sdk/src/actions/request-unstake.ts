import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface RequestUnstakeParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
}

export interface RequestUnstakeReturnType extends Transacted {
  /** All that is now unbonding, token units. */
  readonly unbonding: bigint;
  /** From when on `withdrawStake` works. Unix seconds. */
  readonly withdrawableAt: number;
}
export type RequestUnstakeErrorType = TransactErrorType;

/**
 * Asks stake of the caller back; it stays slashable until the unbonding period is over, which starts anew for all of it.
 *
 * @example
 * const { withdrawableAt } = await provider.requestUnstake({ amount: 5_000_000n });
 */
export async function requestUnstake(
  client: WriteClient,
  { market, amount }: RequestUnstakeParameters,
): Promise<RequestUnstakeReturnType> {
  const done = await transact(client, { market, functionName: "requestUnstake", args: [amount] });
  const { amount: unbonding, withdrawableAt } = eventIn(done.receipt, market, "UnstakeRequested");
  return { ...done, unbonding, withdrawableAt: Number(withdrawableAt) };
}
