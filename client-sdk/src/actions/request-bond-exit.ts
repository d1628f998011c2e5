import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface RequestBondExitParameters extends OnMarket {
  /** Token units, beside what is leaving already. */
  readonly amount: bigint;
}

export interface RequestBondExitReturnType extends Transacted {
  /** All that is leaving now, token units. */
  readonly leaving: bigint;
  /** `withdrawBond` is in time from then on, if no case about a receipt is open. Unix seconds. */
  readonly withdrawableAt: number;
}

export type RequestBondExitErrorType = TransactErrorType;

/**
 * Asks part of the caller's live bond back. It stays slashable till it is withdrawn; the delay of all that is leaving
 * starts anew.
 *
 * @example
 * const { withdrawableAt } = await provider.requestBondExit({ amount: 10_000_000n });
 */
export async function requestBondExit(
  client: WriteClient,
  { market, amount }: RequestBondExitParameters,
): Promise<RequestBondExitReturnType> {
  const done = await transactCourt(client, { market, functionName: "requestBondExit", args: [amount] });
  const { leaving, withdrawableAt } = courtEventIn(done, "BondExitRequested");
  return { ...done, leaving, withdrawableAt: Number(withdrawableAt) };
}
