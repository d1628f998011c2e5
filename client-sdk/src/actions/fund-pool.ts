import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface FundPoolParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
}

export type FundPoolReturnType = Transacted;
export type FundPoolErrorType = TransactErrorType;

/**
 * Gives free balance of the caller to the assurance pool, for good.
 *
 * @example
 * await buyer.fundPool({ amount: 10_000n });
 */
export async function fundPool(
  client: WriteClient,
  { market, amount }: FundPoolParameters,
): Promise<FundPoolReturnType> {
  const done = await transact(client, { market, functionName: "fundPool", args: [amount] });
  eventIn(done.receipt, market, "PoolFunded");
  return done;
}
