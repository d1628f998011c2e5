/** Each entry takes the schema one version further. Entries are never edited, only added. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE identity (
    chain_id INTEGER NOT NULL,
    market TEXT NOT NULL,
    provider TEXT NOT NULL
  ) STRICT;

  CREATE TABLE blocks (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    parent_hash TEXT NOT NULL,
    timestamp INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    spec TEXT NOT NULL,
    uri TEXT NOT NULL,
    signature TEXT,
    state TEXT NOT NULL,
    measure TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    is_active INTEGER NOT NULL DEFAULT 1
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX jobs_active ON jobs (is_active) WHERE is_active = 1;

  CREATE TABLE inputs (
    root TEXT PRIMARY KEY,
    requests TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE results (
    job TEXT NOT NULL,
    position INTEGER NOT NULL,
    output_hash TEXT NOT NULL,
    trace_root TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (job, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE intents (
    id INTEGER PRIMARY KEY,
    purpose TEXT NOT NULL,
    recipient TEXT NOT NULL,
    calldata TEXT NOT NULL,
    nonce INTEGER NOT NULL,
    gas TEXT NOT NULL,
    attempts TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed'))
  ) STRICT;
  CREATE INDEX intents_purpose ON intents (purpose);
  CREATE UNIQUE INDEX intents_nonce ON intents (nonce) WHERE state = 'open';

  CREATE TABLE signatures (
    job TEXT NOT NULL,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (job, kind)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE results ADD COLUMN trace_hash TEXT NOT NULL
    DEFAULT '0x0000000000000000000000000000000000000000000000000000000000000000';
  `,
  `
  CREATE TABLE dossiers (
    id TEXT PRIMARY KEY,
    spec TEXT NOT NULL,
    history TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX cases_job ON cases (job);
  `,
  `
  CREATE TABLE channels (
    id TEXT PRIMARY KEY,
    config TEXT NOT NULL,
    charged TEXT NOT NULL,
    ceiling TEXT NOT NULL,
    signature TEXT NOT NULL,
    floor TEXT NOT NULL,
    reserved_seq INTEGER NOT NULL,
    balance TEXT NOT NULL,
    claimed TEXT NOT NULL,
    withdrawal_at INTEGER NOT NULL,
    refund_nonce TEXT NOT NULL,
    refund TEXT,
    unclaimed_since INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX channels_unclaimed ON channels (unclaimed_since) WHERE unclaimed_since IS NOT NULL;
  CREATE INDEX channels_refunding ON channels (id) WHERE refund IS NOT NULL;

  CREATE TABLE calls (
    channel TEXT NOT NULL,
    seq INTEGER NOT NULL,
    payment TEXT NOT NULL,
    job TEXT NOT NULL,
    receipt TEXT NOT NULL,
    output_hash TEXT NOT NULL,
    trace_root TEXT NOT NULL,
    trace_hash TEXT NOT NULL,
    operator TEXT NOT NULL,
    signature TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (channel, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX calls_payment ON calls (channel, payment);
  CREATE INDEX calls_job ON calls (job);
  CREATE INDEX calls_at ON calls (at);

  CREATE TABLE call_blobs (
    hash TEXT NOT NULL UNIQUE,
    bytes BLOB NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX call_blobs_at ON call_blobs (at);

  CREATE TABLE transfers (
    id TEXT PRIMARY KEY,
    amount TEXT NOT NULL,
    valid_before INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unknown', 'landed', 'failed'))
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE inputs ADD COLUMN is_sealed INTEGER NOT NULL DEFAULT 0;
  `,
  `
  CREATE TABLE files (
    id TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL CHECK (purpose IN ('batch', 'batch_output')),
    filename TEXT NOT NULL,
    bytes BLOB NOT NULL,
    measure TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX files_expiry ON files (expires_at);

  CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    payment TEXT,
    state TEXT NOT NULL,
    is_over INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX batches_payment ON batches (payment) WHERE payment IS NOT NULL;
  CREATE INDEX batches_expiry ON batches (expires_at);
  `,
  `
  CREATE TABLE owner (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    issued_at INTEGER NOT NULL,
    digest TEXT NOT NULL,
    is_drained INTEGER NOT NULL,
    prices TEXT
  ) STRICT;
  `,
];
