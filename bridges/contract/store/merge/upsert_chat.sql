-- One ChatRecord. Of each field the newest statement wins, then the greater value; history (no @observed_at) loses to anything live.
INSERT INTO chats (
  jid, kind, name, name_ts, claimed_time, unread_base, unread_ts, marked_unread, marked_unread_ts, archived, archived_ts, pinned_at, pinned_ts,
  muted_until, muted_ts, ephemeral_seconds, ephemeral_ts, read_only, read_only_ts, parent_jid, is_community, is_announcement_group, end_of_history,
  updated_seq)
SELECT
  c.jid,
  CASE WHEN c.jid = 'status@broadcast' THEN 'status' WHEN c.jid LIKE '%@g.us' THEN 'group' WHEN c.jid LIKE '%@newsletter' THEN 'newsletter'
    WHEN c.jid LIKE '%@broadcast' THEN 'broadcast' ELSE 'user' END,
  nullif(@name, ''), iif(nullif(@name, '') IS NULL, 0, coalesce(@observed_at, 0)),
  @last_message_at,
  -- How many were unread when the newest message was the one of last_message_at; live ones after it are counted, not told.
  @unread_count, iif(@unread_count IS NULL, 0, coalesce(@observed_at, @last_message_at, 0)),
  @marked_unread, iif(@marked_unread IS NULL, 0, coalesce(@observed_at, 0)),
  @archived, iif(@archived IS NULL, 0, coalesce(@observed_at, 0)),
  @pinned_at, iif(@pinned_at IS NULL, 0, coalesce(@observed_at, 0)),
  @muted_until, iif(@muted_until IS NULL, 0, coalesce(@observed_at, 0)),
  @ephemeral_seconds, iif(@ephemeral_seconds IS NULL, 0, coalesce(@observed_at, 0)),
  @read_only, iif(@read_only IS NULL, 0, coalesce(@observed_at, 0)),
  @community, @is_community, @is_announcement_group, @end_of_history,
  (SELECT seq FROM change_seq)
FROM (SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = @jid), @jid) AS jid) c
WHERE true
ON CONFLICT (jid) DO UPDATE SET
  name = iif(excluded.name IS NOT NULL AND (name IS NULL OR (excluded.name_ts, excluded.name) > (name_ts, name)), excluded.name, name),
  name_ts = iif(excluded.name IS NOT NULL, max(name_ts, excluded.name_ts), name_ts),
  claimed_time = coalesce(max(claimed_time, excluded.claimed_time), claimed_time, excluded.claimed_time),
  unread_base = iif(excluded.unread_base IS NOT NULL AND (unread_base IS NULL OR (excluded.unread_ts, excluded.unread_base) > (unread_ts, unread_base)),
    excluded.unread_base, unread_base),
  unread_ts = max(unread_ts, excluded.unread_ts),
  marked_unread = iif(excluded.marked_unread IS NOT NULL AND (marked_unread IS NULL
    OR (excluded.marked_unread_ts, excluded.marked_unread) > (marked_unread_ts, marked_unread)), excluded.marked_unread, marked_unread),
  marked_unread_ts = max(marked_unread_ts, excluded.marked_unread_ts),
  archived = iif(excluded.archived IS NOT NULL AND (archived IS NULL OR (excluded.archived_ts, excluded.archived) > (archived_ts, archived)),
    excluded.archived, archived),
  archived_ts = max(archived_ts, excluded.archived_ts),
  pinned_at = iif(excluded.pinned_at IS NOT NULL AND (pinned_at IS NULL OR (excluded.pinned_ts, excluded.pinned_at) > (pinned_ts, pinned_at)),
    excluded.pinned_at, pinned_at),
  pinned_ts = max(pinned_ts, excluded.pinned_ts),
  muted_until = iif(excluded.muted_until IS NOT NULL AND (muted_until IS NULL OR (excluded.muted_ts, excluded.muted_until) > (muted_ts, muted_until)),
    excluded.muted_until, muted_until),
  muted_ts = max(muted_ts, excluded.muted_ts),
  ephemeral_seconds = iif(excluded.ephemeral_seconds IS NOT NULL AND (ephemeral_seconds IS NULL
    OR (excluded.ephemeral_ts, excluded.ephemeral_seconds) > (ephemeral_ts, ephemeral_seconds)), excluded.ephemeral_seconds, ephemeral_seconds),
  ephemeral_ts = max(ephemeral_ts, excluded.ephemeral_ts),
  read_only = iif(excluded.read_only IS NOT NULL AND (read_only IS NULL OR (excluded.read_only_ts, excluded.read_only) > (read_only_ts, read_only)),
    excluded.read_only, read_only),
  read_only_ts = max(read_only_ts, excluded.read_only_ts),
  parent_jid = coalesce(max(parent_jid, excluded.parent_jid), parent_jid, excluded.parent_jid),
  is_community = coalesce(max(is_community, excluded.is_community), is_community, excluded.is_community),
  is_announcement_group = coalesce(max(is_announcement_group, excluded.is_announcement_group), is_announcement_group, excluded.is_announcement_group),
  -- 1 (nothing older) and 3 (no access) are final, 0 and 2 say that there is more.
  end_of_history = CASE
    WHEN end_of_history IS NULL THEN excluded.end_of_history WHEN excluded.end_of_history IS NULL THEN end_of_history
    WHEN 1 IN (end_of_history, excluded.end_of_history) THEN 1 ELSE max(end_of_history, excluded.end_of_history) END,
  updated_seq = excluded.updated_seq;

-- History names a chat as the phone does: requests for more of it are understood in this form.
INSERT INTO sync_chat_state (chat_jid, state, request_jid, updated_at)
SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = @jid), @jid), 'idle', @jid, 0
WHERE @observed_at IS NULL AND (@jid LIKE '%@lid' OR @jid LIKE '%@s.whatsapp.net' OR @jid LIKE '%@g.us')
ON CONFLICT (chat_jid) DO UPDATE SET request_jid = excluded.request_jid WHERE request_jid IS NULL;
