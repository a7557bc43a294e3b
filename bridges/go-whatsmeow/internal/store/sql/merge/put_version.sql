-- After upsert_message with @edited_at, or where it inserted nothing: a text that is not the current one is kept as a version.
-- @chat, @id, @text, @edited_at as in the record.
INSERT INTO message_edits (mid, ts, edit_id, content)
SELECT m.mid, coalesce(@edited_at, 0), NULL, @text FROM messages m
WHERE m.chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat) AND m.id = @id AND m.id_ns = ''
  AND m.edit_ts > 0 AND @text IS NOT NULL
ON CONFLICT DO NOTHING;
