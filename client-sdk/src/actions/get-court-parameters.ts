import type { ContractFunctionReturnType } from "viem";
import type { ChainError } from "../errors.ts";
import type { courtAbi } from "../protocol/generated/abi.ts";
import type { OnMarket, ReadClient } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export type GetCourtParametersParameters = OnMarket;

/** What the court was deployed with: amounts in token units, times in seconds. */
export type GetCourtParametersReturnType = ContractFunctionReturnType<typeof courtAbi, "view", "courtParameters">;

export type GetCourtParametersErrorType = ReadErrorType | ChainError;

/**
 * Reads what was fixed when the market's court was deployed: stakes, fees, penalties, windows.
 *
 * @throws ChainError `COURT_MISSING` where the market has no court.
 * @example
 * const { auditValue, seatStake } = await client.getCourtParameters();
 */
export function getCourtParameters(
  client: ReadClient,
  { market }: GetCourtParametersParameters,
): Promise<GetCourtParametersReturnType> {
  return readCourt(client, { market, functionName: "courtParameters", args: [] });
}
