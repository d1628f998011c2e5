import type { Address } from "viem";
import type { OnMarket, ReadClient } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface GetBondParameters extends OnMarket {
  readonly provider: Address;
}

/** What a provider answers with for its live calls. */
export interface GetBondReturnType {
  /** All that can be slashed, token units. */
  readonly amount: bigint;
  /** The part of it that was asked back. Count on the rest alone. */
  readonly leaving: bigint;
  /** When `leaving` may be withdrawn, if no case is open then; zero where nothing was ever asked back. Unix seconds. */
  readonly withdrawableAt: number;
  /** Open cases about receipts of the provider. */
  readonly openCases: number;
}

export type GetBondErrorType = ReadErrorType;

/**
 * Reads the live bond of a provider; zeros if it never posted any.
 *
 * @example
 * const { amount, leaving } = await buyer.getBond({ provider });
 * const counts = amount - leaving;
 */
export function getBond(client: ReadClient, { market, provider }: GetBondParameters): Promise<GetBondReturnType> {
  return readCourt(client, { market, functionName: "bondOf", args: [provider] });
}
