import { JobStatus, marketAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData } from "viem";
import type { JobRow } from "../store/jobs.ts";
import { CHAIN_KNOWS, frozenOf, transact } from "./calls.ts";
import type { StageContext, StageResult } from "./context.ts";

/** Gives back an accepted job that cannot be done: cheaper for both than a no-show. */
export async function decline(context: StageContext, job: JobRow): Promise<StageResult> {
  const { status } = await context.view.jobOf(job.id);
  if (status !== JobStatus.Accepted) {
    return CHAIN_KNOWS;
  }
  const args = [job.spec, frozenOf(job, context)] as const;
  return transact(context, `decline:${job.id}`, encodeFunctionData({ abi: marketAbi, functionName: "decline", args }));
}
