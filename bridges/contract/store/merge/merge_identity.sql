-- @from_jid is the same person as @into_jid: everything of the one becomes the other's. @now: ms.
-- Then leftover_messages, chat_fields and end_merge, as the README says.
INSERT INTO chat_merges (from_jid, into_jid, moved, duplicates, at)
SELECT @from_jid, @into_jid,
  (SELECT count(*) FROM messages WHERE chat_jid = @from_jid),
  (SELECT count(*) FROM messages f JOIN messages i ON i.chat_jid = @into_jid AND i.id = f.id AND i.is_from_me = f.is_from_me WHERE f.chat_jid = @from_jid),
  @now
WHERE EXISTS (SELECT 1 FROM chats WHERE jid = @from_jid) OR EXISTS (SELECT 1 FROM messages WHERE chat_jid = @from_jid);

UPDATE jid_aliases SET jid = @into_jid WHERE jid = @from_jid;

DELETE FROM jid_aliases WHERE alias = @into_jid;

INSERT INTO jid_aliases (alias, jid) VALUES (@from_jid, @into_jid) ON CONFLICT (alias) DO UPDATE SET jid = excluded.jid;

INSERT INTO contacts (jid) VALUES (@into_jid) ON CONFLICT DO NOTHING;

INSERT INTO contact_facts (jid, field, value, ts) SELECT @into_jid, field, value, ts FROM contact_facts WHERE jid = @from_jid
ON CONFLICT (jid, field) DO UPDATE SET value = excluded.value, ts = excluded.ts WHERE (excluded.ts, excluded.value) > (ts, value);

DELETE FROM contact_facts WHERE jid = @from_jid;

DELETE FROM contacts WHERE jid = @from_jid;

UPDATE messages SET sender = @into_jid WHERE sender = @from_jid;

UPDATE OR IGNORE messages SET id_ns = @into_jid WHERE id_ns = @from_jid AND id_ns <> '' AND sender = @into_jid;

INSERT INTO reactions (mid, reactor_jid, emoji, ts) SELECT mid, @into_jid, emoji, ts FROM reactions WHERE reactor_jid = @from_jid
ON CONFLICT (mid, reactor_jid) DO UPDATE SET emoji = excluded.emoji, ts = excluded.ts WHERE (excluded.ts, excluded.emoji) > (ts, emoji);

DELETE FROM reactions WHERE reactor_jid = @from_jid;

INSERT INTO poll_votes (mid, voter_jid, hashes, ts) SELECT mid, @into_jid, hashes, ts FROM poll_votes WHERE voter_jid = @from_jid
ON CONFLICT (mid, voter_jid) DO UPDATE SET hashes = excluded.hashes, ts = excluded.ts WHERE (excluded.ts, excluded.hashes) > (ts, hashes);

DELETE FROM poll_votes WHERE voter_jid = @from_jid;

INSERT INTO receipts (mid, user_jid, delivered_at, read_at, played_at) SELECT mid, @into_jid, delivered_at, read_at, played_at FROM receipts WHERE user_jid = @from_jid
ON CONFLICT (mid, user_jid) DO UPDATE SET
  delivered_at = coalesce(min(delivered_at, excluded.delivered_at), delivered_at, excluded.delivered_at),
  read_at = coalesce(min(read_at, excluded.read_at), read_at, excluded.read_at),
  played_at = coalesce(min(played_at, excluded.played_at), played_at, excluded.played_at);

DELETE FROM receipts WHERE user_jid = @from_jid;

INSERT INTO group_participants (group_jid, user_jid, role, observed_at, left_at)
SELECT group_jid, @into_jid, role, observed_at, left_at FROM group_participants WHERE user_jid = @from_jid
ON CONFLICT (group_jid, user_jid) DO UPDATE SET role = excluded.role, observed_at = excluded.observed_at, left_at = excluded.left_at
WHERE (excluded.observed_at, excluded.role) > (observed_at, role);

DELETE FROM group_participants WHERE user_jid = @from_jid;

UPDATE OR REPLACE chat_events SET actor = @into_jid WHERE actor = @from_jid AND actor <> '';

UPDATE OR REPLACE chat_events SET chat_jid = @into_jid WHERE chat_jid = @from_jid;

-- One id, one of the two ours: not one message.
UPDATE messages SET id_ns = iif(is_from_me, 'me', @into_jid)
WHERE chat_jid = @from_jid AND EXISTS (
  SELECT 1 FROM messages i WHERE i.chat_jid = @into_jid AND i.id = messages.id AND i.id_ns = messages.id_ns AND i.is_from_me <> messages.is_from_me);

-- What stays behind is in both chats: leftover_messages.sql.
UPDATE OR IGNORE messages SET chat_jid = @into_jid WHERE chat_jid = @from_jid;

UPDATE OR REPLACE message_ops SET chat_jid = @into_jid, due = 1 WHERE chat_jid = @from_jid;

UPDATE message_ops SET actor = @into_jid, due = 1 WHERE actor = @from_jid;

UPDATE message_ops SET due = 1 WHERE chat_jid = @into_jid AND due = 0;

UPDATE OR IGNORE message_collisions SET chat_jid = @into_jid WHERE chat_jid = @from_jid;

DELETE FROM message_collisions WHERE chat_jid = @from_jid;

UPDATE send_log SET chat_jid = @into_jid WHERE chat_jid = @from_jid;

UPDATE OR IGNORE sync_run_chats SET chat_jid = @into_jid WHERE chat_jid = @from_jid;

DELETE FROM sync_run_chats WHERE chat_jid = @from_jid;

-- Two half-known chats: what was known of their ends is asked again.
UPDATE sync_chat_state SET state = 'idle', anchor_id = NULL, anchor_ts = NULL, anchor_from_me = NULL, request_id = NULL, next_attempt_at = NULL
WHERE chat_jid = @into_jid AND EXISTS (SELECT 1 FROM sync_chat_state f WHERE f.chat_jid = @from_jid);

UPDATE OR IGNORE sync_chat_state SET chat_jid = @into_jid WHERE chat_jid = @from_jid;

DELETE FROM sync_chat_state WHERE chat_jid = @from_jid;
