import { randomBytes } from "node:crypto";
import { type ChannelRecord, type ChannelStore, decodeChannelRecord, encodeChannelRecord } from "@touchstone/sdk";
import type { Database } from "./database.ts";

/** Payment channels: on the disk before anything that was signed leaves. */
export class Channels implements ChannelStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Names the channels of this folder; made at first. */
  name(): string {
    return this.#database.transaction(() => {
      const { query } = this.#database;
      const known = this.#database.first(query.selectFrom("identity").select("channel_name"));
      const name = known?.channel_name ?? `gateway ${randomBytes(8).toString("hex")}`;
      if (known === undefined) {
        this.#database.run(query.insertInto("identity").values({ channel_name: name }));
      }
      return name;
    });
  }

  load(): Promise<readonly ChannelRecord[]> {
    const rows = this.#database.all(this.#database.query.selectFrom("channels").select("record"));
    return Promise.resolve(rows.map(({ record }) => decodeChannelRecord(JSON.parse(record))));
  }

  save(record: ChannelRecord): Promise<void> {
    const row = { id: record.channelId, record: encodeChannelRecord(record) };
    this.#database.run(
      this.#database.query
        .insertInto("channels")
        .values(row)
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ record: row.record })),
    );
    return Promise.resolve();
  }
}
