import type { Address, Hex } from "viem";
import type { Database } from "./database.ts";
import type { IntentsTable } from "./tables.ts";

/** One signed form of a transaction. All forms of one intent share its nonce, so at most one is ever mined. */
export interface Attempt {
  readonly hash: Hex;
  /** The signed bytes, to be sent again as they are. */
  readonly raw: Hex;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  /** Wei. */
  readonly maxPriorityFeePerGas: bigint;
  /** Number of the newest block when it was signed. */
  readonly head: number;
  /** It does nothing but free the nonce. */
  readonly isWithdrawal: boolean;
}

/** A transaction that is wanted. */
export interface NewIntent {
  /** What it is for, such as `accept:0x...`. */
  readonly purpose: string;
  readonly to: Address;
  readonly data: Hex;
  readonly nonce: number;
  readonly gas: bigint;
}

/** A transaction that is wanted, with what was done for it. */
export interface IntentRow extends NewIntent {
  readonly id: number;
  /** Oldest first; at least one. */
  readonly attempts: readonly Attempt[];
  /** `open`: not final yet; `done`: mined deep enough; `failed`: its nonce went to another transaction. */
  readonly state: "open" | "done" | "failed";
}

/** Transactions, stored with every signed form before that is sent: a crash can repeat a sending, never a spending. */
export class Intents {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores an intent with its first signed form. */
  add(intent: NewIntent, attempt: Attempt): IntentRow {
    const { purpose, to, data, nonce, gas } = intent;
    const attempts = [attempt];
    const { query } = this.#database;
    const id = this.#database.run(
      query.insertInto("intents").values({
        purpose,
        recipient: to,
        calldata: data,
        nonce,
        gas: gas.toString(),
        attempts: serialize(attempts),
        state: "open",
      }),
    );
    return { ...intent, id, attempts, state: "open" };
  }

  /** Stores one more signed form. */
  addAttempt(intent: IntentRow, attempt: Attempt): IntentRow {
    const attempts = [...intent.attempts, attempt];
    this.#update(intent.id, { attempts: serialize(attempts) });
    return { ...intent, attempts };
  }

  setState(intent: IntentRow, state: IntentRow["state"]): IntentRow {
    this.#update(intent.id, { state });
    return { ...intent, state };
  }

  /** The latest intent for a purpose. */
  latest(purpose: string): IntentRow | undefined {
    const { query } = this.#database;
    const row = this.#database.first(
      query.selectFrom("intents").selectAll().where("purpose", "=", purpose).orderBy("id", "desc").limit(1),
    );
    return row && fromTable(row);
  }

  /** The latest intent with a nonce. */
  ofNonce(nonce: number): IntentRow | undefined {
    const { query } = this.#database;
    const row = this.#database.first(
      query.selectFrom("intents").selectAll().where("nonce", "=", nonce).orderBy("id", "desc").limit(1),
    );
    return row && fromTable(row);
  }

  /** Intents that are not final, by nonce. */
  open(): IntentRow[] {
    const { query } = this.#database;
    return this.#database
      .all(query.selectFrom("intents").selectAll().where("state", "=", "open").orderBy("nonce"))
      .map(fromTable);
  }

  /** Forgets what is final, but for the latest `kept`. */
  prune(kept: number): void {
    const { query } = this.#database;
    const latest = this.#database.first(query.selectFrom("intents").select("id").orderBy("id", "desc").limit(1));
    const upTo = (latest?.id ?? 0) - kept;
    this.#database.run(query.deleteFrom("intents").where("state", "!=", "open").where("id", "<=", upTo));
  }

  #update(id: number, changes: Partial<Pick<IntentsTable, "attempts" | "state">>): void {
    const { query } = this.#database;
    this.#database.run(query.updateTable("intents").set(changes).where("id", "=", id));
  }
}

type StoredAttempt = Omit<Attempt, "maxFeePerGas" | "maxPriorityFeePerGas"> &
  Record<"maxFeePerGas" | "maxPriorityFeePerGas", string>;

function serialize(attempts: readonly Attempt[]): string {
  const stored: StoredAttempt[] = attempts.map((attempt) => ({
    ...attempt,
    maxFeePerGas: attempt.maxFeePerGas.toString(),
    maxPriorityFeePerGas: attempt.maxPriorityFeePerGas.toString(),
  }));
  return JSON.stringify(stored);
}

function fromTable(row: Omit<IntentsTable, "id"> & { readonly id: number }): IntentRow {
  const stored = JSON.parse(row.attempts) as StoredAttempt[];
  return {
    id: row.id,
    purpose: row.purpose,
    to: row.recipient as Address,
    data: row.calldata as Hex,
    nonce: row.nonce,
    gas: BigInt(row.gas),
    attempts: stored.map((attempt) => ({
      ...attempt,
      maxFeePerGas: BigInt(attempt.maxFeePerGas),
      maxPriorityFeePerGas: BigInt(attempt.maxPriorityFeePerGas),
    })),
    state: row.state,
  };
}
