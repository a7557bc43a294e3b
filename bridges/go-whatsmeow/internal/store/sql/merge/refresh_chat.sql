-- For each chat of which a message, a ChatRecord or an identity changed, once, before the commit: derives what chats repeats from messages and contacts.
INSERT INTO chats (jid, kind, updated_seq)
SELECT c.jid,
  CASE WHEN c.jid = 'status@broadcast' THEN 'status' WHEN c.jid LIKE '%@g.us' THEN 'group' WHEN c.jid LIKE '%@newsletter' THEN 'newsletter'
    WHEN c.jid LIKE '%@broadcast' THEN 'broadcast' ELSE 'user' END,
  (SELECT seq FROM change_seq)
FROM (SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat) AS jid) c
WHERE true
ON CONFLICT (jid) DO UPDATE SET updated_seq = excluded.updated_seq;

UPDATE chats SET
  last_message_mid = newest.mid,
  last_message_time = coalesce(max(newest.timestamp, claimed_time), newest.timestamp, claimed_time),
  -- Counting stops at 9999.
  unread_count = min(9999, coalesce(unread_base, 0) + (SELECT count(*) FROM (
    SELECT 1 FROM messages m WHERE m.chat_jid = chats.jid AND m.is_from_me = 0 AND m.origin & 1 = 1 AND m.timestamp > chats.unread_ts LIMIT 9999))),
  pn_jid = coalesce((SELECT pn_jid FROM contacts WHERE contacts.jid = chats.jid), iif(jid LIKE '%@s.whatsapp.net', jid, NULL)),
  lid_jid = coalesce((SELECT lid_jid FROM contacts WHERE contacts.jid = chats.jid), iif(jid LIKE '%@lid', jid, NULL))
FROM (SELECT 1) LEFT JOIN (
  SELECT mid, timestamp FROM messages WHERE chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat)
  ORDER BY timestamp DESC, mid DESC LIMIT 1) newest
WHERE jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat);
