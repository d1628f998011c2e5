import type { Hex } from "viem";
import type { Database } from "./database.ts";
import type { TransfersTable } from "./tables.ts";

/** An ERC-3009 authorization that this node brings to the chain. */
export interface Transfer {
  /** Of a deposit: its nonce; of an exact payment: its digest. */
  readonly id: Hex;
  /** Token units. */
  readonly amount: bigint;
  /** Unix seconds. */
  readonly validBefore: number;
  /** `unknown`: it may be on its way, or there; the chain knows. */
  readonly state: TransfersTable["state"];
}

/** Authorizations, written before they are sent. */
export class Transfers {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(id: Hex): Transfer | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("transfers").selectAll().where("id", "=", id));
    return row && { id, amount: BigInt(row.amount), validBefore: row.valid_before, state: row.state };
  }

  /** Writes a transfer as it is now. */
  put({ id, amount, validBefore, state }: Transfer): void {
    const { query } = this.#database;
    const rest = { amount: amount.toString(), valid_before: validBefore, state };
    this.#database.run(
      query
        .insertInto("transfers")
        .values({ id, ...rest })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(rest)),
    );
  }
}
