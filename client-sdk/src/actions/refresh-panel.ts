import type { Hex } from "viem";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { transactCourt } from "./internal/court.ts";
import { readMarket, type TransactErrorType, type Transacted } from "./internal/transact.ts";

export interface RefreshPanelParameters extends OnMarket {
  /** Model id. */
  readonly model: Hex;
}

export interface RefreshPanelReturnType extends Transacted {
  /** Whether enough seats are old enough to judge the model. */
  readonly isVerified: boolean;
}

export type RefreshPanelErrorType = TransactErrorType;

/**
 * Says in the market whether a model is verified, for the accepts to come. Anyone may call.
 *
 * @example
 * const { isVerified } = await client.refreshPanel({ model });
 */
export async function refreshPanel(
  client: WriteClient,
  { market, model }: RefreshPanelParameters,
): Promise<RefreshPanelReturnType> {
  const done = await transactCourt(client, { market, functionName: "refreshPanel", args: [model] });
  const { blockNumber } = done.receipt;
  const isVerified = await readMarket(client, { market, functionName: "isVerified", args: [model], blockNumber });
  return { ...done, isVerified };
}
