import { sql } from "kysely";
import type { Database } from "./database.ts";

/** What was bought, summed by something. */
export interface UsageSum {
  /** A key's id, a provider, a model. */
  readonly of: string;
  readonly servedBy: string;
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Token units, as a decimal string. */
  readonly amount: string;
}

/** One call, or one job of a batch. */
export interface UsageEntry {
  readonly at: number;
  readonly keyId: string;
  readonly route: string;
  readonly model: string;
  readonly servedBy: string | null;
  readonly provider: string | null;
  readonly status: number | null;
  readonly receipt: string;
  readonly isOpen: boolean;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly durationMs: number | null;
  /** Token units, as a decimal string. */
  readonly amount: string;
}

/** Of whom, and since when (unix seconds). */
export interface UsageQuery {
  /** Without it, of all keys. */
  readonly keyId?: string | undefined;
  readonly since: number;
}

type Column = "key_id" | "provider" | "model";

/** What was spent, for people. */
export class Usage {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Sums by key, provider or model, the most expensive first. */
  by(column: Column, query: UsageQuery): UsageSum[] {
    const rows = this.#database.all(
      this.#of(query)
        .select([
          sql<string>`COALESCE(${sql.ref(column)}, '')`.as("of"),
          sql<string>`COALESCE(served_by, '')`.as("servedBy"),
          sql<number>`COUNT(*)`.as("calls"),
          sql<number>`SUM(prompt_tokens)`.as("promptTokens"),
          sql<number>`SUM(completion_tokens)`.as("completionTokens"),
          sql<string>`CAST(SUM(amount) AS TEXT)`.as("amount"),
        ])
        .groupBy(["of", "servedBy"])
        .orderBy(sql`SUM(amount)`, "desc")
        .orderBy("of"),
    );
    return rows;
  }

  /** The last purchases, the newest first. */
  last(query: UsageQuery, limit: number): UsageEntry[] {
    const rows = this.#database.all(
      this.#of(query)
        .select(["at", "key_id", "route", "model", "served_by", "provider", "status", "receipt", "state"])
        .select(["prompt_tokens", "completion_tokens", "duration_ms"])
        .select(sql<string>`CAST(amount AS TEXT)`.as("amount"))
        .orderBy("id", "desc")
        .limit(limit),
    );
    return rows.map((row) => ({
      at: row.at,
      keyId: row.key_id,
      route: row.route,
      model: row.model,
      servedBy: row.served_by,
      provider: row.provider,
      status: row.status,
      receipt: row.receipt,
      isOpen: row.state === "open",
      promptTokens: row.prompt_tokens,
      completionTokens: row.completion_tokens,
      durationMs: row.duration_ms,
      amount: row.amount,
    }));
  }

  #of({ keyId, since }: UsageQuery) {
    const query = this.#database.query.selectFrom("spending").where("at", ">=", since);
    return keyId === undefined ? query : query.where("key_id", "=", keyId);
  }
}
