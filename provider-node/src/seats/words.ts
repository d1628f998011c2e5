import { commitmentOf, courtAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData, type Hex, zeroHash } from "viem";
import { NodeError } from "../errors.ts";
import type { SeatContext, SeatedFile, SeatResult } from "./context.ts";
import type { Opinion } from "./machine.ts";

/** Commits the seat to its word, which is stored, with its salt, by now. */
export async function commit(context: SeatContext, file: SeatedFile): Promise<SeatResult> {
  const { court } = context;
  const { row, position } = file;
  if ((await court.wordAt(row.id, position)) !== zeroHash) {
    return { onChain: {} };
  }
  const commitment = commitmentIn(context, file);
  const args = [row.id, BigInt(position), commitment] as const;
  const data = encodeFunctionData({ abi: courtAbi, functionName: "commit", args });
  return transact(context, `commit:${row.id}:${position}:${commitment}`, data);
}

/**
 * Reveals the seat's word.
 *
 * @throws NodeError `WORD_LOST` if the seat committed to another word: one that this node does not have any more.
 */
export async function reveal(context: SeatContext, file: SeatedFile): Promise<SeatResult> {
  const { row, position } = file;
  const { word, salt } = opinionOf(file);
  if ((await context.court.wordAt(row.id, position)) !== commitmentIn(context, file)) {
    const sentence = "The seat committed to a word that this node does not have. Was an older database restored?";
    throw new NodeError("WORD_LOST", sentence, { details: { case: row.id, position } });
  }
  const args = [row.id, BigInt(position), word, salt] as const;
  const data = encodeFunctionData({ abi: courtAbi, functionName: "reveal", args });
  return transact(context, `reveal:${row.id}:${position}`, data);
}

function commitmentIn({ court }: SeatContext, file: SeatedFile): Hex {
  const { row, position, seat } = file;
  const { word, salt } = opinionOf(file);
  return commitmentOf({ court: court.address, caseId: row.id, position, seat, word, salt });
}

function opinionOf({ row }: SeatedFile): Opinion {
  const { work } = row.state;
  if (work.name !== "checked") {
    throw new TypeError(`Case ${row.id} has no word`);
  }
  return work;
}

/** Has a call of the court mined. `purpose` is the same for the same act, whenever it is tried. */
export async function transact({ submitter, court }: SeatContext, purpose: string, data: Hex): Promise<SeatResult> {
  const { block } = await submitter.send({ purpose, to: court.address, data });
  return { onChain: { block } };
}
