import type { Hex } from "viem";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface DenounceSeatParameters extends OnMarket {
  readonly caseId: Hex;
  /** 0 to 2 in tier one, 3 to 11 in tier two. */
  readonly position: number;
  /** What the seat told. */
  readonly word: Hex;
  readonly salt: Hex;
}

export interface DenounceSeatReturnType extends Transacted {
  readonly seat: number;
  /** What the seat lost, token units; a fifth of it is the caller's. */
  readonly penalty: bigint;
}

export type DenounceSeatErrorType = TransactErrorType;

/**
 * Shows that a seat told its word before the reveals: it loses its stake and its place. Anyone may call.
 *
 * @example
 * const { penalty } = await client.denounceSeat({ caseId, position, word, salt });
 */
export async function denounceSeat(
  client: WriteClient,
  { market, caseId, position, word, salt }: DenounceSeatParameters,
): Promise<DenounceSeatReturnType> {
  const args = [caseId, BigInt(position), word, salt] as const;
  const done = await transactCourt(client, { market, functionName: "denounce", args });
  const { seat } = courtEventIn(done, "SeatDenounced");
  const { amount } = courtEventIn(done, "SeatPenalised");
  return { ...done, seat, penalty: amount };
}
