import type { Hex } from "viem";
import type { Database } from "./database.ts";

/** One item of a job that is done. Its output is a blob. */
export interface ItemResult {
  readonly outputHash: Hex;
  readonly traceRoot: Hex;
  /** keccak256 of the whole trace, a blob; zero where there is none. */
  readonly traceHash: Hex;
  /** Tokens written. */
  readonly tokens: number;
}

/** What jobs have come to, item by item: a restart goes on with the next item. */
export class Results {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Records one item; the same item again changes nothing. */
  record(job: Hex, position: number, { outputHash, traceRoot, traceHash, tokens }: ItemResult): void {
    const row = { job, position, output_hash: outputHash, trace_root: traceRoot, trace_hash: traceHash, tokens };
    const { query } = this.#database;
    this.#database.run(
      query
        .insertInto("results")
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    );
  }

  /** Items that are done, by their position. */
  of(job: Hex): Map<number, ItemResult> {
    const { query } = this.#database;
    const rows = this.#database.all(query.selectFrom("results").selectAll().where("job", "=", job).orderBy("position"));
    return new Map(
      rows.map(({ position, output_hash, trace_root, trace_hash, tokens }) => [
        position,
        { outputHash: output_hash as Hex, traceRoot: trace_root as Hex, traceHash: trace_hash as Hex, tokens },
      ]),
    );
  }

  /** How many items are done. */
  count(job: Hex): number {
    const { query } = this.#database;
    const counted = query.selectFrom("results").select((select) => select.fn.countAll<number>().as("done"));
    return this.#database.first(counted.where("job", "=", job))?.done ?? 0;
  }

  /** Whether some other job has this output or trace too. */
  isShared(blob: Hex, job: Hex): boolean {
    const { query } = this.#database;
    const others = query.selectFrom("results").select("job").where("job", "!=", job);
    const sharing = others.where((row) => row.or([row("output_hash", "=", blob), row("trace_hash", "=", blob)]));
    return this.#database.first(sharing.limit(1)) !== undefined;
  }

  delete(job: Hex): void {
    const { query } = this.#database;
    this.#database.run(query.deleteFrom("results").where("job", "=", job));
  }
}
