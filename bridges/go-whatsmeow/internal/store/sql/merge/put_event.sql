-- One EventRecord. @parameters: JSON text. Whole seconds, because the libraries do not agree on more.
INSERT INTO chat_events (chat_jid, type, timestamp, actor, parameters, id)
SELECT e.chat, @type, @timestamp - @timestamp % 1000, e.actor, @parameters, @id
FROM (SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat) AS chat,
  coalesce((SELECT jid FROM jid_aliases WHERE alias = @actor), @actor, '') AS actor) e
WHERE e.actor <> '' OR NOT EXISTS (SELECT 1 FROM chat_events k WHERE k.chat_jid = e.chat AND k.timestamp = @timestamp - @timestamp % 1000
  AND k.type = @type AND k.parameters = @parameters AND k.actor <> '')
ON CONFLICT (chat_jid, timestamp, type, actor, parameters) DO UPDATE SET id = excluded.id WHERE id IS NULL AND excluded.id IS NOT NULL;

-- The one without an actor said less.
DELETE FROM chat_events
WHERE @actor IS NOT NULL AND chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat)
  AND timestamp = @timestamp - @timestamp % 1000 AND type = @type AND parameters = @parameters AND actor = '';
