import type { Address, Hex } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface LeavePanelParameters extends OnMarket {
  /** Model id. */
  readonly model: Hex;
  /** Whose seat. Default: the caller's; an operator names its seat's account. */
  readonly owner?: Address | undefined;
}

export type LeavePanelReturnType = Transacted;

export type LeavePanelErrorType = TransactErrorType;

/**
 * Leaves a model's panel. The seat still judges what was submitted before.
 *
 * @example
 * await validator.leavePanel({ model });
 */
export async function leavePanel(
  client: WriteClient,
  { market, model, owner = requireAccount(client).address }: LeavePanelParameters,
): Promise<LeavePanelReturnType> {
  const done = await transactCourt(client, { market, functionName: "leavePanel", args: [owner, model] });
  courtEventIn(done, "PanelLeft");
  return done;
}
