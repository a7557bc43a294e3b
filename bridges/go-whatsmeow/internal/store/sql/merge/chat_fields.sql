-- After merge_identity: the fields of the chat @from_jid, each with its own time. Each row is a parameter set of upsert_chat.
WITH c AS (SELECT * FROM chats WHERE jid = @from_jid),
fields (field) AS (VALUES ('name'), ('claimed'), ('unread'), ('marked'), ('archived'), ('pinned'), ('muted'), ('ephemeral'), ('read_only'), ('rest'))
SELECT @into_jid AS jid,
  iif(field = 'name', name, NULL) AS name,
  iif(field = 'claimed', claimed_time, NULL) AS last_message_at,
  iif(field = 'unread', unread_base, NULL) AS unread_count,
  iif(field = 'marked', marked_unread, NULL) AS marked_unread,
  iif(field = 'archived', archived, NULL) AS archived,
  iif(field = 'pinned', pinned_at, NULL) AS pinned_at,
  iif(field = 'muted', muted_until, NULL) AS muted_until,
  iif(field = 'ephemeral', ephemeral_seconds, NULL) AS ephemeral_seconds,
  iif(field = 'read_only', read_only, NULL) AS read_only,
  iif(field = 'rest', parent_jid, NULL) AS community,
  iif(field = 'rest', is_community, NULL) AS is_community,
  iif(field = 'rest', is_announcement_group, NULL) AS is_announcement_group,
  iif(field = 'rest', end_of_history, NULL) AS end_of_history,
  CASE field WHEN 'name' THEN name_ts WHEN 'unread' THEN unread_ts WHEN 'marked' THEN marked_unread_ts WHEN 'archived' THEN archived_ts
    WHEN 'pinned' THEN pinned_ts WHEN 'muted' THEN muted_ts WHEN 'ephemeral' THEN ephemeral_ts WHEN 'read_only' THEN read_only_ts ELSE 0 END AS observed_at
FROM c CROSS JOIN fields;
