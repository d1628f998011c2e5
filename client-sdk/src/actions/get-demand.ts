import { type Hex, zeroAddress } from "viem";
import type { Demand } from "../protocol/court.ts";
import type { OnMarket, ReadClient } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface GetDemandParameters extends OnMarket {
  /** The id of the case for which a seat demands, or of the job whose client does. */
  readonly key: Hex;
}

/** The open demand, if there is one. */
export type GetDemandReturnType = Demand | undefined;

export type GetDemandErrorType = ReadErrorType;

/**
 * Reads an open demand: who wants which item, and by when.
 *
 * @example
 * const demand = await provider.getDemand({ key: job });
 * if (demand !== undefined) console.log(demand.item, demand.chunk, new Date(demand.answerBy * 1000));
 */
export async function getDemand(
  client: ReadClient,
  { market, key }: GetDemandParameters,
): Promise<GetDemandReturnType> {
  const demand = await readCourt(client, { market, functionName: "demandOf", args: [key] });
  return demand.demander === zeroAddress ? undefined : demand;
}
