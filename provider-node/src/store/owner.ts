import { pricesFromWire, pricesToWire, wirePricesSchema } from "@touchstone/sdk/protocol";
import type { Hex } from "viem";
import type { Prices } from "../terms.ts";
import type { Database } from "./database.ts";

/** What the owner said, all in all. */
export interface OwnerSaid {
  /** Of the last instruction that was taken, unix seconds. */
  readonly issuedAt: number;
  /** Of the same. */
  readonly digest: Hex;
  readonly isDrained: boolean;
  /** In place of those of the settings, if any. */
  readonly prices: Prices | undefined;
}

const ROW = 1;

/** What the provider's owner told this node; one row. */
export class Owner {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Nothing before the first instruction. */
  said(): OwnerSaid | undefined {
    const { query } = this.#database;
    const row = this.#database.first(query.selectFrom("owner").selectAll().where("id", "=", ROW));
    return (
      row && {
        issuedAt: row.issued_at,
        digest: row.digest as Hex,
        isDrained: row.is_drained === 1,
        prices: row.prices === null ? undefined : pricesFromWire(wirePricesSchema.parse(JSON.parse(row.prices))),
      }
    );
  }

  /** Writes what holds from now on. */
  put({ issuedAt, digest, isDrained, prices }: OwnerSaid): void {
    const { query } = this.#database;
    const row = {
      issued_at: issuedAt,
      digest,
      is_drained: isDrained ? 1 : 0,
      prices: prices === undefined ? null : JSON.stringify(pricesToWire(prices)),
    };
    this.#database.run(
      query
        .insertInto("owner")
        .values({ id: ROW, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row)),
    );
  }
}
