import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { Settings } from "../config.ts";
import { NodeError } from "../errors.ts";
import type { Host } from "./host.ts";

const recordSchema = z.object({ pid: z.int().positive(), url: z.string(), startedAt: z.string() });

/** The node that runs on a data folder, as other commands find it. */
export type RunningRecord = z.infer<typeof recordSchema>;

/** Notes that this process runs the node; gives what takes the note away. */
export async function noteRunning(host: Host, { dataDir }: Settings, url: string): Promise<() => Promise<void>> {
  const record: RunningRecord = { pid: host.pid, url, startedAt: new Date().toISOString() };
  await mkdir(dataDir, { recursive: true });
  await writeFile(fileIn(dataDir), JSON.stringify(record));
  return () => rm(fileIn(dataDir), { force: true });
}

/** The node that runs on the data folder of the settings, or nothing. */
export async function findRunning(host: Host, { dataDir }: Settings): Promise<RunningRecord | undefined> {
  try {
    const record = recordSchema.parse(JSON.parse(await readFile(fileIn(dataDir), "utf8")));
    return host.signal(record.pid, 0) ? record : undefined;
  } catch {
    return undefined; // None, or one that ended without taking its note away.
  }
}

/** As {@link findRunning}; throws where there is none. */
export async function requireRunning(host: Host, settings: Settings): Promise<RunningRecord> {
  const record = await findRunning(host, settings);
  if (record === undefined) {
    throw new NodeError("STOPPED", `No node runs on ${settings.dataDir}. Start it: touchstone start`);
  }
  return record;
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, "running.json");
}
