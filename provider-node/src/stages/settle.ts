import { Draw, JobStatus, marketAbi } from "@touchstone/sdk/protocol";
import { encodeFunctionData } from "viem";
import type { JobRow } from "../store/jobs.ts";
import { CHAIN_KNOWS, frozenOf, requireCourt, transact } from "./calls.ts";
import type { StageContext, StageResult } from "./context.ts";

/** Collects the pay of jobs whose windows are over, all in one transaction. Those that the draw chose learn that instead. */
export async function settle(context: StageContext, jobs: readonly JobRow[]): Promise<StageResult> {
  const due: JobRow[] = [];
  for (const job of jobs) {
    const { status } = await context.view.jobOf(job.id);
    if (status === JobStatus.Submitted && (await isPayable(context, job))) {
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

/** Nobody pays for a transaction that the draw would stop. */
async function isPayable(context: StageContext, job: JobRow): Promise<boolean> {
  const frozen = frozenOf(job, context);
  if (!frozen.verified) {
    return true;
  }
  const draw = await requireCourt(context).drawOf(job.id, frozen);
  if (draw === Draw.Drawn) {
    const { number, at } = context.head();
    context.store.jobs.apply(job.id, { type: "drawn", block: number, at });
  }
  return draw === Draw.NotDrawn;
}
