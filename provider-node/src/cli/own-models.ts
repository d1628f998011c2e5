import type { ResultJudge } from "@touchstone/sdk";
import type { ResultEvidence } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Settings } from "../config.ts";
import { startBackend } from "../engine/backend.ts";
import type { Engine } from "../engine/engine.ts";
import { openLlamaEngine } from "../engine/llama.ts";
import { type ResolvedModel, resolveModel } from "../engine/models.ts";
import { NodeError } from "../errors.ts";
import { createLogger } from "../log.ts";
import { resultJudge } from "../verify/result-judge.ts";
import type { Finding } from "../verify/word-of.ts";
import type { Host } from "./host.ts";

/** What holds a result against its model. */
export type JudgeOf = (evidence: Pick<ResultEvidence, "job" | "spec">) => Promise<ResultJudge<Finding>>;

/**
 * Runs models of the settings for as long as somebody judges by them; each is loaded once.
 *
 * `judgeOf` throws NodeError `MODEL_NOT_SERVED` for results of other models, `MODEL_UNSUPPORTED` for those without tolerances.
 */
export async function withModels<T>(host: Host, settings: Settings, use: (judgeOf: JudgeOf) => Promise<T>): Promise<T> {
  const logger = createLogger({ ...settings, logLevel: "warn", destination: host.stderr, isTerminal: host.isTerminal });
  const stop = new AbortController();
  const forget = host.onStopRequest(() => stop.abort(new NodeError("STOPPED", "The check was asked to stop.")));
  const engines = new Map<Hex, Promise<Engine>>();
  let backend: ReturnType<typeof startBackend> | undefined;
  const open = async (id: Hex): Promise<Engine> => {
    const model = await findModel(settings, id);
    backend ??= startBackend({ gpu: settings.gpu, logger });
    return await openLlamaEngine({ llama: await backend, model, threads: settings.threads, sequences: 1 });
  };
  try {
    return await use(async ({ job, spec: { model } }) => {
      const engine = engines.get(model) ?? open(model);
      engines.set(model, engine);
      // Nobody else's word is compared with ours: any seed will do.
      return resultJudge(await engine, { wordSeed: job, signal: stop.signal });
    });
  } finally {
    forget();
    await (await backend)?.dispose();
  }
}

async function findModel(settings: Settings, id: Hex): Promise<ResolvedModel> {
  for (const reference of settings.models) {
    const model = await resolveModel(reference, settings);
    if (model.modelId === id) {
      return model;
    }
  }
  const sentence = `None of the models here is that of the result, ${id}. Name it with --models.`;
  throw new NodeError("MODEL_NOT_SERVED", sentence, { details: { model: id, models: settings.models } });
}
