import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface DepositParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
  /** Who is credited. Default: the caller. */
  readonly beneficiary?: Address | undefined;
}

export type DepositReturnType = Transacted;
export type DepositErrorType = TransactErrorType;

/**
 * Moves tokens of the caller, who approved them, into the market and credits the beneficiary's balance.
 *
 * @example
 * await buyer.approveToken({ amount: 5_000_000n });
 * await buyer.deposit({ amount: 5_000_000n });
 */
export async function deposit(
  client: WriteClient,
  { market, amount, beneficiary = requireAccount(client).address }: DepositParameters,
): Promise<DepositReturnType> {
  const done = await transact(client, { market, functionName: "deposit", args: [beneficiary, amount] });
  eventIn(done.receipt, market, "Deposited");
  return done;
}
