import { type InputList, type InputReceipt, inputRoot } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Blobs } from "./blobs.ts";
import type { Database } from "./database.ts";

/** Lists of requests by their root; the requests themselves are blobs. */
export class Inputs {
  readonly #database: Database;
  readonly #blobs: Blobs;

  constructor(database: Database, blobs: Blobs) {
    this.#database = database;
    this.#blobs = blobs;
  }

  /**
   * Stores the exact bytes of requests, in their order.
   *
   * @param now Unix seconds; uploads that no job uses are pruned by their age.
   * @param isSealed Whether it came sealed: not for everybody.
   * @throws NodeError `STORE_QUOTA_REACHED` or `DISK_FULL`.
   */
  async save(requests: readonly Uint8Array[], now: number, isSealed = false): Promise<InputReceipt> {
    await this.#blobs.ensureRoom(requests.reduce((sum, { length }) => sum + length, 0));
    const hashes: Hex[] = [];
    for (const request of requests) {
      hashes.push(await this.#blobs.put(request));
    }
    const root = this.record(hashes, now);
    if (isSealed) {
      this.#setSealed(root, true);
    }
    return { root, requests: hashes };
  }

  /** Records a list whose requests are stored already; gives its root. A list that is known counts as new again. */
  record(requests: readonly Hex[], now: number): Hex {
    const root = inputRoot(requests);
    const row = { root, requests: JSON.stringify(requests), created_at: now };
    const { query } = this.#database;
    this.#database.run(
      query
        .insertInto("inputs")
        .values(row)
        .onConflict((conflict) => conflict.column("root").doUpdateSet({ created_at: now })),
    );
    return root;
  }

  /** The request hashes behind a root, in order, or nothing. */
  list(root: Hex): InputList | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("inputs").select("requests").where("root", "=", root));
    return row && { requests: JSON.parse(row.requests) as Hex[] };
  }

  /** Whether an input came sealed, and is no job's that is not. */
  isSealed(root: Hex): boolean {
    const { query } = this.#database;
    return (
      this.#database.first(query.selectFrom("inputs").select("is_sealed").where("root", "=", root))?.is_sealed === 1
    );
  }

  /** From now on an input is for everybody: it is that of a job that is not sealed. */
  unseal(root: Hex): void {
    this.#setSealed(root, false);
  }

  #setSealed(root: Hex, isSealed: boolean): void {
    const { query } = this.#database;
    const change = { is_sealed: isSealed ? 1 : 0 };
    this.#database.run(query.updateTable("inputs").set(change).where("root", "=", root));
  }

  /** Roots that were recorded before `time`, unix seconds. */
  olderThan(time: number): Hex[] {
    const { query } = this.#database;
    const rows = this.#database.all(query.selectFrom("inputs").select("root").where("created_at", "<", time));
    return rows.map(({ root }) => root as Hex);
  }

  /** Forgets a list and its blobs, but those that another list shares. */
  async delete(root: Hex): Promise<void> {
    const own = this.list(root)?.requests ?? [];
    const { query } = this.#database;
    this.#database.run(query.deleteFrom("inputs").where("root", "=", root));
    for (const hash of own) {
      if (!this.#isListed(hash)) {
        await this.#blobs.delete(hash);
      }
    }
  }

  #isListed(hash: Hex): boolean {
    const { query } = this.#database;
    const holding = query.selectFrom("inputs").select("root").where("requests", "like", `%${hash}%`).limit(1);
    return this.#database.first(holding) !== undefined;
  }
}
