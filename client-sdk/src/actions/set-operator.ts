import type { Address } from "viem";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface SetOperatorParameters extends OnMarket {
  readonly operator: Address;
  /** The key is good before this. For a valid key, zero or a past second ends it now. Unix seconds. */
  readonly validUntil: number;
}

export interface SetOperatorReturnType extends Transacted {
  /** Unix seconds. */
  readonly validFrom: number;
  /** Unix seconds. */
  readonly validUntil: number;
}

export type SetOperatorErrorType = TransactErrorType;

/**
 * Lets a key accept, submit and sign for the calling provider; it can never withdraw or unstake.
 *
 * @example
 * await provider.setOperator({ operator, validUntil: Math.floor(Date.now() / 1000) + 90 * 86_400 });
 */
export async function setOperator(
  client: WriteClient,
  { market, operator, validUntil }: SetOperatorParameters,
): Promise<SetOperatorReturnType> {
  const done = await transact(client, { market, functionName: "setOperator", args: [operator, validUntil] });
  const set = eventIn(done.receipt, market, "OperatorSet");
  return { ...done, validFrom: Number(set.validFrom), validUntil: Number(set.validUntil) };
}
