import type { Hex } from "viem";
import type { Database } from "./database.ts";

/** How a batch may end. */
export type BatchOutcome = "completed" | "cancelled" | "expired";

/** Where a batch is, in OpenAI's words. */
export type BatchStatus = "in_progress" | "cancelling" | "finalizing" | "failed" | BatchOutcome;

/** A batch of live calls. */
export interface StoredBatch {
  readonly id: string;
  /** Hash of the payment and of what it paid for. */
  readonly payment: Hex;
  readonly status: BatchStatus;
  /** What it is when its charge is written; known from `finalizing` on. */
  readonly outcome?: BatchOutcome;
  readonly inputFileId: string;
  readonly outputFileId?: string;
  readonly errorFileId?: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly counts: { readonly total: number; readonly completed: number; readonly failed: number };
  /** Tokens that were read and written. */
  readonly usage: { readonly input: number; readonly output: number };
  /** Unix seconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** When it came to each status, unix seconds. */
  readonly times: Readonly<Partial<Record<BatchStatus, number>>>;
  /** The call that it is paid as: channel and number. */
  readonly channelId: Hex;
  readonly seq: string;
  /** Most that it may cost, a decimal of token units. */
  readonly reserve: string;
  /** Why it failed. */
  readonly failure?: { readonly code: string; readonly message: string };
}

const OVER: readonly BatchStatus[] = ["completed", "cancelled", "expired", "failed"];

/** Whether nothing can happen to a batch any more. */
export function isOver({ status }: StoredBatch): boolean {
  return OVER.includes(status);
}

/** Batches of live calls, by ids that nobody can guess. */
export class Batches {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param keptUntil Unix seconds from which on it may be forgotten, once it is over. */
  put(batch: StoredBatch, keptUntil: number): void {
    const { id, status } = batch;
    const payment = status === "failed" ? null : batch.payment;
    const row = { payment, state: JSON.stringify(batch), is_over: Number(isOver(batch)), expires_at: keptUntil };
    const { query } = this.#database;
    this.#database.run(
      query
        .insertInto("batches")
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row)),
    );
  }

  get(id: string): StoredBatch | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("batches").select("state").where("id", "=", id));
    return row && (JSON.parse(row.state) as StoredBatch);
  }

  /** The batch that a payment has bought. */
  ofPayment(payment: Hex): StoredBatch | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("batches").select("state").where("payment", "=", payment));
    return row && (JSON.parse(row.state) as StoredBatch);
  }

  /** Batches that are not over. */
  open(): StoredBatch[] {
    const { query } = this.#database;
    const rows = this.#database.all(query.selectFrom("batches").select("state").where("is_over", "=", 0));
    return rows.map(({ state }) => JSON.parse(state) as StoredBatch);
  }

  /** Forgets batches that were over long ago. */
  prune(now: number): void {
    const { query } = this.#database;
    this.#database.run(query.deleteFrom("batches").where("is_over", "=", 1).where("expires_at", "<=", now));
  }
}
