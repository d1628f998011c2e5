import type { ContractFunctionReturnType } from "viem";
import type { marketAbi } from "../protocol/generated/abi.ts";
import type { OnMarket, ReadClient } from "./internal/clients.ts";
import { type ReadErrorType, readMarket } from "./internal/transact.ts";

export type GetParametersParameters = OnMarket;

/** What the market was deployed with: amounts in token units, times in seconds, shares in basis points. */
export type GetParametersReturnType = ContractFunctionReturnType<typeof marketAbi, "view", "parameters">;

export type GetParametersErrorType = ReadErrorType;

/**
 * Reads what was fixed when the market was deployed: bounds, shares, periods.
 *
 * @example
 * const { minStake, feeShare } = await client.getParameters();
 */
export function getParameters(
  client: ReadClient,
  { market }: GetParametersParameters,
): Promise<GetParametersReturnType> {
  return readMarket(client, { market, functionName: "parameters", args: [] });
}
