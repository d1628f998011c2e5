import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface WithdrawStakeParameters extends OnMarket {
  /** Whose stake. Anyone may call. Default: the caller's. */
  readonly provider?: Address | undefined;
}

export interface WithdrawStakeReturnType extends Transacted {
  /** What became the provider's free balance, token units. */
  readonly amount: bigint;
}

export type WithdrawStakeErrorType = TransactErrorType;

/**
 * Moves unbonded stake into the provider's free balance, once the period is over.
 *
 * @example
 * const { amount } = await provider.withdrawStake({});
 */
export async function withdrawStake(
  client: WriteClient,
  { market, provider = requireAccount(client).address }: WithdrawStakeParameters,
): Promise<WithdrawStakeReturnType> {
  const done = await transact(client, { market, functionName: "withdrawStake", args: [provider] });
  const { amount } = eventIn(done.receipt, market, "StakeWithdrawn");
  return { ...done, amount };
}
