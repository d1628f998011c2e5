import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Engine } from "../../../../provider-node/src/engine/engine.ts";
import { loadEngines } from "../../../../provider-node/src/engine/load.ts";
import { silentLogger } from "../../../../provider-node/src/logger.ts";

/** The model that ships, on this machine. */
export interface Storyteller {
  readonly engine: Engine;
  close(): Promise<void>;
}

export async function openStoryteller(): Promise<Storyteller> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "touchstone-storyteller-"));
  const settings = { models: ["storyteller"], gpu: "cpu", threads: 0, contextSequences: 2, dataDir } as const;
  const loaded = await loadEngines(settings, silentLogger);
  return {
    engine: loaded.engines[0]!,
    close: async () => {
      await loaded.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
