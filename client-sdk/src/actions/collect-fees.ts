import type { Address } from "viem";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventsIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface CollectFeesParameters extends OnMarket {
  /** Whose settled jobs' fees. */
  readonly providers: readonly Address[];
}

export interface CollectFeesReturnType extends Transacted {
  /** What went to the pool, token units. */
  readonly collected: bigint;
}

export type CollectFeesErrorType = TransactErrorType;

/**
 * Moves the fees of these providers' settled jobs to the assurance pool. Anyone may call.
 *
 * @example
 * const { collected } = await client.collectFees({ providers: [provider] });
 */
export async function collectFees(
  client: WriteClient,
  { market, providers }: CollectFeesParameters,
): Promise<CollectFeesReturnType> {
  const done = await transact(client, { market, functionName: "collectFees", args: [providers] });
  const moved = eventsIn(done.receipt, market, "FeesCollected");
  return { ...done, collected: moved.reduce((sum, { amount }) => sum + amount, 0n) };
}
