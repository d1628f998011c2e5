import type { Database } from "./database.ts";
import type { FilesTable } from "./tables.ts";

/** What a batch over a file takes, as the model's tokenizer has it. */
export interface FileMeasure {
  /** `ModelId` of the one model that its lines ask. */
  readonly model: string;
  /** Lines that are not empty. */
  readonly lines: number;
  /** Those that can be answered. */
  readonly items: number;
  readonly promptTokens: number;
  /** Most tokens that the answers may have together. */
  readonly maxTokens: number;
  /** The first line that cannot, from 1, and why. */
  readonly fault?: { readonly line: number; readonly message: string };
}

/** A file without its bytes. */
export interface StoredFile {
  readonly id: string;
  readonly purpose: FilesTable["purpose"];
  /** For people. */
  readonly filename: string;
  /** How many it has. */
  readonly bytes: number;
  readonly measure: FileMeasure | undefined;
  /** Unix seconds. */
  readonly createdAt: number;
  /** From then on it is not there. Unix seconds. */
  readonly expiresAt: number;
}

/** A file with its bytes. */
export type NewFile = Omit<StoredFile, "bytes" | "measure"> & { readonly bytes: Uint8Array };

/** Files of batches, by ids that nobody can guess. */
export class Files {
  readonly #database: Database;
  readonly #used = { batch: 0, batch_output: 0 };

  constructor(database: Database) {
    this.#database = database;
    const { query } = database;
    const sizes = query
      .selectFrom("files")
      .select(({ fn }) => ["purpose", fn.sum<number>(fn("length", ["bytes"])).as("sum")])
      .groupBy("purpose");
    for (const { purpose, sum } of database.all(sizes)) {
      this.#used[purpose] = Number(sum);
    }
  }

  /** Bytes of all files. */
  get usedBytes(): number {
    return this.#used.batch + this.#used.batch_output;
  }

  /** Bytes of files that nobody has paid for. */
  get uploadedBytes(): number {
    return this.#used.batch;
  }

  add({ id, purpose, filename, bytes, createdAt, expiresAt }: NewFile): void {
    const { query } = this.#database;
    const times = { created_at: createdAt, expires_at: expiresAt };
    this.#database.run(query.insertInto("files").values({ id, purpose, filename, bytes, measure: null, ...times }));
    this.#used[purpose] += bytes.length;
  }

  /** @param now Unix seconds. */
  get(id: string, now: number): StoredFile | undefined {
    const { query } = this.#database;
    const row = this.#database.first(
      query
        .selectFrom("files")
        .select(["id", "purpose", "filename", "measure", "created_at", "expires_at"])
        .select(({ fn }) => fn<number>("length", ["bytes"]).as("bytes"))
        .where("id", "=", id)
        .where("expires_at", ">", now),
    );
    if (row === undefined) {
      return undefined;
    }
    const { measure, created_at: createdAt, expires_at: expiresAt, ...rest } = row;
    return { ...rest, createdAt, expiresAt, measure: measure === null ? undefined : JSON.parse(measure) };
  }

  /** The bytes of a file that {@link get} found in the same breath. */
  content(id: string): Uint8Array {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("files").select("bytes").where("id", "=", id));
    if (row === undefined) {
      throw new TypeError(`There is no file ${id}`);
    }
    return row.bytes;
  }

  setMeasure(id: string, measure: FileMeasure): void {
    const { query } = this.#database;
    this.#database.run(
      query
        .updateTable("files")
        .set({ measure: JSON.stringify(measure) })
        .where("id", "=", id),
    );
  }

  /** Removes a file; fine if it is not there. */
  delete(id: string): void {
    const file = this.get(id, -1);
    if (file !== undefined) {
      this.#database.run(this.#database.query.deleteFrom("files").where("id", "=", id));
      this.#used[file.purpose] -= file.bytes;
    }
  }

  /** Removes what has expired; says how many files that were. */
  prune(now: number): number {
    const { query } = this.#database;
    const old = this.#database.all(query.selectFrom("files").select("id").where("expires_at", "<=", now));
    for (const { id } of old) {
      this.delete(id);
    }
    return old.length;
  }
}
