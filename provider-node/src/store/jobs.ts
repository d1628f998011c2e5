import { type JobSpec, specFromWire, specToWire } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import { apply, type JobEvent, type JobState, unseen } from "../jobs/machine.ts";
import type { Database } from "./database.ts";
import type { JobsTable } from "./tables.ts";

/** How much a job's input asks for. */
export interface Measure {
  /** Tokens of all prompts together. */
  readonly promptTokens: number;
  /** Most tokens that all outputs together may have. */
  readonly maxOutputTokens: number;
  /** Bytes of all requests together. */
  readonly bytes: number;
  /** Most bytes with which one item may have to be answered on chain; 0 where nobody may demand it. */
  readonly answerBytes?: number;
}

/** A job as it comes to the node. */
export interface NewJob {
  readonly id: Hex;
  readonly spec: JobSpec;
  /** Where the input may be fetched; may be empty. */
  readonly uri: string;
  /** The client's, of an order. */
  readonly signature?: Hex;
}

/** A job as the node keeps it. */
export interface JobRow extends NewJob {
  readonly state: JobState;
  /** Known once the inputs are here. */
  readonly measure?: Measure;
  /** Failed tries of the stage that it is at. */
  readonly attempts: number;
}

/** All jobs that concern this node. */
export class Jobs {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a job of which nothing is known yet; one that is there stays as it is. */
  add({ id, spec, uri, signature }: NewJob): void {
    const row = {
      id,
      spec: JSON.stringify(specToWire(spec)),
      uri,
      signature: signature ?? null,
      state: JSON.stringify(unseen(signature === undefined ? "none" : "ordered")),
      measure: null,
      attempts: 0,
      is_active: 1,
    };
    const { query } = this.#database;
    this.#database.run(
      query
        .insertInto("jobs")
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    );
  }

  get(id: Hex): JobRow | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("jobs").selectAll().where("id", "=", id));
    return row && fromTable(row);
  }

  /** Jobs to which something can still happen. */
  active(): JobRow[] {
    const { query } = this.#database;
    return this.#database.all(query.selectFrom("jobs").selectAll().where("is_active", "=", 1)).map(fromTable);
  }

  /** Moves a job on by an event; one that the node does not know stays unknown. Failed tries are forgotten. */
  apply(id: Hex, event: JobEvent): void {
    const job = this.get(id);
    const state = job && apply(job.state, event);
    if (job !== undefined && state !== job.state) {
      this.#update(id, { state: JSON.stringify(state), attempts: 0, is_active: 1 });
    }
  }

  /** Takes every job back to where the chain was at `ancestor`. */
  rewind(ancestor: number): void {
    for (const { id } of this.active()) {
      this.apply(id, { type: "reorged", ancestor });
    }
  }

  setMeasure(id: Hex, measure: Measure): void {
    this.#update(id, { measure: JSON.stringify(measure) });
  }

  setAttempts(id: Hex, attempts: number): void {
    this.#update(id, { attempts });
  }

  /** Nothing can happen to this job any more, not even by a reorg. */
  retire(id: Hex): void {
    this.#update(id, { is_active: 0 });
  }

  /** Whether a job other than `except` uses this input. */
  usesInput(root: Hex, except?: Hex): boolean {
    const { query } = this.#database;
    const using = query
      .selectFrom("jobs")
      .select("id")
      .where((where) => where(where.fn<string>("json_extract", ["spec", where.val("$.input")]), "=", root))
      .where("id", "!=", except ?? "")
      .limit(1);
    return this.#database.first(using) !== undefined;
  }

  /** Jobs that were retired. */
  retired(): JobRow[] {
    const { query } = this.#database;
    return this.#database.all(query.selectFrom("jobs").selectAll().where("is_active", "=", 0)).map(fromTable);
  }

  delete(id: Hex): void {
    const { query } = this.#database;
    this.#database.run(query.deleteFrom("jobs").where("id", "=", id));
  }

  #update(id: Hex, changes: Partial<JobsTable>): void {
    const { query } = this.#database;
    this.#database.run(query.updateTable("jobs").set(changes).where("id", "=", id));
  }
}

function fromTable(row: JobsTable): JobRow {
  return {
    id: row.id as Hex,
    spec: specFromWire(JSON.parse(row.spec)),
    uri: row.uri,
    ...(row.signature !== null && { signature: row.signature as Hex }),
    state: JSON.parse(row.state) as JobState,
    ...(row.measure !== null && { measure: JSON.parse(row.measure) as Measure }),
    attempts: row.attempts,
  };
}
