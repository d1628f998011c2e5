import { courtAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData } from "viem";
import type { SeatContext, SeatedFile, SeatResult } from "./context.ts";
import { transact } from "./words.ts";

/** Asks on chain for what the provider does not give out. One demand a case is open at a time, whichever seat made it. */
export async function demand(context: SeatContext, { row, spec, frozen, position }: SeatedFile): Promise<SeatResult> {
  const { work } = row.state;
  const { answerBy } = await context.court.demandOf(row.id);
  if (work.name !== "lacking" || answerBy !== 0) {
    return { onChain: {} };
  }
  const { item, chunk } = work;
  const args = [spec, frozen, row.key, BigInt(position), item, chunk] as const;
  const data = encodeFunctionData({ abi: courtAbi, functionName: "demandForCase", args });
  return transact(context, `demand:${row.id}:${position}:${item}:${chunk}`, data);
}
