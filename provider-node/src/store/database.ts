import Sqlite from "better-sqlite3";
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import { NodeError } from "../errors.ts";
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

/** A SQLite file that one process holds for itself. */
export class Database {
  readonly query = builder;
  readonly #sqlite: Sqlite.Database;
  /** By their text: preparing one takes longer than running it. */
  readonly #statements = new Map<string, Sqlite.Statement>();
  #group: { readonly works: (() => void)[]; readonly done: Promise<void> } | undefined;

  private constructor(sqlite: Sqlite.Database) {
    this.#sqlite = sqlite;
  }

  /**
   * Opens or creates the database and brings its schema up to date.
   *
   * @throws NodeError `STORE_LOCKED` if another process has it open, `STORE_TOO_NEW`, `STORE_UNUSABLE`.
   */
  static open(file: string): Database {
    try {
      const sqlite = new Sqlite(file, { timeout: 0 });
      // Exclusive from the first write to the end: two daemons never share a database.
      sqlite.pragma("locking_mode = EXCLUSIVE");
      sqlite.pragma("journal_mode = WAL");
      sqlite.pragma("synchronous = FULL");
      sqlite.pragma("foreign_keys = ON");
      migrate(sqlite, file);
      return new Database(sqlite);
    } catch (error) {
      throw openingError(error, file);
    }
  }

  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.#do(() => this.#prepare(sql).all(...parameters) as Row[]);
  }

  first<Row>(query: Compilable<Row>): Row | undefined {
    const { sql, parameters } = query.compile();
    return this.#do(() => this.#prepare(sql).get(...parameters) as Row | undefined);
  }

  /** Runs a write; returns the id of a row that it inserted. */
  run(query: Compilable): number {
    const { sql, parameters } = query.compile();
    return this.#do(() => Number(this.#prepare(sql).run(...parameters).lastInsertRowid));
  }

  /** All writes of `work` happen or none. */
  transaction<T>(work: () => T): T {
    return this.#do(() => this.#sqlite.transaction(work).immediate());
  }

  /**
   * As {@link transaction}, together with all other work that comes in the same turn of the event loop: one wait for the
   * disk carries them all. Works run in the order in which they came, and must not throw.
   *
   * @returns When it would survive a loss of power.
   */
  commit(work: () => void): Promise<void> {
    if (this.#group === undefined) {
      const works: (() => void)[] = [];
      const done = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        this.#group = undefined;
        this.transaction(() => {
          for (const one of works) {
            one();
          }
        });
      });
      this.#group = { works, done };
    }
    this.#group.works.push(work);
    return this.#group.done;
  }

  #prepare(sql: string): Sqlite.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      return known;
    }
    const statement = this.#sqlite.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** A database that fails to do what it did before has a disk behind it that must not be trusted with money. */
  #do<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof Sqlite.SqliteError) {
        const sentence = "The database failed. Check the disk and its free space, then start the node again.";
        throw new NodeError("STORE_UNUSABLE", sentence, { cause: error });
      }
      throw error;
    }
  }

  close(): void {
    this.#sqlite.close();
  }
}

function migrate(sqlite: Sqlite.Database, file: string): void {
  sqlite
    .transaction(() => {
      const version = sqlite.pragma("user_version", { simple: true }) as number;
      if (version > MIGRATIONS.length) {
        const sentence = `${file} was written by a newer version of this program. Update the program, or restore a backup.`;
        throw new NodeError("STORE_TOO_NEW", sentence, { details: { version, known: MIGRATIONS.length } });
      }
      for (const migration of MIGRATIONS.slice(version)) {
        sqlite.exec(migration);
      }
      sqlite.pragma(`user_version = ${MIGRATIONS.length}`);
    })
    .exclusive();
}

function openingError(error: unknown, file: string): unknown {
  if (error instanceof NodeError) {
    return error;
  }
  const isBusy = error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY");
  const [code, sentence] = isBusy
    ? (["STORE_LOCKED", `Another process uses ${file}. Stop it, or give this node a \`dataDir\` of its own.`] as const)
    : (["STORE_UNUSABLE", `${file} cannot be opened as a database. Check its folder, or restore a backup.`] as const);
  return new NodeError(code, sentence, { cause: error, details: { file } });
}
