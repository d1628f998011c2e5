import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface ClaimCreditParameters extends OnMarket {
  /** Whose credit. Default: the caller's. */
  readonly account?: Address | undefined;
}

export interface ClaimCreditReturnType extends Transacted {
  /** What the pool had of it, token units. */
  readonly paid: bigint;
}

export type ClaimCreditErrorType = TransactErrorType;

/**
 * Pays what an account earned as a seat or by opening cases into its free balance, as far as the pool reaches. Anyone
 * may call.
 *
 * @example
 * const { paid } = await seat.claimCredit();
 */
export async function claimCredit(
  client: WriteClient,
  { market, account = requireAccount(client).address }: ClaimCreditParameters,
): Promise<ClaimCreditReturnType> {
  const done = await transactCourt(client, { market, functionName: "claim", args: [account] });
  const { amount } = courtEventIn(done, "Claimed");
  return { ...done, paid: amount };
}
