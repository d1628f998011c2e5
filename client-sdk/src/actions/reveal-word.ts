import type { Hex } from "viem";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface RevealWordParameters extends OnMarket {
  readonly caseId: Hex;
  /** 0 to 2 in tier one, 3 to 11 in tier two. */
  readonly position: number;
  /** As committed to. */
  readonly word: Hex;
  readonly salt: Hex;
}

export type RevealWordReturnType = Transacted;

export type RevealWordErrorType = TransactErrorType;

/**
 * Reveals the word that a seat committed to, once all seats have committed or the time for it is over.
 *
 * @example
 * await validator.revealWord({ caseId, position, word, salt });
 */
export async function revealWord(
  client: WriteClient,
  { market, caseId, position, word, salt }: RevealWordParameters,
): Promise<RevealWordReturnType> {
  const args = [caseId, BigInt(position), word, salt] as const;
  const done = await transactCourt(client, { market, functionName: "reveal", args });
  courtEventIn(done, "WordRevealed");
  return done;
}
