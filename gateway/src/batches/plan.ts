import type { Hex } from "viem";
import type { BatchLine } from "./lines.ts";
import type { BatchJob } from "./state.ts";

/** How much goes into one job. */
export interface JobBounds {
  readonly maxJobItems: number;
  /** Of the requests as they are uploaded, in JSON. */
  readonly maxJobBytes: number;
}

/**
 * Puts lines into jobs: one for each model, or as few as nodes take at once.
 *
 * @param modelIds By the name that lines use; lines of other models go into no job.
 */
export function planJobs(
  lines: readonly BatchLine[],
  modelIds: ReadonlyMap<string, Hex>,
  { maxJobItems, maxJobBytes }: JobBounds,
): BatchJob[] {
  const jobs: BatchJob[] = [];
  const filling = new Map<Hex, { name: string; lines: number[]; bytes: number }>();
  const finish = (model: Hex) => {
    const { name = "", lines: items = [] } = filling.get(model) ?? {};
    jobs.push({ phase: "planned", model, modelName: name, lines: items, failedProviders: [], done: 0 });
    filling.delete(model);
  };
  for (const line of lines) {
    const model = modelIds.get(line.model);
    if (model === undefined) {
      continue;
    }
    const size = uploadBytes(line.bytes);
    const open = filling.get(model);
    if (open !== undefined && (open.lines.length >= maxJobItems || open.bytes + size > maxJobBytes)) {
      finish(model);
    }
    const job = filling.get(model) ?? { name: line.model, lines: [], bytes: 0 };
    job.lines.push(line.line);
    job.bytes += size;
    filling.set(model, job);
  }
  for (const model of [...filling.keys()]) {
    finish(model);
  }
  return jobs;
}

/** What a request weighs in `POST /inputs`, with its comma. */
function uploadBytes(request: Uint8Array): number {
  return Buffer.byteLength(JSON.stringify(new TextDecoder().decode(request))) + 1;
}
