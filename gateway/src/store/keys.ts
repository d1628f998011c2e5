import { sql } from "kysely";
import { GatewayError } from "../errors.ts";
import { isKeyOf, keyIdOf, makeKey } from "../keys/key.ts";
import type { Database } from "./database.ts";

/** What a key may do. */
export interface KeyLimits {
  /** Token units a day (UTC); without it as much as there is. */
  readonly budgetPerDay?: bigint | undefined;
  /** Token units in all. */
  readonly budgetTotal?: bigint | undefined;
  /** Default 600. */
  readonly requestsPerMinute?: number | undefined;
}

/** A key as it is kept and shown: never the key itself. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly revokedAt: number | undefined;
  readonly budgetPerDay: bigint | undefined;
  readonly budgetTotal: bigint | undefined;
  readonly requestsPerMinute: number;
}

const DEFAULT_REQUESTS_PER_MINUTE = 600;

/** No key has this hash: a key of unknown id is compared too, so that its answer takes as long. */
const NOBODY = "00".repeat(32);

/** API keys and their limits. */
export class Keys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Makes a key.
   *
   * @returns The key, which nobody can read again, and what is kept of it.
   */
  add(name: string, limits: KeyLimits, now: number): { readonly key: string; readonly kept: ApiKey } {
    const { id, key, hash } = makeKey();
    const requestsPerMinute = limits.requestsPerMinute ?? DEFAULT_REQUESTS_PER_MINUTE;
    const row = {
      id,
      name,
      hash,
      created_at: now,
      revoked_at: null,
      budget_per_day: limits.budgetPerDay ?? null,
      budget_total: limits.budgetTotal ?? null,
      requests_per_minute: requestsPerMinute,
    };
    this.#database.run(this.#database.query.insertInto("keys").values(row));
    const { budgetPerDay, budgetTotal } = limits;
    return {
      key,
      kept: { id, name, createdAt: now, revokedAt: undefined, budgetPerDay, budgetTotal, requestsPerMinute },
    };
  }

  /** All keys, the oldest first. */
  list(): ApiKey[] {
    return this.#database.all(this.#select().orderBy("created_at").orderBy("id")).map(fromRow);
  }

  /** A key by its id. */
  get(id: string): ApiKey | undefined {
    const row = this.#database.first(this.#select().where("id", "=", id));
    return row && fromRow(row);
  }

  /** Whose key this is; nothing for one that does not exist or was revoked. Takes as long for each that has the right form. */
  find(key: string): ApiKey | undefined {
    const id = keyIdOf(key);
    if (id === undefined) {
      return undefined;
    }
    const row = this.#database.first(this.#select().where("id", "=", id));
    const isIt = isKeyOf(key, row?.hash ?? NOBODY);
    return isIt && row !== undefined && row.revoked_at === null ? fromRow(row) : undefined;
  }

  /**
   * Ends a key at once. What it bought stays listed.
   *
   * @throws GatewayError `KEY_UNKNOWN`
   */
  revoke(id: string, now: number): void {
    const { query } = this.#database;
    const update = query
      .updateTable("keys")
      .set({ revoked_at: now })
      .where("id", "=", id)
      .where("revoked_at", "is", null);
    if (this.#database.run(update) === 0) {
      const sentence = `There is no key ${id} that could be revoked. \`touchstone gateway keys list\` shows them.`;
      throw new GatewayError("KEY_UNKNOWN", sentence, { details: { id } });
    }
  }

  #select() {
    return this.#database.query
      .selectFrom("keys")
      .select(["id", "name", "hash", "created_at", "revoked_at", "requests_per_minute"])
      .select([
        sql<string | null>`CAST(budget_per_day AS TEXT)`.as("per_day"),
        sql<string | null>`CAST(budget_total AS TEXT)`.as("total"),
      ]);
  }
}

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  readonly revoked_at: number | null;
  readonly per_day: string | null;
  readonly total: string | null;
  readonly requests_per_minute: number;
}

function fromRow(row: KeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    revokedAt: row.revoked_at ?? undefined,
    budgetPerDay: row.per_day === null ? undefined : BigInt(row.per_day),
    budgetTotal: row.total === null ? undefined : BigInt(row.total),
    requestsPerMinute: row.requests_per_minute,
  };
}
