/**
 * baileys_temp.db: what this device received, in its order of arrival, until it is merged. `seq` is never given twice.
 * Rows hold the bytes of WhatsApp; they become records when they are read, so that a better converter reads them again.
 */
export const stagingSchema = [
  `
  CREATE TABLE source (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    source_uuid TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    acknowledged_seq INTEGER NOT NULL DEFAULT 0,
    own_pn TEXT,
    own_lid TEXT
  ) STRICT;

  CREATE TABLE hs_notification (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    proto BLOB NOT NULL,
    sync_type INTEGER NOT NULL,
    chunk_order INTEGER,
    progress INTEGER,
    session_id TEXT,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    received_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX hs_notification_pending ON hs_notification (next_attempt_at) WHERE status = 'pending';

  CREATE TABLE chunk (
    chunk_id INTEGER PRIMARY KEY,
    notification_id INTEGER REFERENCES hs_notification (id),
    sync_type TEXT NOT NULL,
    chunk_order INTEGER,
    progress INTEGER,
    session_id TEXT,
    received_at INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    chats INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE staged (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    chunk_id INTEGER NOT NULL REFERENCES chunk (chunk_id),
    kind TEXT NOT NULL,
    chat_raw TEXT,
    msg_id TEXT,
    at INTEGER NOT NULL,
    proto BLOB,
    extra TEXT
  ) STRICT;
  CREATE INDEX staged_live ON staged (msg_id) WHERE kind = 'live';
  `,
] as const;
