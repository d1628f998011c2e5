import { type BatchJob, type BatchState, type BatchStatus, ENDED, type StoredBatch } from "../batches/state.ts";
import type { Database } from "./database.ts";

/** Batches and their jobs. */
export class Batches {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(batch: StoredBatch): void {
    const { id, keyId, status, createdAt, inputFileId, ...state } = batch;
    const row = { id, key_id: keyId, status, created_at: createdAt, input_file_id: inputFileId };
    const { query } = this.#database;
    this.#database.run(query.insertInto("batches").values({ ...row, state: JSON.stringify(state) }));
  }

  /** Changes a batch; gives it as it is then. Throws where there is none: ids come from here. */
  update(id: string, change: Partial<BatchState> & { readonly status?: BatchStatus }): StoredBatch {
    return this.#database.transaction(() => {
      const before = this.require(id);
      const after = { ...before, ...change };
      const { id: _, keyId: __, status, createdAt: ___, inputFileId: ____, ...state } = after;
      const { query } = this.#database;
      const update = query
        .updateTable("batches")
        .set({ status, state: JSON.stringify(state) })
        .where("id", "=", id);
      this.#database.run(update);
      return after;
    });
  }

  /** A batch, whosever it is. Throws where there is none. */
  require(id: string): StoredBatch {
    const row = this.#database.first(this.#select().where("id", "=", id));
    if (row === undefined) {
      throw new Error(`There is no batch ${id} in the database.`);
    }
    return fromRow(row);
  }

  /** A batch of a key. */
  get(keyId: string, id: string): StoredBatch | undefined {
    const row = this.#database.first(this.#select().where("id", "=", id).where("key_id", "=", keyId));
    return row && fromRow(row);
  }

  /** Batches of a key, the newest first. */
  list(keyId: string, { limit, after }: { limit: number; after?: string | undefined }): StoredBatch[] {
    const query = this.#select().where("key_id", "=", keyId).orderBy("number", "desc").limit(limit);
    const before = this.#database.query
      .selectFrom("batches")
      .select("number")
      .where("id", "=", after ?? "");
    const page = after === undefined ? query : query.where("number", "<", before);
    return this.#database.all(page).map(fromRow);
  }

  /** Batches that are not over, the oldest first: what a gateway goes on with when it starts. */
  listOpen(): StoredBatch[] {
    const query = this.#select().where("status", "not in", ENDED).orderBy("number");
    return this.#database.all(query).map(fromRow);
  }

  /** Sets the jobs of a batch, and that it goes on: both or neither. */
  plan(id: string, jobs: readonly BatchJob[], change: Partial<BatchState> & { readonly status?: BatchStatus }): void {
    this.#database.transaction(() => {
      jobs.forEach((job, position) => {
        const row = { batch_id: id, position, state: JSON.stringify(job) };
        this.#database.run(this.#database.query.insertInto("batch_jobs").values(row));
      });
      this.update(id, change);
    });
  }

  /** The jobs of a batch by their positions. */
  jobs(id: string): BatchJob[] {
    const { query } = this.#database;
    const select = query.selectFrom("batch_jobs").select("state").where("batch_id", "=", id).orderBy("position");
    return this.#database.all(select).map(({ state }) => JSON.parse(state) as BatchJob);
  }

  /** Changes a job of a batch; gives it as it is then. */
  updateJob(id: string, position: number, change: Partial<BatchJob>): BatchJob {
    return this.#database.transaction(() => {
      const after = { ...(this.jobs(id)[position] as BatchJob), ...change };
      const { query } = this.#database;
      this.#database.run(
        query
          .updateTable("batch_jobs")
          .set({ state: JSON.stringify(after) })
          .where("batch_id", "=", id)
          .where("position", "=", position),
      );
      return after;
    });
  }

  /** All writes of `work`, to spending too, happen or none. */
  transaction<T>(work: () => T): T {
    return this.#database.transaction(work);
  }

  #select() {
    return this.#database.query.selectFrom("batches").selectAll();
  }
}

interface BatchRow {
  readonly id: string;
  readonly key_id: string;
  readonly status: string;
  readonly created_at: number;
  readonly input_file_id: string;
  readonly state: string;
}

function fromRow({ id, key_id, status, created_at, input_file_id, state }: BatchRow): StoredBatch {
  const told = JSON.parse(state) as BatchState;
  return {
    ...told,
    id,
    keyId: key_id,
    status: status as BatchStatus,
    createdAt: created_at,
    inputFileId: input_file_id,
  };
}
