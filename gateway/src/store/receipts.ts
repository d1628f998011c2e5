import {
  decodeKeptReceipt,
  encodeKeptReceipt,
  type KeptReceipt,
  type ReceiptCriteria,
  type ReceiptStore,
} from "@touchstone/sdk";
import { isAddressEqual } from "viem";
import type { Database } from "./database.ts";

/** Receipts of calls with what it takes to bring them to the court. */
export class Receipts implements ReceiptStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put(kept: KeptReceipt): Promise<void> {
    const told = {
      received_at: kept.receivedAt,
      is_faulty: Number(kept.faults.length > 0),
      kept: encodeKeptReceipt(kept),
    };
    this.#database.run(
      this.#database.query
        .insertInto("receipts")
        .values({ digest: kept.digest, ...told })
        .onConflict((conflict) => conflict.column("digest").doUpdateSet(told)),
    );
    return Promise.resolve();
  }

  list({ provider, channelId, isFaulty }: ReceiptCriteria = {}): Promise<readonly KeptReceipt[]> {
    const all = this.#database.query.selectFrom("receipts").select("kept").orderBy("number");
    const query = isFaulty === undefined ? all : all.where("is_faulty", "=", Number(isFaulty));
    const kept = this.#database.all(query).map((row) => decodeKeptReceipt(JSON.parse(row.kept)));
    const found = kept.filter(
      ({ envelope: { receipt } }) =>
        (provider === undefined || isAddressEqual(receipt.provider, provider)) &&
        (channelId === undefined || receipt.channelId === channelId.toLowerCase()),
    );
    return Promise.resolve(found);
  }

  /** Forgets receipts of before `time`, unix seconds: no court takes them any more. Faulty ones stay. */
  prune(time: number): number {
    const { query } = this.#database;
    return this.#database.run(query.deleteFrom("receipts").where("is_faulty", "=", 0).where("received_at", "<", time));
  }
}
