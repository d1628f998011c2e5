import type { Generated } from "kysely";

// The rows of the database. Hashes and addresses are `0x` hex; numbers of blocks and unix seconds are integers.

/** Whom the database belongs to; one row. */
export interface IdentityTable {
  chain_id: number;
  market: string;
  provider: string;
}

/** The canonical chain as last seen, from the last finalized block up: the cursor and what reorgs are found with. */
export interface BlocksTable {
  number: number;
  hash: string;
  parent_hash: string;
  timestamp: number;
}

export interface JobsTable {
  id: string;
  /** `WireJobSpec` as JSON. */
  spec: string;
  /** Where the input may be fetched; may be empty. */
  uri: string;
  /** The client's, of an order; null for a job posted on chain. */
  signature: string | null;
  /** `JobState` as JSON. */
  state: string;
  /** `Measure` of the inputs as JSON; null before they were fetched. */
  measure: string | null;
  /** Failed tries of the stage the job is at. */
  attempts: number;
  /** 1 until nothing can happen to the job any more. */
  is_active: number;
}

/** Lists of requests, by their Merkle root. */
export interface InputsTable {
  root: string;
  /** JSON list of request hashes. */
  requests: string;
  /** Unix seconds. */
  created_at: number;
  /** 1 where it came sealed: not for everybody. */
  is_sealed: Generated<number>;
}

/** One row an item that is done. */
export interface ResultsTable {
  job: string;
  position: number;
  output_hash: string;
  trace_root: string;
  /** Of the blob with the whole trace; zero where there is none. */
  trace_hash: string;
  /** Tokens written. */
  tokens: number;
}

/** Transactions wanted, stored before they are sent. */
export interface IntentsTable {
  id: Generated<number>;
  /** What it is for, such as `accept:0x...`. */
  purpose: string;
  recipient: string;
  calldata: string;
  nonce: number;
  gas: string;
  /** JSON list of `Attempt`: every signed form of this transaction, oldest first. */
  attempts: string;
  state: "open" | "done" | "failed";
}

/** What was signed for a job, so that nothing else is. */
export interface SignaturesTable {
  job: string;
  kind: string;
  digest: string;
  /** JSON of what was signed. */
  payload: string;
}

/** Jobs that a seat of this node may have to judge. */
export interface DossiersTable {
  id: string;
  /** `WireJobSpec` as JSON. */
  spec: string;
  /** `DossierHistory` as JSON. */
  history: string;
}

export interface CasesTable {
  id: string;
  job: string;
  /** A decimal: it has 256 bits. */
  key: string;
  /** `CaseState` as JSON: what the chain told, and what this seat made of it, its word and salt among that. */
  state: string;
  /** Failed tries of what the case is at. */
  attempts: number;
}

/** Payment channels of x402 of which this node is the receiver. Amounts are decimals of token units. */
export interface ChannelsTable {
  id: string;
  /** `ChannelConfig` as JSON. */
  config: string;
  /** All that calls were charged. */
  charged: string;
  /** Of the highest voucher. */
  ceiling: string;
  /** The payer's, over the highest voucher; empty before there is one. */
  signature: string;
  /** Vouchers up to this one count as used: their rows may be pruned. */
  floor: string;
  /** Numbers of calls up to this one may have been given out. */
  reserved_seq: number;
  /** As the chain said last. */
  balance: string;
  claimed: string;
  /** Unix seconds at which the payer asked for its money; zero: it did not. */
  withdrawal_at: number;
  refund_nonce: string;
  /** `amount/nonce` of a refund under way; null: none is. */
  refund: string | null;
  /** Unix seconds of the oldest charge that is not claimed; null: all is. */
  unclaimed_since: number | null;
}

/** Live calls that were charged. */
export interface CallsTable {
  channel: string;
  seq: number;
  /** What paid: the ceiling of the voucher, or `exact`. */
  payment: string;
  /** `JobId` that the receipt stands for. */
  job: string;
  /** Of the envelope: the receipt, with finish reason and without tokens, as JSON. */
  receipt: string;
  output_hash: string;
  trace_root: string;
  /** Of the whole trace; zero where there is none. */
  trace_hash: string;
  /** Who signs. */
  operator: string;
  /** Null until it is signed. */
  signature: string | null;
  /** Unix seconds. */
  at: number;
}

/** Requests, outputs and traces of live calls, by their keccak256. */
export interface CallBlobsTable {
  hash: string;
  bytes: Uint8Array;
  /** Unix seconds of the last call that needs it. */
  at: number;
}

/** ERC-3009 authorizations that this node brings to the chain: deposits by their nonce, exact payments by their digest. */
export interface TransfersTable {
  id: string;
  amount: string;
  valid_before: number;
  state: "unknown" | "landed" | "failed";
}

/** What buyers upload for batches, and what batches come to. Whoever knows its id may have it. */
export interface FilesTable {
  /** `file-` and 128 random bits. */
  id: string;
  purpose: "batch" | "batch_output";
  filename: string;
  bytes: Uint8Array;
  /** `FileMeasure` as JSON; null before somebody asked its price. */
  measure: string | null;
  /** Unix seconds. */
  created_at: number;
  expires_at: number;
}

/** Batches of live calls. */
export interface BatchesTable {
  /** `batch_` and 128 random bits. */
  id: string;
  /** Hash of the payment and of what it paid for; null for a batch that failed, whose payment is good again. */
  payment: string | null;
  /** `StoredBatch` as JSON. */
  state: string;
  is_over: number;
  /** Unix seconds from which on it may be forgotten, once it is over. */
  expires_at: number;
}

/** What the provider's owner told this node; one row. */
export interface OwnerTable {
  id: number;
  /** Of the last instruction that was taken, unix seconds. */
  issued_at: number;
  digest: string;
  is_drained: number;
  /** `WirePrices` as JSON; null where those of the settings hold. */
  prices: string | null;
}

/** All tables. */
export interface Tables {
  identity: IdentityTable;
  blocks: BlocksTable;
  jobs: JobsTable;
  inputs: InputsTable;
  results: ResultsTable;
  intents: IntentsTable;
  signatures: SignaturesTable;
  dossiers: DossiersTable;
  cases: CasesTable;
  channels: ChannelsTable;
  calls: CallsTable;
  call_blobs: CallBlobsTable;
  transfers: TransfersTable;
  files: FilesTable;
  batches: BatchesTable;
  owner: OwnerTable;
}
