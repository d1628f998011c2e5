import { decodeTrace, type InferenceRequest } from "@touchstone/sdk/protocol";
import { zeroHash } from "viem";
import type { Engine, EntryCheck } from "../engine/engine.ts";
import { NodeError } from "../errors.ts";
import { accumulate } from "./sequential.ts";
import { type Statistics, summarise } from "./statistics.ts";

/** Questions that any chat model has something to say to. */
const QUESTIONS = ["Tell me about the sea.", "What is a key for?", "Tell a story about a brave fox.", "Who are you?"];

const TOKENS_EACH = 64;

/** What a judge would say of a server. */
export interface Comparison extends Statistics {
  /** Whether no court would find fault with it. */
  readonly isSame: boolean;
}

/**
 * Holds what a server writes against the file that it is said to run, as a judge would: before money depends on it.
 *
 * @param served Fronts the server, with a verification in its model.
 * @param own The same model in this process.
 * @throws NodeError `ENGINE_FAILED`
 */
export async function compareServer(served: Engine, own: Engine, signal: AbortSignal): Promise<Comparison> {
  const { name, verification } = served.model;
  if (verification === undefined) {
    throw new NodeError("ENGINE_FAILED", `The manifest of ${name} does not say how it is verified.`);
  }
  const entries: EntryCheck[] = [];
  for (const content of QUESTIONS) {
    const request: InferenceRequest = { messages: [{ role: "user", content }], maxTokens: TOKENS_EACH };
    const { output, trace } = await served.generate(request, { seed: zeroHash, signal });
    if ("error" in output) {
      const sentence = `The model ${name} does not take a plain question: ${output.error.message}`;
      throw new NodeError("ENGINE_FAILED", sentence, { details: { code: output.error.code } });
    }
    const claim = { trace: decodeTrace(trace), seed: zeroHash };
    entries.push(...(await own.recheck(request, claim, { lookups: [], signal })).entries);
  }
  const statistics = summarise(entries);
  return { ...statistics, isSame: !accumulate([statistics], verification.tolerances).isSuspect };
}
