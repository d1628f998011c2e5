import type { Generated } from "kysely";

// The rows of the database. Times are unix seconds. Amounts are token units: bigints go in, text (by a cast) comes out.

/** What tells this folder from others; one row. */
export interface IdentityTable {
  /** Of its payment channels: another folder that pays from the same wallet has channels of its own. */
  channel_name: string;
}

/** API keys; of a key itself only the hash is kept. */
export interface KeysTable {
  id: string;
  name: string;
  /** SHA-256 of the whole key, hex. */
  hash: string;
  created_at: number;
  revoked_at: number | null;
  /** Null: no bound. */
  budget_per_day: bigint | null;
  budget_total: bigint | null;
  requests_per_minute: number;
}

/** One row for each call and each job of a batch, written before it can cost anything. */
export interface SpendingTable {
  id: Generated<number>;
  key_id: string;
  at: number;
  /** Such as `chat/completions`, or `batches` for a job. */
  route: string;
  /** As it was asked for. */
  model: string;
  /** `open`: under way, or cut off by a crash; its amount is then the most that it may have cost. */
  state: "open" | "closed";
  amount: bigint;
  served_by: "market" | "fallback" | null;
  provider: string | null;
  /** Of HTTP, as the client saw it. */
  status: number | null;
  /** What became of the receipt, see `ReceiptStatus`. */
  receipt: Generated<string>;
  prompt_tokens: Generated<number>;
  completion_tokens: Generated<number>;
  duration_ms: number | null;
}

/** What a key spent on a day, open rows included: budgets are held against it. Outlives the rows of `spending`. */
export interface TotalsTable {
  key_id: string;
  /** Days since 1970-01-01, UTC. */
  day: number;
  amount: bigint;
}

/** Payment channels, as the SDK keeps them. */
export interface ChannelsTable {
  id: string;
  /** `ChannelRecord` as JSON. */
  record: string;
}

/** Receipts of calls. */
export interface ReceiptsTable {
  /** Their order. */
  number: Generated<number>;
  digest: string;
  received_at: number;
  is_faulty: number;
  /** `KeptReceipt` as JSON. */
  kept: string;
}

/** Files; their content lies beside the database. */
export interface FilesTable {
  /** Their order. */
  number: Generated<number>;
  id: string;
  key_id: string;
  filename: string;
  purpose: string;
  bytes: number;
  created_at: number;
}

export interface BatchesTable {
  /** Their order. */
  number: Generated<number>;
  id: string;
  key_id: string;
  status: string;
  created_at: number;
  input_file_id: string;
  /** `BatchState` as JSON. */
  state: string;
}

export interface BatchJobsTable {
  batch_id: string;
  position: number;
  /** `BatchJobState` as JSON. */
  state: string;
}

/** All tables. */
export interface Tables {
  identity: IdentityTable;
  keys: KeysTable;
  spending: SpendingTable;
  totals: TotalsTable;
  channels: ChannelsTable;
  receipts: ReceiptsTable;
  files: FilesTable;
  batches: BatchesTable;
  batch_jobs: BatchJobsTable;
}
