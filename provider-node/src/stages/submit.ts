import { JobStatus, marketAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData } from "viem";
import type { JobRow } from "../store/jobs.ts";
import { CHAIN_KNOWS, frozenOf, rootOf, transact } from "./calls.ts";
import type { StageContext, StageResult } from "./context.ts";

/** Posts the root of an accepted job's results. */
export async function submit(context: StageContext, job: JobRow): Promise<StageResult> {
  const root = rootOf(job);
  const { status } = await context.view.jobOf(job.id);
  if (status !== JobStatus.Accepted) {
    return CHAIN_KNOWS;
  }
  context.store.signatures.guard({ job: job.id, kind: "result", digest: root, payload: { root } });
  const args = [job.id, frozenOf(job, context), root] as const;
  return transact(context, `submit:${job.id}`, encodeFunctionData({ abi: marketAbi, functionName: "submit", args }));
}
