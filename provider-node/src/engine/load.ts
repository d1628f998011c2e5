import type { Settings } from "../config.ts";
import type { Logger } from "../logger.ts";
import { startBackend } from "./backend.ts";
import type { Engine } from "./engine.ts";
import { openLlamaEngine } from "./llama.ts";
import { resolveModel } from "./models.ts";

/** The models of this node, ready to write. */
export interface LoadedEngines {
  readonly engines: readonly Engine[];
  close(): Promise<void>;
}

/** What loading takes of the settings. */
export type EngineSettings = Pick<Settings, "models" | "gpu" | "threads" | "contextSequences" | "dataDir">;

/** Finds, checks and loads every model of the settings, over one llama.cpp. */
export async function loadEngines(settings: EngineSettings, logger: Logger): Promise<LoadedEngines> {
  const models = await Promise.all(settings.models.map((model) => resolveModel(model, settings)));
  const llama = await startBackend({ gpu: settings.gpu, logger });
  const engines: Engine[] = [];
  const close = async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await llama.dispose();
  };
  try {
    for (const model of models) {
      const { threads, contextSequences: sequences } = settings;
      const engine = await openLlamaEngine({ llama, model, threads, sequences });
      engines.push(engine);
      const { id, name, contextLength } = engine.model;
      logger.info("model loaded", { id, name, contextLength, ...(await engine.describe()) });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { engines, close };
}
