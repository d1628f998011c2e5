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
];
