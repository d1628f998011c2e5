import { judgeEvidence } from "@touchstone/sdk";
import type { Fault, ResultEvidence } from "@touchstone/sdk/protocol";
import { canRecheck, type Engine } from "../engine/engine.ts";
import { resultJudge } from "../verify/result-judge.ts";
import { type Statistics, summarise } from "../verify/statistics.ts";

/** What a second opinion on one item of somebody's result comes to. */
export interface SecondOpinion {
  readonly verdict: "confirmed" | "refuted";
  readonly faults: readonly Fault[];
  /** Zeros where faults show without the model. */
  readonly statistics: Statistics;
}

/**
 * Has this node's own run of the model say whether a result of one item came from it: one pass over prompt and output.
 *
 * @throws NodeError `MODEL_UNSUPPORTED`, `ENGINE_FAILED`; ContentError if the evidence is not what was committed to.
 */
export async function recheck(engine: Engine, evidence: ResultEvidence, signal: AbortSignal): Promise<SecondOpinion> {
  // Nobody else's word is compared with ours: any seed will do.
  const judge = resultJudge(engine, { wordSeed: evidence.job, signal });
  const { verdict, faults, cases } = await judgeEvidence(evidence, judge);
  const statistics = cases[0]?.finding.statistics ?? summarise([]);
  return { verdict: verdict === "refuted" ? "refuted" : "confirmed", faults, statistics };
}

/** Whether an engine has what second opinions take: logits of its own, and tolerances to judge by. */
export function canJudge(engine: Engine): boolean {
  return canRecheck(engine) && engine.model.verification !== undefined;
}
