import { type Hex, zeroAddress } from "viem";
import type { Docket } from "../protocol/court.ts";
import type { OnMarket, ReadClient } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface GetDemandParameters extends OnMarket {
  readonly job: Hex;
}

/** The open demand on a job, if there is one. */
export type GetDemandReturnType = Docket | undefined;

export type GetDemandErrorType = ReadErrorType;

/**
 * Reads the open demand on a job: who wants which item, and by when.
 *
 * @example
 * const demand = await provider.getDemand({ job });
 * if (demand !== undefined) console.log(demand.item, demand.chunk, new Date(demand.answerBy * 1000));
 */
export async function getDemand(
  client: ReadClient,
  { market, job }: GetDemandParameters,
): Promise<GetDemandReturnType> {
  const docket = await readCourt(client, { market, functionName: "docketOf", args: [job] });
  return docket.demander === zeroAddress ? undefined : docket;
}
