import type { Hex } from "viem";
import type { PanelSlot } from "../protocol/court.ts";
import type { Tolerances } from "../protocol/tolerances.ts";
import type { OnMarket, ReadClient } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import { type ReadErrorType, readMarket } from "./internal/transact.ts";

export interface GetPanelParameters extends OnMarket {
  /** Model id. */
  readonly model: Hex;
}

/** The panel of a model. */
export interface GetPanelReturnType {
  /** Whether it was opened, so that seats may join. */
  readonly isOpen: boolean;
  /** Whether the market has the model as verified: jobs accepted now may be drawn. `refreshPanel` brings it up to date. */
  readonly isVerified: boolean;
  readonly tolerances: Tolerances;
  /** All slots, with those that were left. */
  readonly slots: readonly PanelSlot[];
}

export type GetPanelErrorType = ReadErrorType;

/**
 * Reads the panel of a model: who sits on it, and by what it judges.
 *
 * @example
 * const { isVerified, slots } = await client.getPanel({ model });
 */
export async function getPanel(client: ReadClient, { market, model }: GetPanelParameters): Promise<GetPanelReturnType> {
  const args = [model] as const;
  const [slots, tolerances, isVerified] = await Promise.all([
    readCourt(client, { market, functionName: "panelOf", args }),
    readCourt(client, { market, functionName: "tolerancesOf", args }),
    readMarket(client, { market, functionName: "isVerified", args }),
  ]);
  return { isOpen: tolerances.probeTolerance > 0, isVerified, tolerances, slots };
}
