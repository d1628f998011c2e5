import { rm } from "node:fs/promises";
import path from "node:path";
import type { Hex } from "viem";
import { Blobs } from "./blobs.ts";

/** Most bytes of one case: a provider that feeds a seat more is asked on chain, where bytes cost. */
const MAX_CASE_BYTES = 256 * 2 ** 20;

/** What seats fetch to judge, a folder a case: apart from what the node must keep for its own jobs, and gone with the case. */
export class Evidence {
  readonly #dir: string;
  readonly #minFreeBytes: number;
  readonly #opened = new Map<Hex, Promise<Blobs>>();

  constructor(dir: string, minFreeBytes: number) {
    this.#dir = dir;
    this.#minFreeBytes = minFreeBytes;
  }

  /** The bytes of a case. */
  of(caseId: Hex): Promise<Blobs> {
    const options = { dir: this.#folderOf(caseId), maxBytes: MAX_CASE_BYTES, minFreeBytes: this.#minFreeBytes };
    const opened = this.#opened.get(caseId) ?? Blobs.open(options);
    this.#opened.set(caseId, opened);
    return opened;
  }

  /** Forgets the bytes of a case. */
  async delete(caseId: Hex): Promise<void> {
    this.#opened.delete(caseId);
    await rm(this.#folderOf(caseId), { recursive: true, force: true });
  }

  #folderOf(caseId: Hex): string {
    if (!/^0x[0-9a-f]{64}$/.test(caseId)) {
      throw new TypeError(`Not a hash: ${caseId}`); // Never let a name from outside become a path.
    }
    return path.join(this.#dir, caseId.slice(2));
  }
}
