-- The rest of one leftover: what belongs to @from_mid becomes @into_mid's, and @from_mid is gone.
UPDATE messages SET
  revoked_by = CASE WHEN f.revoked_at IS NULL OR messages.revoked_at <= f.revoked_at THEN messages.revoked_by ELSE f.revoked_by END,
  revoked_at = coalesce(min(messages.revoked_at, f.revoked_at), messages.revoked_at, f.revoked_at),
  revoked = max(messages.revoked, f.revoked),
  deleted_for_me_at = coalesce(min(messages.deleted_for_me_at, f.deleted_for_me_at), messages.deleted_for_me_at, f.deleted_for_me_at),
  starred = iif((f.starred_ts, f.starred) > (messages.starred_ts, messages.starred), f.starred, messages.starred),
  starred_ts = max(messages.starred_ts, f.starred_ts),
  pinned = iif((f.pinned_ts, f.pinned) > (messages.pinned_ts, messages.pinned), f.pinned, messages.pinned),
  pinned_ts = max(messages.pinned_ts, f.pinned_ts),
  url = iif(f.direct_path_ts > messages.direct_path_ts, f.url, messages.url),
  direct_path = iif(f.direct_path_ts > messages.direct_path_ts, f.direct_path, messages.direct_path),
  direct_path_ts = max(messages.direct_path_ts, f.direct_path_ts),
  media_status = coalesce(messages.media_status, f.media_status),
  local_path = coalesce(messages.local_path, f.local_path),
  media_error = coalesce(messages.media_error, f.media_error)
FROM messages f WHERE messages.mid = @into_mid AND f.mid = @from_mid;

INSERT INTO message_edits (mid, ts, edit_id, content) SELECT @into_mid, ts, edit_id, content FROM message_edits WHERE mid = @from_mid
ON CONFLICT (mid, ts) DO UPDATE SET edit_id = coalesce(edit_id, excluded.edit_id) WHERE edit_id IS NULL;

INSERT INTO reactions (mid, reactor_jid, emoji, ts) SELECT @into_mid, reactor_jid, emoji, ts FROM reactions WHERE mid = @from_mid
ON CONFLICT (mid, reactor_jid) DO UPDATE SET emoji = excluded.emoji, ts = excluded.ts WHERE (excluded.ts, excluded.emoji) > (ts, emoji);

INSERT INTO poll_votes (mid, voter_jid, hashes, ts) SELECT @into_mid, voter_jid, hashes, ts FROM poll_votes WHERE mid = @from_mid
ON CONFLICT (mid, voter_jid) DO UPDATE SET hashes = excluded.hashes, ts = excluded.ts WHERE (excluded.ts, excluded.hashes) > (ts, hashes);

INSERT INTO receipts (mid, user_jid, delivered_at, read_at, played_at) SELECT @into_mid, user_jid, delivered_at, read_at, played_at FROM receipts WHERE mid = @from_mid
ON CONFLICT (mid, user_jid) DO UPDATE SET
  delivered_at = coalesce(min(delivered_at, excluded.delivered_at), delivered_at, excluded.delivered_at),
  read_at = coalesce(min(read_at, excluded.read_at), read_at, excluded.read_at),
  played_at = coalesce(min(played_at, excluded.played_at), played_at, excluded.played_at);

DELETE FROM messages WHERE mid = @from_mid;
