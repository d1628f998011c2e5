import type { Hex } from "viem";
import type { Database } from "./database.ts";

/** A block of the canonical chain, as the node remembers it. */
export interface BlockRef {
  readonly number: number;
  readonly hash: Hex;
  readonly parentHash: Hex;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** The canonical chain from the last finalized block up: the cursor, and what reorgs are found with. */
export class Blocks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** From the last finalized block up to the last one taken in; empty before the first. */
  all(): BlockRef[] {
    const { query } = this.#database;
    return this.#database.all(query.selectFrom("blocks").selectAll().orderBy("number")).map((row) => ({
      number: row.number,
      hash: row.hash as Hex,
      parentHash: row.parent_hash as Hex,
      timestamp: row.timestamp,
    }));
  }

  append({ number, hash, parentHash, timestamp }: BlockRef): void {
    const { query } = this.#database;
    this.#database.run(query.insertInto("blocks").values({ number, hash, parent_hash: parentHash, timestamp }));
  }

  /** Forgets all blocks above `number`, which left the chain. */
  dropAbove(number: number): void {
    const { query } = this.#database;
    this.#database.run(query.deleteFrom("blocks").where("number", ">", number));
  }

  /** Forgets all blocks below `number`, which is final. */
  dropBelow(number: number): void {
    const { query } = this.#database;
    this.#database.run(query.deleteFrom("blocks").where("number", "<", number));
  }
}
