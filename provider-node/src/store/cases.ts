import type { Hex } from "viem";
import { apply, type CaseEvent, type CaseState, UNSEEN } from "../seats/machine.ts";
import type { Database } from "./database.ts";
import type { CasesTable } from "./tables.ts";

/** A case as the node keeps it. */
export interface CaseRow {
  readonly id: Hex;
  readonly job: Hex;
  /** `DRAW_KEY` for the draw's case, the start item for a client's. */
  readonly key: bigint;
  readonly state: CaseState;
  /** Failed tries of what it is at. */
  readonly attempts: number;
}

/** All cases that this node may judge. A word and its salt are here before anything of them is sent. */
export class Cases {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a case of which nothing is known yet; one that is there stays as it is. */
  add({ id, job, key }: Pick<CaseRow, "id" | "job" | "key">): void {
    const row = { id, job, key: key.toString(), state: JSON.stringify(UNSEEN), attempts: 0 };
    const { query } = this.#database;
    this.#database.run(
      query
        .insertInto("cases")
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    );
  }

  get(id: Hex): CaseRow | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("cases").selectAll().where("id", "=", id));
    return row && fromTable(row);
  }

  all(): CaseRow[] {
    const { query } = this.#database;
    return this.#database.all(query.selectFrom("cases").selectAll()).map(fromTable);
  }

  of(job: Hex): CaseRow[] {
    const { query } = this.#database;
    return this.#database.all(query.selectFrom("cases").selectAll().where("job", "=", job)).map(fromTable);
  }

  /** Moves a case on by an event; one that the node does not know stays unknown. Failed tries are forgotten. */
  apply(id: Hex, event: CaseEvent): void {
    const row = this.get(id);
    const state = row && apply(row.state, event);
    if (row !== undefined && state !== row.state) {
      this.#update(id, { state: JSON.stringify(state), attempts: 0 });
    }
  }

  /** Takes every case back to where the chain was at `ancestor`. */
  rewind(ancestor: number): void {
    for (const { id } of this.all()) {
      this.apply(id, { name: "reorged", ancestor });
    }
  }

  setAttempts(id: Hex, attempts: number): void {
    this.#update(id, { attempts });
  }

  delete(id: Hex): void {
    const { query } = this.#database;
    this.#database.run(query.deleteFrom("cases").where("id", "=", id));
  }

  #update(id: Hex, changes: Partial<CasesTable>): void {
    const { query } = this.#database;
    this.#database.run(query.updateTable("cases").set(changes).where("id", "=", id));
  }
}

function fromTable({ id, job, key, state, attempts }: CasesTable): CaseRow {
  return { id: id as Hex, job: job as Hex, key: BigInt(key), state: JSON.parse(state) as CaseState, attempts };
}
