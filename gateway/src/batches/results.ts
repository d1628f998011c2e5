import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { type ItemOutput, itemOutputSchema } from "@touchstone/sdk/protocol";

/** The checked results of jobs, kept from when they were fetched until their batch's files are written. */
export class JobResults {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps the outputs of a job, in order; nothing stands for bytes that are no output. */
  async save(batchId: string, position: number, outputs: readonly (ItemOutput | undefined)[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = this.#fileOf(batchId, position);
    const handle = await open(`${file}.part`, "w", 0o600);
    try {
      await handle.writeFile(JSON.stringify(outputs.map((output) => output ?? null)));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.part`, file);
  }

  /** The outputs of a job as they were kept. */
  async load(batchId: string, position: number): Promise<(ItemOutput | undefined)[]> {
    const kept = JSON.parse(await readFile(this.#fileOf(batchId, position), "utf8")) as unknown[];
    return kept.map((output) => itemOutputSchema.safeParse(output).data);
  }

  /** Forgets the outputs of a job. */
  delete(batchId: string, position: number): Promise<void> {
    return rm(this.#fileOf(batchId, position), { force: true });
  }

  #fileOf(batchId: string, position: number): string {
    return path.join(this.#folder, `${batchId}-${position}.json`);
  }
}
