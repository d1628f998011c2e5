import { courtAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData } from "viem";
import type { SeatContext, SeatedFile, SeatResult } from "./context.ts";
import { transact } from "./words.ts";

/**
 * Asks on chain for what the provider does not give out. What is asked for is not the seat's choice: it is what comes next in
 * the order of the case. One demand a case is open at a time, whichever seat made it.
 */
export async function demand(context: SeatContext, { row, spec, frozen, position }: SeatedFile): Promise<SeatResult> {
  const { work } = row.state;
  const [{ answerBy }, { demands }] = await Promise.all([context.court.demandOf(row.id), context.court.caseOf(row.id)]);
  if (work.name !== "lacking" || answerBy !== 0) {
    return { onChain: {} };
  }
  const args = [spec, frozen, row.key, BigInt(position)] as const;
  const data = encodeFunctionData({ abi: courtAbi, functionName: "demandForCase", args });
  return transact(context, `demand:${row.id}:${demands}`, data);
}
