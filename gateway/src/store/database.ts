import Sqlite from "better-sqlite3";
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import { GatewayError } from "../errors.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { Tables } from "./tables.ts";

/** Builds typed queries; {@link Database} runs them, in step, so that nothing can happen in the middle of a transaction. */
const builder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** The command line adds keys while a gateway runs: each waits for the other's short writes. */
const BUSY_MS = 5_000;

/** A SQLite file. Amounts are 64-bit integers: written as bigints, read as text. */
export class Database {
  readonly query = builder;
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement<unknown[]>>();

  private constructor(sqlite: Sqlite.Database) {
    this.#sqlite = sqlite;
  }

  /**
   * Opens or creates the database and brings its schema up to date.
   *
   * @throws GatewayError `STORE_TOO_NEW`, `STORE_UNUSABLE`
   */
  static open(file: string): Database {
    try {
      const sqlite = new Sqlite(file, { timeout: BUSY_MS });
      sqlite.pragma("journal_mode = WAL");
      sqlite.pragma("synchronous = FULL");
      sqlite.pragma("foreign_keys = ON");
      migrate(sqlite, file);
      return new Database(sqlite);
    } catch (cause) {
      if (cause instanceof GatewayError) {
        throw cause;
      }
      const sentence = `${file} cannot be opened as a database. Check its folder, or restore a backup.`;
      throw new GatewayError("STORE_UNUSABLE", sentence, { cause, details: { file } });
    }
  }

  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.#prepared(sql).all(...parameters) as Row[];
  }

  first<Row>(query: Compilable<Row>): Row | undefined {
    const { sql, parameters } = query.compile();
    return this.#prepared(sql).get(...parameters) as Row | undefined;
  }

  /** Runs a write; tells how many rows it changed. */
  run(query: Compilable): number {
    const { sql, parameters } = query.compile();
    return this.#prepared(sql).run(...parameters).changes;
  }

  /** All writes of `work` happen or none. */
  transaction<T>(work: () => T): T {
    return this.#sqlite.transaction(work).immediate();
  }

  close(): void {
    this.#sqlite.close();
  }

  /** There are few distinct queries; each is compiled once. */
  #prepared(sql: string): Sqlite.Statement<unknown[]> {
    const known = this.#statements.get(sql) ?? this.#sqlite.prepare<unknown[]>(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

/**
 * Takes a folder for this process; gives what lets go of it. The lock ends with the process, however that ends.
 *
 * @throws GatewayError `STORE_LOCKED`
 */
export function lockFolder(file: string): () => void {
  const sqlite = new Sqlite(file, { timeout: 0 });
  try {
    sqlite.pragma("locking_mode = EXCLUSIVE");
    sqlite.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    sqlite.close();
    const sentence = `Another gateway uses ${file}. Stop it, or give this one a data folder of its own.`;
    throw new GatewayError("STORE_LOCKED", sentence, { cause, details: { file } });
  }
  return () => sqlite.close();
}

function migrate(sqlite: Sqlite.Database, file: string): void {
  sqlite
    .transaction(() => {
      const version = sqlite.pragma("user_version", { simple: true }) as number;
      if (version > MIGRATIONS.length) {
        const sentence = `${file} was written by a newer version of this program. Update the program, or restore a backup.`;
        throw new GatewayError("STORE_TOO_NEW", sentence, { details: { version, known: MIGRATIONS.length } });
      }
      for (const migration of MIGRATIONS.slice(version)) {
        sqlite.exec(migration);
      }
      sqlite.pragma(`user_version = ${MIGRATIONS.length}`);
    })
    .exclusive();
}
