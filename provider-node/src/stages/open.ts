import { courtAbi, Draw, JobStatus } from "@touchstone/sdk/protocol";
import { encodeFunctionData } from "viem";
import type { JobRow } from "../store/jobs.ts";
import { CHAIN_KNOWS, frozenOf, requireCourt, transactWithCourt } from "./calls.ts";
import type { StageContext, StageResult } from "./context.ts";

/** Opens the case of a job that the draw chose: it is not paid before. */
export async function open(context: StageContext, job: JobRow): Promise<StageResult> {
  const { id, spec } = job;
  const frozen = frozenOf(job, context);
  const [{ status }, draw] = await Promise.all([context.view.jobOf(id), requireCourt(context).drawOf(id, frozen)]);
  if (status !== JobStatus.Submitted) {
    return CHAIN_KNOWS;
  }
  if (draw !== Draw.Drawn) {
    const { number, at } = context.head(); // A reorg changed the draw, or the case is closed.
    return { event: { type: "released", block: number, at } };
  }
  const data = encodeFunctionData({ abi: courtAbi, functionName: "openDrawn", args: [spec, frozen] });
  return transactWithCourt(context, `open:${id}`, data);
}
