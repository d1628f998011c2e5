import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sql } from "kysely";
import { Refusal } from "../errors.ts";
import type { Database } from "./database.ts";

/** What a file is for. */
export type FilePurpose = "batch" | "batch_output";

/** A file of a key, in our words; `fileObject` has OpenAI's. */
export interface StoredFile {
  readonly id: string;
  readonly keyId: string;
  readonly filename: string;
  readonly purpose: FilePurpose;
  readonly bytes: number;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** Bounds of what is stored. */
export interface FileLimits {
  readonly maxFileBytes: number;
  readonly maxStoreBytes: number;
}

/** Files by id: rows in the database, content in a folder beside it. A file is there only once all of it is on disk. */
export class Files {
  readonly #database: Database;
  readonly #folder: string;
  readonly #limits: FileLimits;

  private constructor(database: Database, folder: string, limits: FileLimits) {
    this.#database = database;
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Opens the folder and removes what a crash left half-written. */
  static async open(database: Database, folder: string, limits: FileLimits): Promise<Files> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const known = new Set(database.all(database.query.selectFrom("files").select("id")).map(({ id }) => id));
    for (const name of await readdir(folder)) {
      if (!known.has(name)) {
        await rm(path.join(folder, name), { force: true });
      }
    }
    return new Files(database, folder, limits);
  }

  /**
   * Stores a file as it streams in.
   *
   * @throws Refusal `request_too_large`, `storage_full`
   */
  async save(
    file: Pick<StoredFile, "keyId" | "filename" | "purpose">,
    content: NodeJS.ReadableStream | Iterable<string> | AsyncIterable<string>,
    now: number,
    id: string = newFileId(),
  ): Promise<StoredFile> {
    const room = Math.max(0, this.#limits.maxStoreBytes - this.usedBytes());
    const draft = this.#pathOf(`${id}.part`);
    let bytes = 0;
    const counter = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        done(this.#refusalOf(bytes, room), chunk);
      },
    });
    try {
      await pipeline(content, counter, createWriteStream(draft, { mode: 0o600, flush: true }));
      await rename(draft, this.#pathOf(id));
      await syncFolder(this.#folder);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    const stored = { ...file, id, bytes, createdAt: now };
    this.#insert(stored);
    return stored;
  }

  /** A file of a key. */
  get(keyId: string, id: string): StoredFile | undefined {
    const row = this.#database.first(this.#select(keyId).where("id", "=", id));
    return row && fromRow(row);
  }

  /** Files of a key, the newest first. */
  list(
    keyId: string,
    { limit, after, purpose }: { limit: number; after?: string | undefined; purpose?: string | undefined },
  ): StoredFile[] {
    let query = this.#select(keyId).orderBy("number", "desc").limit(limit);
    if (after !== undefined) {
      query = query.where(
        "number",
        "<",
        this.#database.query.selectFrom("files").select("number").where("id", "=", after),
      );
    }
    if (purpose !== undefined) {
      query = query.where("purpose", "=", purpose);
    }
    return this.#database.all(query).map(fromRow);
  }

  /** The content of a file, as a stream. */
  stream(id: string): NodeJS.ReadableStream {
    return createReadStream(this.#pathOf(id));
  }

  /** The content of a file, whole. */
  read(id: string): Promise<Buffer> {
    return readFile(this.#pathOf(id));
  }

  /** Removes a file; false where the key has no such. */
  async delete(keyId: string, id: string): Promise<boolean> {
    const { query } = this.#database;
    const gone = this.#database.run(query.deleteFrom("files").where("id", "=", id).where("key_id", "=", keyId));
    if (gone > 0) {
      await rm(this.#pathOf(id), { force: true });
    }
    return gone > 0;
  }

  /** Bytes of all files. */
  usedBytes(): number {
    const sum = sql<number>`COALESCE(SUM(bytes), 0)`.as("sum");
    return this.#database.first(this.#database.query.selectFrom("files").select(sum))?.sum ?? 0;
  }

  #refusalOf(bytes: number, room: number): Refusal | null {
    const { maxFileBytes } = this.#limits;
    if (bytes > maxFileBytes) {
      return new Refusal("request_too_large", `A file has at most ${maxFileBytes} bytes here. Split it.`);
    }
    return bytes > room ? new Refusal("storage_full", "There is no room for this file. Delete files first.") : null;
  }

  #insert({ id, keyId, filename, purpose, bytes, createdAt }: StoredFile): void {
    const row = { id, key_id: keyId, filename, purpose, bytes, created_at: createdAt };
    const { query } = this.#database;
    this.#database.run(
      query
        .insertInto("files")
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    );
  }

  #select(keyId: string) {
    return this.#database.query.selectFrom("files").selectAll().where("key_id", "=", keyId);
  }

  #pathOf(name: string): string {
    return path.join(this.#folder, name);
  }
}

/** Ids are ours alone: no client can name a path by one. */
export function newFileId(): string {
  return `file-${randomBytes(12).toString("hex")}`;
}

async function syncFolder(folder: string): Promise<void> {
  if (path.sep === "/") {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  }
}

interface FileRow {
  readonly id: string;
  readonly key_id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly created_at: number;
}

function fromRow({ id, key_id, filename, purpose, bytes, created_at }: FileRow): StoredFile {
  return { id, keyId: key_id, filename, purpose: purpose as FilePurpose, bytes, createdAt: created_at };
}
