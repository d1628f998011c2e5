import { mkdirSync } from "node:fs";
import path from "node:path";
import { Batches } from "./batches.ts";
import { Channels } from "./channels.ts";
import { Database } from "./database.ts";
import { type FileLimits, Files } from "./files.ts";
import { Keys } from "./keys.ts";
import { Receipts } from "./receipts.ts";
import { Spending } from "./spending.ts";
import { Usage } from "./usage.ts";

/** All that the gateway remembers. */
export interface Store {
  readonly keys: Keys;
  readonly spending: Spending;
  readonly usage: Usage;
  readonly channels: Channels;
  readonly receipts: Receipts;
  readonly files: Files;
  readonly batches: Batches;
  close(): void;
}

const DATABASE = "gateway.sqlite";

/**
 * Opens or creates a store.
 *
 * @throws GatewayError `STORE_TOO_NEW`, `STORE_UNUSABLE`
 */
export async function openStore(dataDir: string, limits: FileLimits): Promise<Store> {
  const database = openDatabase(dataDir);
  try {
    return {
      keys: new Keys(database),
      spending: new Spending(database),
      usage: new Usage(database),
      channels: new Channels(database),
      receipts: new Receipts(database),
      files: await Files.open(database, path.join(dataDir, "files"), limits),
      batches: new Batches(database),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The keys of a gateway, opened beside it. */
export interface OpenKeys {
  readonly keys: Keys;
  /** What a key spent today (UTC) and in all, token units; what is under way counts in full. `now` in unix seconds. */
  spent(keyId: string, now: number): { readonly day: bigint; readonly total: bigint };
  /** Lets go of the database. */
  close(): void;
}

/**
 * Opens the keys alone, beside a gateway that may run: what it is told of them counts from its next request on.
 *
 * @throws GatewayError `STORE_TOO_NEW`, `STORE_UNUSABLE`
 */
export function openKeys(dataDir: string): OpenKeys {
  const database = openDatabase(dataDir);
  const spending = new Spending(database);
  return {
    keys: new Keys(database),
    spent: (keyId, now) => spending.spent(keyId, now),
    close: () => database.close(),
  };
}

function openDatabase(dataDir: string): Database {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return Database.open(path.join(dataDir, DATABASE));
}
