/** Each entry takes the schema one version further. Entries are never edited, only added. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE identity (
    channel_name TEXT NOT NULL
  ) STRICT;

  CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    budget_per_day INTEGER,
    budget_total INTEGER,
    requests_per_minute INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE spending (
    id INTEGER PRIMARY KEY,
    key_id TEXT NOT NULL REFERENCES keys (id),
    at INTEGER NOT NULL,
    route TEXT NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    amount INTEGER NOT NULL,
    served_by TEXT,
    provider TEXT,
    status INTEGER,
    receipt TEXT NOT NULL DEFAULT 'none',
    prompt_tokens INTEGER NOT NULL DEFAULT 0,
    completion_tokens INTEGER NOT NULL DEFAULT 0,
    duration_ms INTEGER
  ) STRICT;
  CREATE INDEX spending_key ON spending (key_id, at);
  CREATE INDEX spending_open ON spending (state) WHERE state = 'open';

  CREATE TABLE totals (
    key_id TEXT NOT NULL REFERENCES keys (id),
    day INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (key_id, day)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE channels (
    id TEXT PRIMARY KEY,
    record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE receipts (
    number INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    received_at INTEGER NOT NULL,
    is_faulty INTEGER NOT NULL,
    kept TEXT NOT NULL
  ) STRICT;
  CREATE INDEX receipts_age ON receipts (is_faulty, received_at);

  CREATE TABLE files (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    key_id TEXT NOT NULL REFERENCES keys (id),
    filename TEXT NOT NULL,
    purpose TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX files_key ON files (key_id, number);

  CREATE TABLE batches (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    key_id TEXT NOT NULL REFERENCES keys (id),
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    input_file_id TEXT NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE INDEX batches_key ON batches (key_id, number);

  CREATE TABLE batch_jobs (
    batch_id TEXT NOT NULL REFERENCES batches (id),
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (batch_id, position)
  ) STRICT, WITHOUT ROWID;
  `,
];
