-- messages.db, the one store of the account. Times are INTEGER milliseconds UTC, booleans 0/1, JIDs device-less text.
-- A column *_ts is the time of the fact beside it (0: told by history, which has no time) and decides which of two wins.
-- Rules of merging: ../README.md. Files of this folder are applied in order of their number and never changed.
PRAGMA application_id = 1464681538; -- 'WMDB'

CREATE TABLE schema_migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL, -- SHA-256 of the file, hex
  applied_at INTEGER NOT NULL
) STRICT;

-- own_pn, own_lid, created_at …
CREATE TABLE meta (k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Bumped once in each writing transaction; each chat it touches carries the value as updated_seq: a change feed.
CREATE TABLE change_seq (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL) STRICT;
INSERT INTO change_seq VALUES (1, 0);

-- Identity -------------------------------------------------------------------------------------------------------------

-- Every LID-PN pair ever told. contested: the number belongs to another LID that has since moved on (a recycled number).
CREATE TABLE jid_map (
  lid TEXT NOT NULL,
  pn TEXT NOT NULL,
  source TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  contested INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (lid, pn)
) STRICT, WITHOUT ROWID;
CREATE INDEX jid_map_pn ON jid_map (pn);

-- Each JID of a person that is not the canonical one, and the canonical one: chats.jid, messages.sender, contacts.jid.
CREATE TABLE jid_aliases (alias TEXT PRIMARY KEY, jid TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX jid_aliases_jid ON jid_aliases (jid);

CREATE TABLE contacts (
  jid TEXT PRIMARY KEY, -- canonical
  pn_jid TEXT,          -- the current number; differs from jid after a change of number
  lid_jid TEXT
) STRICT, WITHOUT ROWID;

-- What each source calls a person. One source never overwrites another.
CREATE TABLE contact_facts (
  jid TEXT NOT NULL,
  field TEXT NOT NULL CHECK (field IN ('nickname', 'full_name', 'first_name', 'verified_name', 'business_name', 'push_name', 'username', 'about')),
  value TEXT NOT NULL,
  ts INTEGER NOT NULL,
  PRIMARY KEY (jid, field)
) STRICT, WITHOUT ROWID;

-- One row a person; name is the best that is known, NULL where there is none.
CREATE VIEW contact_cards AS
SELECT c.jid, c.pn_jid, c.lid_jid,
  (SELECT value FROM contact_facts f WHERE f.jid = c.jid AND f.field = 'nickname') AS nickname,
  (SELECT value FROM contact_facts f WHERE f.jid = c.jid AND f.field = 'full_name') AS full_name,
  (SELECT value FROM contact_facts f WHERE f.jid = c.jid AND f.field = 'first_name') AS first_name,
  (SELECT value FROM contact_facts f WHERE f.jid = c.jid AND f.field = 'verified_name') AS verified_name,
  (SELECT value FROM contact_facts f WHERE f.jid = c.jid AND f.field = 'business_name') AS business_name,
  (SELECT value FROM contact_facts f WHERE f.jid = c.jid AND f.field = 'push_name') AS push_name,
  (SELECT value FROM contact_facts f WHERE f.jid = c.jid AND f.field = 'username') AS username,
  (SELECT value FROM contact_facts f WHERE f.jid = c.jid AND f.field = 'about') AS about,
  (SELECT value FROM contact_facts f WHERE f.jid = c.jid AND f.field <> 'about' AND f.value <> ''
   ORDER BY CASE f.field WHEN 'nickname' THEN 1 WHEN 'full_name' THEN 2 WHEN 'first_name' THEN 3 WHEN 'verified_name' THEN 4
     WHEN 'business_name' THEN 5 WHEN 'push_name' THEN 6 ELSE 7 END LIMIT 1) AS name
FROM contacts c;

-- Two chats that turned out to be one person.
CREATE TABLE chat_merges (
  id INTEGER PRIMARY KEY,
  from_jid TEXT NOT NULL,
  into_jid TEXT NOT NULL,
  moved INTEGER NOT NULL,      -- messages that changed their chat
  duplicates INTEGER NOT NULL, -- messages that both chats had
  at INTEGER NOT NULL
) STRICT;

-- Chats ----------------------------------------------------------------------------------------------------------------

CREATE TABLE chats (
  jid TEXT PRIMARY KEY, -- canonical: the PN where it is known, else the LID
  name TEXT,
  last_message_time INTEGER, -- the later of the newest stored message and claimed_time
  kind TEXT NOT NULL CHECK (kind IN ('user', 'group', 'newsletter', 'broadcast', 'status')),
  pn_jid TEXT,
  lid_jid TEXT,
  name_ts INTEGER NOT NULL DEFAULT 0,
  last_message_mid INTEGER,
  claimed_time INTEGER, -- time of the newest message according to the phone
  unread_count INTEGER NOT NULL DEFAULT 0, -- unread_base and the messages received live after unread_ts
  unread_base INTEGER,
  unread_ts INTEGER NOT NULL DEFAULT 0,
  marked_unread INTEGER, marked_unread_ts INTEGER NOT NULL DEFAULT 0,
  archived INTEGER, archived_ts INTEGER NOT NULL DEFAULT 0,
  pinned_at INTEGER, pinned_ts INTEGER NOT NULL DEFAULT 0, -- 0: not pinned
  muted_until INTEGER, muted_ts INTEGER NOT NULL DEFAULT 0, -- -1: for ever; 0: not muted
  ephemeral_seconds INTEGER, ephemeral_ts INTEGER NOT NULL DEFAULT 0,
  read_only INTEGER, read_only_ts INTEGER NOT NULL DEFAULT 0,
  parent_jid TEXT,
  is_community INTEGER,
  is_announcement_group INTEGER,
  end_of_history INTEGER, -- EndOfHistoryTransferType of the phone
  updated_seq INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX chats_by_time ON chats (last_message_time DESC, jid);
CREATE INDEX chats_by_parent ON chats (parent_jid) WHERE parent_jid IS NOT NULL;

CREATE TABLE groups (
  jid TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT,
  owner TEXT,
  created_at INTEGER,
  addressing_mode TEXT NOT NULL,
  only_admins_send INTEGER NOT NULL,
  only_admins_edit INTEGER NOT NULL,
  only_admins_add INTEGER NOT NULL,
  join_approval INTEGER NOT NULL,
  disappearing_seconds INTEGER NOT NULL,
  is_community INTEGER NOT NULL,
  is_announcement_group INTEGER NOT NULL,
  community TEXT,
  size INTEGER NOT NULL,
  observed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE group_participants (
  group_jid TEXT NOT NULL,
  user_jid TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('member', 'admin', 'superadmin')),
  observed_at INTEGER NOT NULL,
  left_at INTEGER, -- NULL: is in the group
  PRIMARY KEY (group_jid, user_jid)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_participants_user ON group_participants (user_jid);

-- Messages -------------------------------------------------------------------------------------------------------------

CREATE TABLE messages (
  mid INTEGER PRIMARY KEY, -- local; children, media files and the search index name a message by it
  id TEXT NOT NULL,
  chat_jid TEXT NOT NULL,
  sender TEXT, -- canonical JID; NULL: unknown, or a channel
  content TEXT, -- body or caption, of the newest edit
  timestamp INTEGER NOT NULL,
  is_from_me INTEGER NOT NULL,
  media_type TEXT,
  filename TEXT,
  url TEXT,
  media_key BLOB,
  file_sha256 BLOB,
  file_enc_sha256 BLOB,
  file_length INTEGER,
  id_ns TEXT NOT NULL DEFAULT '', -- '' but for a message whose id another sender had used in this chat
  kind TEXT NOT NULL,
  timestamp_raw INTEGER, -- as told, where it lay in the future and timestamp is the time of arrival
  sender_raw TEXT,       -- as addressed: votes, reactions and edits decrypt only with it
  addressing_mode TEXT,
  push_name TEXT,
  server_id INTEGER,
  status INTEGER, -- WebMessageInfo.Status
  reply_to_id TEXT,
  reply_to_sender TEXT, -- as told, not canonical
  reply_to_text TEXT,
  mentions TEXT, -- JSON array of JIDs as told
  forwarding_score INTEGER,
  ephemeral_seconds INTEGER,
  view_once INTEGER,
  edit_ts INTEGER NOT NULL DEFAULT 0, -- 0: not edited
  revoked INTEGER NOT NULL DEFAULT 0,
  revoked_at INTEGER, -- NULL where only history tells it
  revoked_by TEXT,
  deleted_for_me_at INTEGER,
  starred INTEGER NOT NULL DEFAULT 0, starred_ts INTEGER NOT NULL DEFAULT 0,
  pinned INTEGER NOT NULL DEFAULT 0, pinned_ts INTEGER NOT NULL DEFAULT 0,
  direct_path TEXT, -- with its query string
  direct_path_ts INTEGER NOT NULL DEFAULT 0, -- when the phone uploaded the file again; 0: as the message told
  mimetype TEXT,
  width INTEGER,
  height INTEGER,
  duration_seconds INTEGER,
  thumbnail BLOB,
  media_status TEXT CHECK (media_status IN ('downloaded', 'gone', 'failed')), -- NULL: not tried
  local_path TEXT, -- relative to the folder media
  media_error TEXT,
  broadcast_jid TEXT,
  payload TEXT, -- JSON by kind: location, contacts, poll, event, order …
  message_secret BLOB,
  raw BLOB, -- waE2E.Message
  origin INTEGER NOT NULL, -- bits: 1 live, 2 history, 4 import, 8 sent from here
  first_seen_at INTEGER NOT NULL,
  UNIQUE (chat_jid, id, id_ns)
) STRICT;
CREATE INDEX messages_by_chat ON messages (chat_jid, timestamp); -- the mid follows by itself
CREATE INDEX messages_by_time ON messages (timestamp);
CREATE INDEX messages_by_sender ON messages (sender, timestamp);
CREATE INDEX messages_replies ON messages (chat_jid, reply_to_id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX messages_media ON messages (media_type, timestamp) WHERE media_type IS NOT NULL;
CREATE INDEX messages_starred ON messages (timestamp) WHERE starred = 1;
CREATE INDEX messages_live_incoming ON messages (chat_jid, timestamp) WHERE is_from_me = 0 AND origin & 1 = 1;
CREATE INDEX messages_collided ON messages (sender) WHERE id_ns <> '';

-- All versions of an edited message, the original (ts 0) and the current one included.
CREATE TABLE message_edits (
  mid INTEGER NOT NULL REFERENCES messages (mid) ON DELETE CASCADE,
  ts INTEGER NOT NULL,
  edit_id TEXT, -- NULL: the original, or told by history
  content TEXT NOT NULL,
  PRIMARY KEY (mid, ts)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER messages_edited AFTER UPDATE OF edit_ts ON messages WHEN new.edit_ts > old.edit_ts
BEGIN
  INSERT INTO message_edits SELECT old.mid, old.edit_ts, NULL, old.content WHERE old.content IS NOT NULL ON CONFLICT DO NOTHING;
  INSERT INTO message_edits SELECT new.mid, new.edit_ts, NULL, new.content WHERE new.content IS NOT NULL ON CONFLICT DO NOTHING;
END;

-- An empty emoji is a reaction taken back: kept, so that an older one does not return.
CREATE TABLE reactions (
  mid INTEGER NOT NULL REFERENCES messages (mid) ON DELETE CASCADE,
  reactor_jid TEXT NOT NULL,
  emoji TEXT NOT NULL,
  ts INTEGER NOT NULL,
  PRIMARY KEY (mid, reactor_jid)
) STRICT, WITHOUT ROWID;
CREATE INDEX reactions_reactor ON reactions (reactor_jid);

-- The question and the options are in messages.payload. hashes: JSON array of SHA-256, hex; empty: vote taken back.
CREATE TABLE poll_votes (
  mid INTEGER NOT NULL REFERENCES messages (mid) ON DELETE CASCADE,
  voter_jid TEXT NOT NULL,
  hashes TEXT NOT NULL,
  ts INTEGER NOT NULL,
  PRIMARY KEY (mid, voter_jid)
) STRICT, WITHOUT ROWID;
CREATE INDEX poll_votes_voter ON poll_votes (voter_jid);

CREATE TABLE receipts (
  mid INTEGER NOT NULL REFERENCES messages (mid) ON DELETE CASCADE,
  user_jid TEXT NOT NULL,
  delivered_at INTEGER,
  read_at INTEGER,
  played_at INTEGER,
  PRIMARY KEY (mid, user_jid)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_user ON receipts (user_jid);

-- Operations that wait: for their message, or for a mapping that proves who made them. Applied ones are deleted.
CREATE TABLE message_ops (
  op INTEGER PRIMARY KEY,
  chat_jid TEXT NOT NULL,
  target_id TEXT NOT NULL,
  type TEXT NOT NULL,
  op_id TEXT NOT NULL,
  from_me INTEGER NOT NULL,
  actor TEXT,
  ts INTEGER NOT NULL,
  text TEXT,
  payload TEXT,
  raw BLOB,
  first_seen_at INTEGER NOT NULL,
  due INTEGER NOT NULL DEFAULT 1, -- 1: the next run of apply_ops.sql looks at it
  UNIQUE (chat_jid, target_id, type, op_id)
) STRICT;
CREATE INDEX message_ops_due ON message_ops (op) WHERE due = 1;
CREATE INDEX message_ops_actor ON message_ops (actor) WHERE actor IS NOT NULL;

-- Which operation applies to which message; filled and emptied within one run of apply_ops.sql.
CREATE TABLE op_ready (op INTEGER NOT NULL, mid INTEGER NOT NULL, PRIMARY KEY (op, mid)) STRICT, WITHOUT ROWID;

-- Messages of different senders with one id in one chat: an honest client never makes them.
CREATE TABLE message_collisions (
  chat_jid TEXT NOT NULL,
  id TEXT NOT NULL,
  id_ns TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (chat_jid, id, id_ns)
) STRICT, WITHOUT ROWID;

-- Group and system events. whatsmeow has no id for them, so what happened is the key.
CREATE TABLE chat_events (
  event INTEGER PRIMARY KEY,
  chat_jid TEXT NOT NULL,
  type TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  actor TEXT NOT NULL DEFAULT '', -- '': unknown
  parameters TEXT NOT NULL, -- JSON array of strings
  id TEXT,
  UNIQUE (chat_jid, timestamp, type, actor, parameters)
) STRICT;
CREATE INDEX chat_events_actor ON chat_events (actor) WHERE actor <> '';

-- Search ---------------------------------------------------------------------------------------------------------------

-- Folded text by mid; written by the one indexer only, in batches.
CREATE VIRTUAL TABLE message_fts USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co So'"
);
-- Messages up to last_mid are indexed, but those in fts_dirty.
CREATE TABLE fts_state (id INTEGER PRIMARY KEY CHECK (id = 1), last_mid INTEGER NOT NULL, fold_version INTEGER NOT NULL) STRICT;
INSERT INTO fts_state VALUES (1, 0, 0);
CREATE TABLE fts_dirty (mid INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER messages_text_changed AFTER UPDATE OF content, filename, payload ON messages
WHEN old.content IS NOT new.content OR old.filename IS NOT new.filename OR old.payload IS NOT new.payload
BEGIN
  INSERT INTO fts_dirty VALUES (new.mid) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER messages_deleted AFTER DELETE ON messages
BEGIN
  INSERT INTO fts_dirty VALUES (old.mid) ON CONFLICT DO NOTHING;
END;

-- History --------------------------------------------------------------------------------------------------------------

-- Notifications of history blobs that the whatsmeow bridge downloads itself. done in the transaction that stores the rows.
CREATE TABLE wm_history_queue (
  id TEXT PRIMARY KEY, -- message id of the notification
  notification BLOB NOT NULL, -- waE2E.HistorySyncNotification
  sync_type TEXT NOT NULL,
  chunk_order INTEGER,
  progress INTEGER,
  status TEXT NOT NULL CHECK (status IN ('pending', 'stored', 'done', 'lost')), -- stored: rows committed, blob not yet deleted
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  error TEXT,
  received_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX wm_history_queue_next ON wm_history_queue (next_attempt_at) WHERE status IN ('pending', 'stored');

-- Chunks that are in messages.db, of both sources (source_uuid 'whatsmeow', or the staging database's).
CREATE TABLE history_chunks (
  source_uuid TEXT NOT NULL,
  chunk_id TEXT NOT NULL,
  sync_type TEXT NOT NULL,
  chunk_order INTEGER,
  progress INTEGER,
  request_id TEXT,
  received_at INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  chats INTEGER NOT NULL,
  merged_at INTEGER NOT NULL,
  PRIMARY KEY (source_uuid, chunk_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_chunks_request ON history_chunks (request_id) WHERE request_id IS NOT NULL;

CREATE TABLE merge_checkpoint (
  source_uuid TEXT PRIMARY KEY,
  last_seq INTEGER NOT NULL,
  acknowledged_seq INTEGER NOT NULL DEFAULT 0,
  inserted INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0,
  filled INTEGER NOT NULL DEFAULT 0,
  collided INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Staged rows that could not be merged: never in the way, never lost.
CREATE TABLE merge_reject (
  source_uuid TEXT NOT NULL,
  seq INTEGER NOT NULL,
  error TEXT NOT NULL,
  record TEXT, -- the staged row as JSON, its unreadable proto included
  at INTEGER NOT NULL,
  PRIMARY KEY (source_uuid, seq)
) STRICT, WITHOUT ROWID;

-- Roles that one process has at a time. The epoch grows with each holder: a writer with an older one is refused.
CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  owner TEXT NOT NULL, -- pid and purpose, for people
  epoch INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_run (
  sync_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('merge', 'retrieve', 'fetch')),
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'complete', 'incomplete', 'cancelled', 'failed')),
  until_ts INTEGER,
  max_messages INTEGER,
  owner TEXT NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_run_by_time ON sync_run (created_at);

CREATE TABLE sync_run_chats (
  sync_id TEXT NOT NULL REFERENCES sync_run (sync_id) ON DELETE CASCADE,
  chat_jid TEXT NOT NULL,
  received INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'idle',
  PRIMARY KEY (sync_id, chat_jid)
) STRICT, WITHOUT ROWID;

-- How far back each chat goes, and what the phone last said about it.
CREATE TABLE sync_chat_state (
  chat_jid TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('idle', 'requested', 'complete', 'stalled', 'no_access', 'phone_offline')),
  request_jid TEXT, -- form of the JID that was answered last
  anchor_id TEXT,
  anchor_ts INTEGER,
  anchor_from_me INTEGER,
  pages INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  inserted INTEGER NOT NULL DEFAULT 0,
  request_id TEXT,
  requested_at INTEGER,
  deadline INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  end_type INTEGER, -- EndOfHistoryTransferType of the last answer
  last_error TEXT,
  lease_epoch INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sends -----------------------------------------------------------------------------------------------------------------

-- Each send, before its first attempt: the same key within a day gets the first answer again.
CREATE TABLE send_log (
  key TEXT PRIMARY KEY, -- the caller's idempotency key, else the message id
  request_hash TEXT NOT NULL,
  chat_jid TEXT NOT NULL,
  message_id TEXT NOT NULL,
  bridge TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('pending', 'sent', 'failed', 'unknown')),
  result TEXT, -- JSON
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX send_log_by_time ON send_log (created_at);
CREATE INDEX send_log_message ON send_log (message_id);

-- For programs written for lharries/whatsapp-mcp: its columns, its kinds of values ----------------------------------------

CREATE VIEW lharries_chats AS
SELECT jid, name, strftime('%Y-%m-%d %H:%M:%S+00:00', last_message_time / 1000, 'unixepoch') AS last_message_time FROM chats;
CREATE VIEW lharries_messages AS
SELECT id, chat_jid, substr(sender, 1, instr(sender, '@') - 1) AS sender, content,
  strftime('%Y-%m-%d %H:%M:%S+00:00', timestamp / 1000, 'unixepoch') AS timestamp,
  is_from_me, media_type, filename, url, media_key, file_sha256, file_enc_sha256, file_length
FROM messages WHERE revoked = 0 AND deleted_for_me_at IS NULL;
