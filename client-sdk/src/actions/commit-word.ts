import type { Hex } from "viem";
import { commitmentOf } from "../protocol/case.ts";
import type { OnMarket, WriteClient } from "./internal/clients.ts";
import { courtEventIn, courtOf, transactCourt } from "./internal/court.ts";
import type { TransactErrorType, Transacted } from "./internal/transact.ts";

export interface CommitWordParameters extends OnMarket {
  readonly caseId: Hex;
  /** 0 to 2 in tier one, 3 to 11 in tier two. */
  readonly position: number;
  /** The number of the seat at the position. */
  readonly seat: number;
  /** `encodeWord` of the word. */
  readonly word: Hex;
  /** 32 random bytes. Keep word and salt before you call: without them nothing can be revealed. */
  readonly salt: Hex;
}

export interface CommitWordReturnType extends Transacted {
  readonly commitment: Hex;
}

export type CommitWordErrorType = TransactErrorType;

/**
 * Commits a seat to its word of a case. By the seat's account or an operator key of it.
 *
 * @example
 * await validator.commitWord({ caseId, position, seat, word: encodeWord(word), salt });
 */
export async function commitWord(
  client: WriteClient,
  { market, caseId, position, seat, word, salt }: CommitWordParameters,
): Promise<CommitWordReturnType> {
  const court = await courtOf(client, market);
  const commitment = commitmentOf({ court, caseId, position, seat, word, salt });
  const args = [caseId, BigInt(position), commitment] as const;
  const done = await transactCourt(client, { market, functionName: "commit", args });
  courtEventIn(done, "WordCommitted");
  return { ...done, commitment };
}
