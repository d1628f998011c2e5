import { type JobSpec, specFromWire, specToWire } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import { type DossierFact, type DossierHistory, rewindTo } from "../seats/dossier.ts";
import type { Database } from "./database.ts";
import type { DossiersTable } from "./tables.ts";

/** A job that a seat may have to judge. */
export interface DossierRow {
  readonly id: Hex;
  readonly spec: JobSpec;
  readonly history: DossierHistory;
}

/** What is known of all jobs of the models that this node can judge. */
export class Dossiers {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Begins a dossier; one that is there stays as it is. */
  add(id: Hex, spec: JobSpec): void {
    const row = { id, spec: JSON.stringify(specToWire(spec)), history: "[]" };
    const { query } = this.#database;
    this.#database.run(
      query
        .insertInto("dossiers")
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    );
  }

  get(id: Hex): DossierRow | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("dossiers").selectAll().where("id", "=", id));
    return row && fromTable(row);
  }

  all(): DossierRow[] {
    const { query } = this.#database;
    return this.#database.all(query.selectFrom("dossiers").selectAll()).map(fromTable);
  }

  /** Adds a fact to a dossier; a job that has none stays unknown. */
  note(id: Hex, fact: DossierFact): void {
    const dossier = this.get(id);
    if (dossier !== undefined) {
      this.#write(id, [...dossier.history, fact]);
    }
  }

  /** Takes every dossier back to where the chain was at `ancestor`. */
  rewind(ancestor: number): void {
    for (const { id, history } of this.all()) {
      const kept = rewindTo(history, ancestor);
      if (kept !== history) {
        this.#write(id, kept);
      }
    }
  }

  delete(id: Hex): void {
    const { query } = this.#database;
    this.#database.run(query.deleteFrom("dossiers").where("id", "=", id));
  }

  #write(id: Hex, history: DossierHistory): void {
    const { query } = this.#database;
    this.#database.run(
      query
        .updateTable("dossiers")
        .set({ history: JSON.stringify(history) })
        .where("id", "=", id),
    );
  }
}

function fromTable({ id, spec, history }: DossiersTable): DossierRow {
  return {
    id: id as Hex,
    spec: specFromWire(JSON.parse(spec)),
    history: JSON.parse(history) as DossierHistory,
  };
}
