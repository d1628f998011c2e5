import { mkdir, open, opendir, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { type Hex, keccak256 } from "viem";
import { NodeError } from "../errors.ts";

/** Where blobs lie and how much room they may take. */
export interface BlobOptions {
  /** Folder of the blobs; made if it is not there. */
  readonly dir: string;
  /** Most bytes that all blobs together may take. */
  readonly maxBytes: number;
  /** Free bytes that must remain on the disk. */
  readonly minFreeBytes: number;
  /** Where else bytes may lie: those of live calls are in the database. */
  readonly also?: (hash: Hex) => Uint8Array | undefined;
}

const UNFINISHED = ".tmp";

/** Bytes by their keccak256, one file each. A blob that is there is whole. */
export class Blobs {
  readonly #options: BlobOptions;
  readonly #writing = new Map<Hex, Promise<void>>();
  #usedBytes = 0;
  #writes = 0;

  private constructor(options: BlobOptions) {
    this.#options = options;
  }

  /** Opens the folder, clears what a crash left unfinished, and adds the sizes up. */
  static async open(options: BlobOptions): Promise<Blobs> {
    const blobs = new Blobs(options);
    await mkdir(options.dir, { recursive: true });
    for await (const entry of await opendir(options.dir, { recursive: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile() && entry.name.endsWith(UNFINISHED)) {
        await rm(file, { force: true });
      } else if (entry.isFile()) {
        blobs.#usedBytes += (await stat(file)).size;
      }
    }
    return blobs;
  }

  /** Bytes that all blobs take together. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * Stores bytes, durably: it resolves when they would survive a loss of power.
   *
   * @throws NodeError `STORE_QUOTA_REACHED` or `DISK_FULL`.
   */
  async put(bytes: Uint8Array): Promise<Hex> {
    const hash = keccak256(bytes);
    const writing = this.#writing.get(hash) ?? this.#store(hash, bytes).finally(() => this.#writing.delete(hash));
    this.#writing.set(hash, writing);
    await writing;
    return hash;
  }

  /**
   * The bytes behind a hash, checked against it, or nothing.
   *
   * @throws NodeError `BLOB_CORRUPT` if the disk gave other bytes; the blob is then gone, so that it can be had anew.
   */
  async get(hash: Hex): Promise<Uint8Array | undefined> {
    const bytes = (await ifThere(readFile(this.#fileOf(hash)))) ?? this.#options.also?.(hash);
    if (bytes !== undefined && keccak256(bytes) !== hash) {
      await this.delete(hash);
      throw new NodeError("BLOB_CORRUPT", `Blob ${hash} was damaged on disk and is removed. Check the disk.`, {
        details: { hash },
      });
    }
    return bytes;
  }

  /** Whether the blob is there. */
  async has(hash: Hex): Promise<boolean> {
    return (await ifThere(stat(this.#fileOf(hash)))) !== undefined;
  }

  /** Removes a blob; fine if it is not there. */
  async delete(hash: Hex): Promise<void> {
    const file = this.#fileOf(hash);
    const found = await ifThere(stat(file));
    if (found !== undefined) {
      await rm(file, { force: true });
      this.#usedBytes -= found.size;
    }
  }

  /**
   * Passes only if so many more bytes fit.
   *
   * @throws NodeError `STORE_QUOTA_REACHED` or `DISK_FULL`.
   */
  async ensureRoom(bytes: number): Promise<void> {
    this.#ensureQuota(bytes);
    await this.#ensureDisk(bytes);
  }

  async #store(hash: Hex, bytes: Uint8Array): Promise<void> {
    if (await this.has(hash)) {
      return;
    }
    this.#ensureQuota(bytes.length);
    this.#usedBytes += bytes.length; // In the same breath, so that two at once cannot both take the last room.
    try {
      await this.#ensureDisk(bytes.length);
      await this.#write(this.#fileOf(hash), bytes);
    } catch (error) {
      this.#usedBytes -= bytes.length;
      throw writeError(error, this.#options.dir);
    }
  }

  #ensureQuota(bytes: number): void {
    const { maxBytes } = this.#options;
    if (this.#usedBytes + bytes > maxBytes) {
      const sentence = "The node stores as much as it may. Wait until old jobs are pruned, or raise `maxStoreBytes`.";
      throw new NodeError("STORE_QUOTA_REACHED", sentence, { details: { bytes, used: this.#usedBytes, maxBytes } });
    }
  }

  async #ensureDisk(bytes: number): Promise<void> {
    const { dir, minFreeBytes } = this.#options;
    const { bavail, bsize } = await statfs(dir);
    const free = bavail * bsize;
    if (free < bytes + minFreeBytes) {
      const sentence = "The node's disk is nearly full. Free some space, or lower `minFreeDiskBytes`.";
      throw new NodeError("DISK_FULL", sentence, { details: { bytes, free, minFreeBytes } });
    }
  }

  async #write(file: string, bytes: Uint8Array): Promise<void> {
    this.#writes += 1;
    const unfinished = `${file}.${this.#writes}${UNFINISHED}`;
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(unfinished, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
    await syncFolder(path.dirname(file));
  }

  #fileOf(hash: Hex): string {
    if (!/^0x[0-9a-f]{64}$/.test(hash)) {
      throw new TypeError(`Not a hash: ${hash}`); // Never let a name from outside become a path.
    }
    return path.join(this.#options.dir, hash.slice(2, 4), hash.slice(2));
  }
}

async function ifThere<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isErrno(error, "ENOENT")) {
      return undefined;
    }
    throw error;
  }
}

/** Makes a rename durable. Windows cannot sync a folder, and needs not. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === "win32") {
    return;
  }
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function writeError(error: unknown, dir: string): unknown {
  if (isErrno(error, "ENOSPC") || isErrno(error, "EDQUOT")) {
    const sentence = "The node's disk is full. Free some space.";
    return new NodeError("DISK_FULL", sentence, { cause: error, details: { dir } });
  }
  return error;
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
