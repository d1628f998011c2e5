import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface WithdrawBondParameters extends OnMarket {
  /** Whose bond. Default: the client's own account. */
  readonly provider?: Address | undefined;
}

export interface WithdrawBondReturnType extends Transacted {
  /** What came back into the provider's free balance, token units. */
  readonly amount: bigint;
}

export type WithdrawBondErrorType = TransactErrorType;

/**
 * Moves what was asked back of a live bond into the provider's free balance, once the delay is over and no case about a
 * receipt is open. Anyone may call.
 *
 * @example
 * const { amount } = await provider.withdrawBond();
 */
export async function withdrawBond(
  client: WriteClient,
  { market, provider = requireAccount(client).address }: WithdrawBondParameters,
): Promise<WithdrawBondReturnType> {
  const done = await transactCourt(client, { market, functionName: "withdrawBond", args: [provider] });
  const { amount } = courtEventIn(done, "BondWithdrawn");
  return { ...done, amount };
}
