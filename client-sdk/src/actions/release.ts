import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface ReleaseParameters extends OnMarket {
  /** Whose reserve. Anyone may call. Default: the caller's. */
  readonly account?: Address | undefined;
}

export interface ReleaseReturnType extends Transacted {
  /** What became free balance, token units. */
  readonly amount: bigint;
}

export type ReleaseErrorType = TransactErrorType;

/**
 * Moves what was asked back of a reserve into the account's free balance, once the delay is over.
 *
 * @example
 * const { amount } = await buyer.release({});
 */
export async function release(
  client: WriteClient,
  { market, account = requireAccount(client).address }: ReleaseParameters,
): Promise<ReleaseReturnType> {
  const done = await transact(client, { market, functionName: "release", args: [account] });
  const { amount } = eventIn(done.receipt, market, "Released");
  return { ...done, amount };
}
