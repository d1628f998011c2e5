import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface StakeParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
}

export type StakeReturnType = Transacted;
export type StakeErrorType = TransactErrorType;

/**
 * Moves free balance of the caller into its stake, which answers for its jobs.
 *
 * @example
 * await provider.stake({ amount: 25_000_000n });
 */
export async function stake(client: WriteClient, { market, amount }: StakeParameters): Promise<StakeReturnType> {
  const done = await transact(client, { market, functionName: "stake", args: [amount] });
  eventIn(done.receipt, market, "Staked");
  return done;
}
