import type { Llama } from "node-llama-cpp";
import type { Settings } from "../config.ts";
import type { Logger } from "../logger.ts";
import { startBackend } from "./backend.ts";
import type { Engine } from "./engine.ts";
import { openLlamaEngine } from "./llama.ts";
import { resolveModel } from "./models.ts";
import { openUpstreamEngine } from "./openai.ts";
import { Upstream } from "./openai-client.ts";
import { openGreedyUpstream } from "./openai-greedy.ts";
import { findUpstreamModel } from "./openai-models.ts";
import { isUpstreamReference, readUpstreamReference, type UpstreamReference } from "./openai-reference.ts";

/** The models of this node, ready to write. */
export interface LoadedEngines {
  readonly engines: readonly Engine[];
  close(): Promise<void>;
}

/** What loading takes of the settings. */
export type EngineSettings = Pick<Settings, "models" | "gpu" | "threads" | "contextSequences" | "dataDir"> &
  Partial<Pick<Settings, "upstreamApiKey" | "upstreamHosts" | "upstreamTimeoutMs">>;

const UPSTREAM_TIMEOUT_MS = 120_000;

/** Starts llama.cpp for the first who needs it. */
type Backend = () => Promise<Llama>;

/** Finds, checks and loads every model of the settings, those with a file over one llama.cpp. */
export async function loadEngines(settings: EngineSettings, logger: Logger): Promise<LoadedEngines> {
  const openings = await Promise.all(settings.models.map((reference) => openingOf(reference, settings)));
  let llama: Promise<Llama> | undefined;
  const backend: Backend = () => {
    llama ??= startBackend({ gpu: settings.gpu, logger });
    return llama;
  };
  const engines: Engine[] = [];
  const close = async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await llama?.then((started) => started.dispose());
  };
  try {
    for (const open of openings) {
      const engine = await open(backend);
      engines.push(engine);
      const { id, name, contextLength } = engine.model;
      logger.info("model loaded", { id, name, contextLength, ...(await engine.describe()) });
    }
  } catch (error) {
    await close().catch(() => undefined); // Why it failed says more.
    throw error;
  }
  return { engines, close };
}

/** How a model is opened, once it is known to be there as far as files go. */
async function openingOf(reference: string, settings: EngineSettings): Promise<(backend: Backend) => Promise<Engine>> {
  const { threads, contextSequences: sequences } = settings;
  if (!isUpstreamReference(reference)) {
    const model = await resolveModel(reference, settings);
    return async (backend) => openLlamaEngine({ llama: await backend(), model, threads, sequences });
  }
  const server = readUpstreamReference(reference, settings.upstreamHosts ?? []);
  if (server.model === undefined) {
    return async () => openUpstreamEngine(await reach(server, settings));
  }
  const model = await resolveModel(`greedy:${server.model}`, settings);
  return async (backend) => openGreedyUpstream({ ...(await reach(server, settings)), llama: await backend(), model });
}

async function reach({ url, name }: UpstreamReference, settings: EngineSettings) {
  const { upstreamApiKey: apiKey, upstreamTimeoutMs: timeoutMs = UPSTREAM_TIMEOUT_MS } = settings;
  const upstream = new Upstream({ url, apiKey, timeoutMs });
  return { upstream, served: await findUpstreamModel(upstream, name) };
}
