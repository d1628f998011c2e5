import type { ResultJudge } from "@touchstone/sdk";
import { canJudge } from "@touchstone/sdk/protocol";
import type { Engine } from "../engine/engine.ts";
import { NodeError } from "../errors.ts";
import { type Finding, type WordOptions, wordOf } from "./word-of.ts";

/**
 * An engine as the SDK's `verifyResult` takes it.
 *
 * @throws NodeError `MODEL_UNSUPPORTED` if the model's manifest has no tolerances to judge by.
 */
export function resultJudge(engine: Engine, options: WordOptions): ResultJudge<Finding> {
  const tolerances = engine.model.verification?.tolerances;
  if (tolerances === undefined || !canJudge(tolerances)) {
    const sentence = `The manifest of ${engine.model.name} names no tolerances to judge by: its results can be checked lightly only.`;
    throw new NodeError("MODEL_UNSUPPORTED", sentence, { details: { model: engine.model.id } });
  }
  return { tolerances, judge: (claims) => wordOf(engine, claims, options) };
}
