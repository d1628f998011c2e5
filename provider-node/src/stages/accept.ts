import { JobStatus, marketAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData } from "viem";
import type { JobRow } from "../store/jobs.ts";
import { CHAIN_KNOWS, transact } from "./calls.ts";
import type { StageContext, StageResult } from "./context.ts";

/** Takes a job on, whose every input is on this disk. */
export async function accept(context: StageContext, { id, spec }: JobRow): Promise<StageResult> {
  const { status } = await context.view.jobOf(id);
  if (status !== JobStatus.Open) {
    return CHAIN_KNOWS;
  }
  const args = [spec, context.provider] as const;
  return transact(context, `accept:${id}`, encodeFunctionData({ abi: marketAbi, functionName: "accept", args }));
}
