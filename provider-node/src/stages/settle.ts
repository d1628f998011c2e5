import { JobStatus, marketAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData } from "viem";
import type { JobRow } from "../store/jobs.ts";
import { CHAIN_KNOWS, frozenOf, transact } from "./calls.ts";
import type { StageContext, StageResult } from "./context.ts";

/** Collects the pay of jobs whose windows are over, all in one transaction. */
export async function settle(context: StageContext, jobs: readonly JobRow[]): Promise<StageResult> {
  const due: JobRow[] = [];
  for (const job of jobs) {
    const { status } = await context.view.jobOf(job.id);
    if (status === JobStatus.Submitted) {
      due.push(job);
    }
  }
  const records = due.map((job) => ({ id: job.id, frozen: frozenOf(job, context) }));
  const [first, ...others] = records;
  if (first === undefined) {
    return CHAIN_KNOWS;
  }
  // One purpose for all: what an earlier run left under way is finished before anything else is settled.
  const data =
    others.length === 0
      ? encodeFunctionData({ abi: marketAbi, functionName: "settle", args: [first.id, first.frozen] })
      : encodeFunctionData({ abi: marketAbi, functionName: "settleMany", args: [records] });
  return transact(context, "settle", data);
}
