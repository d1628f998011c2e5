import type { Address } from "viem";
import { type OnMarket, requireAccount, type WriteClient } from "./internal/clients.ts";
import { readCourt } from "./internal/court.ts";
import type { ReadErrorType } from "./internal/transact.ts";

export interface GetSeatParameters extends OnMarket {
  /** Whose seat. Default: the client's own account. */
  readonly account?: Address | undefined;
}

/** A validator's seat. */
export interface GetSeatReturnType {
  readonly account: Address;
  /** Its number; zero where the account has none. */
  readonly seat: number;
  /** What it answers with, token units. */
  readonly stake: bigint;
  /** Earned, as a seat or by opening cases, and not claimed yet. Token units. */
  readonly credit: bigint;
}

export type GetSeatErrorType = ReadErrorType;

/**
 * Reads the seat of an account, and its credit.
 *
 * @example
 * const { seat, stake, credit } = await validator.getSeat();
 */
export async function getSeat(
  client: WriteClient,
  { market, account = requireAccount(client).address }: GetSeatParameters,
): Promise<GetSeatReturnType> {
  const [seat, credit] = await Promise.all([
    readCourt(client, { market, functionName: "seatOf", args: [account] }),
    readCourt(client, { market, functionName: "creditOf", args: [account] }),
  ]);
  const { stake } = await readCourt(client, { market, functionName: "seatAt", args: [seat] });
  return { account, seat, stake, credit };
}
