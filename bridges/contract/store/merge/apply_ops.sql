-- Applies the operations that came in this transaction (due), and those that waited for messages with a mid above @since_mid.
-- Once before the commit of each transaction that put a message or an operation. CROSS JOIN: from the few to the many, whatever SQLite guesses.
INSERT INTO op_ready (op, mid)
SELECT o.op, m.mid
FROM (
  SELECT op FROM message_ops WHERE due = 1
  UNION
  SELECT w.op FROM messages n CROSS JOIN message_ops w ON w.chat_jid = n.chat_jid AND w.target_id = n.id WHERE n.mid > @since_mid
) fresh
CROSS JOIN message_ops o ON o.op = fresh.op
CROSS JOIN messages m ON m.chat_jid = o.chat_jid AND m.id = o.target_id
WHERE CASE o.type
  -- Only the author edits.
  WHEN 'edit' THEN o.text IS NOT NULL AND o.from_me = m.is_from_me
    AND (o.from_me OR m.chat_jid NOT LIKE '%@g.us' OR o.actor IS NULL OR m.sender IS NULL OR o.actor = m.sender)
  -- The author revokes, in groups an admin too: known as one, or of a group whose participants are not known.
  WHEN 'revoke' THEN o.from_me = m.is_from_me AND (o.from_me OR m.chat_jid NOT LIKE '%@g.us' OR o.actor IS NULL OR m.sender IS NULL OR o.actor = m.sender)
    OR (m.chat_jid LIKE '%@g.us' AND (o.from_me
      OR EXISTS (SELECT 1 FROM group_participants p WHERE p.group_jid = m.chat_jid AND p.user_jid = o.actor AND p.role <> 'member')
      OR NOT EXISTS (SELECT 1 FROM group_participants p WHERE p.group_jid = m.chat_jid)))
  WHEN 'poll_vote' THEN m.id_ns = '' AND json_type(o.payload, '$.hashes') = 'array'
  WHEN 'receipt' THEN m.id_ns = '' AND o.payload ->> '$.kind' IN ('delivered', 'read', 'played')
  ELSE m.id_ns = '' END;

INSERT INTO reactions (mid, reactor_jid, emoji, ts)
SELECT r.mid, coalesce(o.actor, iif(o.from_me, (SELECT v FROM meta WHERE k = 'own_pn'), NULL), o.chat_jid), coalesce(o.text, ''), o.ts
FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type = 'reaction'
ON CONFLICT (mid, reactor_jid) DO UPDATE SET emoji = excluded.emoji, ts = excluded.ts WHERE (excluded.ts, excluded.emoji) > (ts, emoji);

INSERT INTO poll_votes (mid, voter_jid, hashes, ts)
SELECT r.mid, coalesce(o.actor, iif(o.from_me, (SELECT v FROM meta WHERE k = 'own_pn'), NULL), o.chat_jid), json_extract(o.payload, '$.hashes'), o.ts
FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type = 'poll_vote'
ON CONFLICT (mid, voter_jid) DO UPDATE SET hashes = excluded.hashes, ts = excluded.ts WHERE (excluded.ts, excluded.hashes) > (ts, hashes);

INSERT INTO receipts (mid, user_jid, delivered_at, read_at, played_at)
SELECT r.mid, coalesce(o.actor, o.chat_jid),
  iif(o.payload ->> '$.kind' = 'delivered', o.ts, NULL), iif(o.payload ->> '$.kind' = 'read', o.ts, NULL), iif(o.payload ->> '$.kind' = 'played', o.ts, NULL)
FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type = 'receipt'
ON CONFLICT (mid, user_jid) DO UPDATE SET
  delivered_at = coalesce(min(delivered_at, excluded.delivered_at), delivered_at, excluded.delivered_at),
  read_at = coalesce(min(read_at, excluded.read_at), read_at, excluded.read_at),
  played_at = coalesce(min(played_at, excluded.played_at), played_at, excluded.played_at);

-- In a direct chat a receipt is the state of the message; in a group it is one person's.
UPDATE messages SET status = best.status
FROM (SELECT r.mid, max(CASE o.payload ->> '$.kind' WHEN 'delivered' THEN 3 WHEN 'read' THEN 4 WHEN 'played' THEN 5 ELSE 0 END) AS status
  FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type = 'receipt' AND NOT o.from_me GROUP BY r.mid) best
WHERE messages.mid = best.mid AND messages.is_from_me = 1 AND best.status > coalesce(messages.status, 0)
  AND (messages.chat_jid LIKE '%@s.whatsapp.net' OR messages.chat_jid LIKE '%@lid');

INSERT INTO message_edits (mid, ts, edit_id, content)
SELECT r.mid, o.ts, o.op_id, o.text FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type = 'edit'
ON CONFLICT (mid, ts) DO UPDATE SET edit_id = coalesce(edit_id, excluded.edit_id) WHERE edit_id IS NULL;

UPDATE messages SET content = best.text, edit_ts = best.ts, mentions = coalesce(json_extract(best.payload, '$.mentions'), mentions)
FROM (SELECT r.mid, o.text, o.payload, max(o.ts) AS ts FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type = 'edit' GROUP BY r.mid) best
WHERE messages.mid = best.mid AND best.ts > messages.edit_ts;

UPDATE messages SET revoked = 1, revoked_by = iif(revoked_at IS NULL OR best.ts < revoked_at, best.actor, revoked_by),
  revoked_at = min(coalesce(revoked_at, best.ts), best.ts)
FROM (SELECT r.mid, o.actor, min(o.ts) AS ts FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type = 'revoke' GROUP BY r.mid) best
WHERE messages.mid = best.mid AND (messages.revoked = 0 OR messages.revoked_at IS NULL OR best.ts < messages.revoked_at);

UPDATE messages SET deleted_for_me_at = best.ts
FROM (SELECT r.mid, min(o.ts) AS ts FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type = 'delete_for_me' GROUP BY r.mid) best
WHERE messages.mid = best.mid AND best.ts < coalesce(messages.deleted_for_me_at, 9000000000000);

UPDATE messages SET starred = best.starred, starred_ts = best.ts
FROM (SELECT r.mid, o.type = 'star' AS starred, max(2 * o.ts + (o.type = 'star')) / 2 AS ts
  FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type IN ('star', 'unstar') GROUP BY r.mid) best
WHERE messages.mid = best.mid AND (best.ts, best.starred) > (messages.starred_ts, messages.starred);

UPDATE messages SET pinned = best.pinned, pinned_ts = best.ts
FROM (SELECT r.mid, o.type = 'pin' AS pinned, max(2 * o.ts + (o.type = 'pin')) / 2 AS ts
  FROM op_ready r CROSS JOIN message_ops o ON o.op = r.op WHERE o.type IN ('pin', 'unpin') GROUP BY r.mid) best
WHERE messages.mid = best.mid AND (best.ts, best.pinned) > (messages.pinned_ts, messages.pinned);

DELETE FROM message_ops WHERE op IN (SELECT op FROM op_ready);

UPDATE message_ops SET due = 0 WHERE due = 1;

DELETE FROM op_ready;
