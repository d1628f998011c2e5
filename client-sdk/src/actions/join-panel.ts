import type { Address, Hex } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface JoinPanelParameters extends OnMarket {
  /** Model id. */
  readonly model: Hex;
  /** Whose seat. Default: the caller's; an operator names its seat's account. */
  readonly owner?: Address | undefined;
}

export interface JoinPanelReturnType extends Transacted {
  readonly seat: number;
  readonly slot: number;
}

export type JoinPanelErrorType = TransactErrorType;

/**
 * Takes a slot on a model's panel: from `seatMinAge` on, the seat is drawn for cases of this model.
 *
 * @example
 * await validator.joinPanel({ model });
 */
export async function joinPanel(
  client: WriteClient,
  { market, model, owner = requireAccount(client).address }: JoinPanelParameters,
): Promise<JoinPanelReturnType> {
  const done = await transactCourt(client, { market, functionName: "joinPanel", args: [owner, model] });
  const { seat, slot } = courtEventIn(done, "PanelJoined");
  return { ...done, seat, slot: Number(slot) };
}
