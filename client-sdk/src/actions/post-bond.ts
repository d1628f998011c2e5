import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface PostBondParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
}

export type PostBondReturnType = Transacted;
export type PostBondErrorType = TransactErrorType;

/**
 * Moves free balance of the caller into its live bond, which answers for its receipts. Buyers ask for a thousand times
 * what a call may cost, and at least `minBond`.
 *
 * @example
 * const { minBond } = await provider.getCourtParameters();
 * await provider.postBond({ amount: minBond });
 */
export async function postBond(
  client: WriteClient,
  { market, amount }: PostBondParameters,
): Promise<PostBondReturnType> {
  const done = await transactCourt(client, { market, functionName: "postBond", args: [amount] });
  courtEventIn(done, "BondPosted");
  return done;
}
