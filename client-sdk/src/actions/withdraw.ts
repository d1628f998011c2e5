import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface WithdrawParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
  /** Who receives the tokens. Default: the caller. */
  readonly to?: Address | undefined;
}

export type WithdrawReturnType = Transacted;
export type WithdrawErrorType = TransactErrorType;

/**
 * Sends free balance of the caller out as tokens, at once.
 *
 * @example
 * await buyer.withdraw({ amount: 1_000_000n });
 */
export async function withdraw(
  client: WriteClient,
  { market, amount, to = requireAccount(client).address }: WithdrawParameters,
): Promise<WithdrawReturnType> {
  const done = await transact(client, { market, functionName: "withdraw", args: [to, amount] });
  eventIn(done.receipt, market, "Withdrawn");
  return done;
}
