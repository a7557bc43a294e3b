-- One OpRecord, to wait for apply_ops.sql. @now: ms; raw as bytes.
INSERT INTO message_ops (chat_jid, target_id, type, op_id, from_me, actor, ts, text, payload, raw, first_seen_at)
VALUES (
  coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat), @target_id, @type, @op_id, @from_me,
  coalesce((SELECT jid FROM jid_aliases WHERE alias = @actor), @actor), @timestamp, @text, iif(json_valid(@payload), @payload, NULL), @raw, @now)
ON CONFLICT (chat_jid, target_id, type, op_id) DO UPDATE SET
  actor = coalesce(actor, excluded.actor), text = coalesce(text, excluded.text), payload = coalesce(payload, excluded.payload),
  raw = coalesce(raw, excluded.raw), ts = min(ts, excluded.ts), due = 1;
