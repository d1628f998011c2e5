import { sql } from "kysely";
import { leastOf } from "../amounts.ts";
import type { Database } from "./database.ts";
import type { ApiKey } from "./keys.ts";

const DAY = 86_400;

/** What became of a receipt: `checked` fits every byte; `cut`: the client left, it only counts; `none`: there was none. */
export type ReceiptStatus = "checked" | "cut" | "faulty" | "none";

/** Something that is about to cost. */
export interface Purchase {
  readonly route: string;
  readonly model: string;
  /** The most that it may cost, token units. */
  readonly hold: bigint;
}

/** A purchase that counts against its key with the most that it may cost, until it is closed. */
export interface OpenPurchase {
  readonly id: number;
  /** At most what was asked for: what the budget leaves. */
  readonly hold: bigint;
}

/** How a purchase ended. */
export interface Booking {
  /** Token units. */
  readonly amount: bigint;
  readonly servedBy: "market" | "fallback" | undefined;
  /** The provider's account, or the host of the fallback. */
  readonly provider: string | undefined;
  /** Of HTTP. */
  readonly status: number;
  readonly receipt: ReceiptStatus;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly durationMs: number;
}

/** Nothing was bought. */
export const UNSERVED: Omit<Booking, "status" | "durationMs"> = {
  amount: 0n,
  servedBy: undefined,
  provider: undefined,
  receipt: "none",
  promptTokens: 0,
  completionTokens: 0,
};

/** What keys spend. Each purchase is written before it can cost anything, so that no crash loses one. */
export class Spending {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Holds money of a key's budget; nothing where the budget leaves none. Never more than the budget in all, side by side too. */
  open(key: ApiKey, { route, model, hold: wanted }: Purchase, now: number): OpenPurchase | undefined {
    return this.#database.transaction(() => {
      const left = this.left(key, now);
      if (left !== undefined && left <= 0n) {
        return undefined;
      }
      const hold = left === undefined || left > wanted ? wanted : left;
      const row = { key_id: key.id, at: now, route, model, state: "open" as const, amount: hold };
      const { query } = this.#database;
      const inserted = this.#database.first(query.insertInto("spending").values(row).returning("id"));
      this.#add(key.id, now, hold);
      return { id: inserted?.id ?? 0, hold };
    });
  }

  /** Books what a purchase did cost in place of what was held. Only the first closing counts. */
  close(id: number, booking: Booking): void {
    this.#database.transaction(() => {
      const { query } = this.#database;
      const open = query
        .selectFrom("spending")
        .select(["key_id", "at", sql<string>`CAST(amount AS TEXT)`.as("held")])
        .where("id", "=", id)
        .where("state", "=", "open");
      const row = this.#database.first(open);
      if (row === undefined) {
        return;
      }
      const values = {
        state: "closed" as const,
        amount: booking.amount,
        served_by: booking.servedBy ?? null,
        provider: booking.provider ?? null,
        status: booking.status,
        receipt: booking.receipt,
        prompt_tokens: booking.promptTokens,
        completion_tokens: booking.completionTokens,
        duration_ms: Math.round(booking.durationMs),
      };
      this.#database.run(query.updateTable("spending").set(values).where("id", "=", id));
      this.#add(row.key_id, row.at, booking.amount - BigInt(row.held));
    });
  }

  /** What the budget of a key leaves now, open purchases counted in full; nothing where it has no budget. */
  left({ id, budgetPerDay, budgetTotal }: ApiKey, now: number): bigint | undefined {
    const { day, total } = this.spent(id, now);
    const rests = [
      ...(budgetPerDay === undefined ? [] : [budgetPerDay - day]),
      ...(budgetTotal === undefined ? [] : [budgetTotal - total]),
    ];
    return leastOf(rests);
  }

  /** What a key spent today (UTC) and in all, token units; open purchases count in full. */
  spent(keyId: string, now: number): { readonly day: bigint; readonly total: bigint } {
    const today = Math.floor(now / DAY);
    const row = this.#database.first(
      this.#database.query
        .selectFrom("totals")
        .select([
          sql<string>`CAST(COALESCE(SUM(amount), 0) AS TEXT)`.as("total"),
          sql<string>`CAST(COALESCE(SUM(CASE WHEN day = ${today} THEN amount END), 0) AS TEXT)`.as("day"),
        ])
        .where("key_id", "=", keyId),
    );
    return { day: BigInt(row?.day ?? 0), total: BigInt(row?.total ?? 0) };
  }

  /**
   * After a crash: what was under way is closed, and counts with the most that it may have cost. Jobs of batches stay
   * open: their batches go on.
   */
  closeCutOff(): number {
    const { query } = this.#database;
    const values = { state: "closed" as const, receipt: "none" };
    return this.#database.run(
      query.updateTable("spending").set(values).where("state", "=", "open").where("route", "!=", "batches"),
    );
  }

  /** Forgets closed rows from before `time`, unix seconds. What they cost stays counted. */
  prune(time: number): number {
    const { query } = this.#database;
    return this.#database.run(query.deleteFrom("spending").where("at", "<", time).where("state", "=", "closed"));
  }

  #add(keyId: string, at: number, amount: bigint): void {
    const row = { key_id: keyId, day: Math.floor(at / DAY), amount };
    this.#database.run(
      this.#database.query
        .insertInto("totals")
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(["key_id", "day"]).doUpdateSet({ amount: sql<bigint>`totals.amount + excluded.amount` }),
        ),
    );
  }
}
