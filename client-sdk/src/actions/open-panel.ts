import type { Hex } from "viem";
import type { ModelTerms } from "../protocol/model.ts";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface OpenPanelParameters extends OnMarket {
  /** All that the model id is the hash of: `modelTerms` of its manifest. */
  readonly terms: ModelTerms;
}

export interface OpenPanelReturnType extends Transacted {
  /** Model id. */
  readonly model: Hex;
}

export type OpenPanelErrorType = TransactErrorType;

/**
 * Opens the panel of a model, so that seats may join it. Anyone may call, once a model.
 *
 * @example
 * const { model } = await validator.openPanel({ terms: modelTerms(manifest) });
 */
export async function openPanel(
  client: WriteClient,
  { market, terms }: OpenPanelParameters,
): Promise<OpenPanelReturnType> {
  const done = await transactCourt(client, { market, functionName: "openPanel", args: [terms] });
  const { model } = courtEventIn(done, "PanelOpened");
  return { ...done, model };
}
