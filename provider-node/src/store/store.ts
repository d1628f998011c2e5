import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Address, Hex } from "viem";
import { NodeError } from "../errors.ts";
import { Batches } from "./batches.ts";
import { Blobs } from "./blobs.ts";
import { Blocks } from "./blocks.ts";
import { Calls } from "./calls.ts";
import { Cases } from "./cases.ts";
import { Channels } from "./channels.ts";
import { Database } from "./database.ts";
import { Dossiers } from "./dossiers.ts";
import { Evidence } from "./evidence.ts";
import { Files } from "./files.ts";
import { Inputs } from "./inputs.ts";
import { Intents } from "./intents.ts";
import { Jobs } from "./jobs.ts";
import { Owner } from "./owner.ts";
import { Results } from "./results.ts";
import { Signatures } from "./signatures.ts";
import { Transfers } from "./transfers.ts";

/** Whom a store belongs to: one provider on one market. */
export interface StoreIdentity {
  readonly chainId: number;
  readonly market: Address;
  readonly provider: Address;
}

/** Where a store lies and how large it may grow. */
export interface StoreOptions extends StoreIdentity {
  /** Folder of the database and the blobs; made if it is not there. */
  readonly dataDir: string;
  /** Most bytes of blobs. */
  readonly maxBytes: number;
  /** Free bytes that must remain on the disk. */
  readonly minFreeBytes: number;
}

/** All that the node remembers. */
export interface Store {
  readonly batches: Batches;
  readonly blobs: Blobs;
  readonly blocks: Blocks;
  readonly calls: Calls;
  readonly cases: Cases;
  readonly channels: Channels;
  readonly dossiers: Dossiers;
  readonly evidence: Evidence;
  readonly files: Files;
  readonly inputs: Inputs;
  readonly intents: Intents;
  readonly jobs: Jobs;
  readonly owner: Owner;
  readonly results: Results;
  readonly signatures: Signatures;
  readonly transfers: Transfers;
  /** Bytes of all that is kept for others: blobs, live calls, files. */
  readonly usedBytes: number;
  /** All writes of `work` to the database happen or none. */
  transaction<T>(work: () => T): T;
  /** The same, together with what else comes at about the same time; resolves when it would survive a loss of power. */
  commit(work: () => void): Promise<void>;
  close(): void;
}

/**
 * Opens or creates a store.
 *
 * @throws NodeError `STORE_LOCKED`, `STORE_FOREIGN`, `STORE_TOO_NEW` or `STORE_UNUSABLE`.
 */
export async function openStore({ dataDir, maxBytes, minFreeBytes, ...identity }: StoreOptions): Promise<Store> {
  mkdirSync(dataDir, { recursive: true });
  const database = Database.open(path.join(dataDir, "node.sqlite"));
  try {
    identify(database, identity);
    const calls = new Calls(database);
    const also = (hash: Hex) => calls.blob(hash);
    const blobs = await Blobs.open({ dir: path.join(dataDir, "blobs"), maxBytes, minFreeBytes, also });
    const files = new Files(database);
    return {
      batches: new Batches(database),
      blobs,
      blocks: new Blocks(database),
      calls,
      cases: new Cases(database),
      channels: new Channels(database),
      dossiers: new Dossiers(database),
      evidence: new Evidence(path.join(dataDir, "evidence"), minFreeBytes),
      files,
      inputs: new Inputs(database, blobs),
      intents: new Intents(database),
      jobs: new Jobs(database),
      owner: new Owner(database),
      results: new Results(database),
      signatures: new Signatures(database),
      transfers: new Transfers(database),
      get usedBytes() {
        return blobs.usedBytes + calls.usedBytes + files.usedBytes;
      },
      transaction: (work) => database.transaction(work),
      commit: (work) => database.commit(work),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function identify(database: Database, { chainId, market, provider }: StoreIdentity): void {
  const { query } = database;
  const row = { chain_id: chainId, market: market.toLowerCase(), provider: provider.toLowerCase() };
  const before = database.first(query.selectFrom("identity").selectAll());
  if (before === undefined) {
    database.run(query.insertInto("identity").values(row));
  } else if (before.chain_id !== row.chain_id || before.market !== row.market || before.provider !== row.provider) {
    const sentence =
      "This data folder belongs to another chain, market or provider. Give this node a `dataDir` of its own.";
    throw new NodeError("STORE_FOREIGN", sentence, { details: { before, wanted: row } });
  }
}
