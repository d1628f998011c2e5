import type { Hex } from "viem";
import type { InvalidDataError } from "../errors.ts";
import { type Frozen, freeze, freezeResult } from "../protocol/frozen.ts";
import { type SignedOrder, specFromWire } from "../protocol/wire.ts";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { eventIn, type TransactErrorType, type Transacted, transact } from "./internal/transact.ts";

export interface FulfilOrderParameters extends OnMarket {
  /** As the client signed it. */
  readonly order: SignedOrder;
  /** `resultRoot` over all items. */
  readonly resultRoot: Hex;
}

export interface FulfilOrderReturnType extends Transacted {
  readonly job: Hex;
  /** What `settleJob` needs. */
  readonly frozen: Frozen;
}

export type FulfilOrderErrorType = TransactErrorType | InvalidDataError;

/**
 * Posts, accepts and submits a job that its client ordered by signature, paid from the client's reserve. By the provider
 * or a valid operator key of it.
 *
 * @example
 * const { job } = await operator.fulfilOrder({ order, resultRoot });
 */
export async function fulfilOrder(
  client: WriteClient,
  { market, order, resultRoot }: FulfilOrderParameters,
): Promise<FulfilOrderReturnType> {
  const spec = specFromWire(order.spec);
  const args = [spec, order.signature, resultRoot] as const;
  const done = await transact(client, { market, functionName: "fulfil", args });
  const { id, provider, verified } = eventIn(done.receipt, market, "JobAccepted");
  const frozen = freezeResult(freeze(spec, provider, verified), done.receipt.blockNumber, resultRoot);
  return { ...done, job: id, frozen };
}
