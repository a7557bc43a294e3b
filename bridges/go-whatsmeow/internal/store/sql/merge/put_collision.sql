-- After upsert_message returned an @id_ns that is not ''.
INSERT INTO message_collisions (chat_jid, id, id_ns, seen_at)
VALUES (coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat), @id, @id_ns, @now)
ON CONFLICT DO NOTHING;
