import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface RequestReleaseParameters extends OnMarket {
  /** Token units. */
  readonly amount: bigint;
}

export interface RequestReleaseReturnType extends Transacted {
  /** All that is now leaving, token units. */
  readonly leaving: bigint;
  /** From when on `release` works. Unix seconds. */
  readonly releasableAt: number;
}
export type RequestReleaseErrorType = TransactErrorType;

/**
 * Asks part of the caller's reserve back; the delay of all that is leaving starts anew. Orders may draw on it till then.
 *
 * @example
 * const { releasableAt } = await buyer.requestRelease({ amount: 2_000_000n });
 */
export async function requestRelease(
  client: WriteClient,
  { market, amount }: RequestReleaseParameters,
): Promise<RequestReleaseReturnType> {
  const done = await transact(client, { market, functionName: "requestRelease", args: [amount] });
  const { leaving, releasableAt } = eventIn(done.receipt, market, "ReleaseRequested");
  return { ...done, leaving, releasableAt: Number(releasableAt) };
}
