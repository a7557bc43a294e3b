-- One MessageRecord. Returns (mid, id_ns) when it was inserted or filled something; no row when it told nothing new.
-- @now: ms; @origin: bits of messages.origin; blobs as bytes; mentions as JSON text; media fields by their own names, its kind as @media_kind.
INSERT INTO messages (
  id, chat_jid, sender, content, timestamp, is_from_me, media_type, filename, url, media_key, file_sha256, file_enc_sha256, file_length,
  id_ns, kind, timestamp_raw, sender_raw, addressing_mode, push_name, server_id, status, reply_to_id, reply_to_sender, reply_to_text,
  mentions, forwarding_score, ephemeral_seconds, view_once, edit_ts, revoked, starred, direct_path, mimetype, width, height,
  duration_seconds, thumbnail, broadcast_jid, payload, message_secret, raw, origin, first_seen_at)
SELECT
  @id, who.chat, who.sender, @text, iif(@timestamp > @now + 86400000, @now, @timestamp), @from_me,
  @media_kind, @filename, @url, @media_key, @file_sha256, @file_enc_sha256, @file_length,
  -- Same id, provably another person: both are of one server and differ, or one is ours. Channels do not say reliably whose a post is.
  coalesce((SELECT iif(@from_me, 'me', who.sender) FROM messages m
    WHERE m.chat_jid = who.chat AND m.id = @id AND m.id_ns = '' AND who.chat NOT LIKE '%@newsletter'
      AND (m.is_from_me <> @from_me
        OR (m.sender <> who.sender AND substr(m.sender, instr(m.sender, '@')) = substr(who.sender, instr(who.sender, '@'))))), ''),
  iif(@revoked AND @text IS NULL AND @media_kind IS NULL AND @payload IS NULL, 'unknown', @kind),
  iif(@timestamp > @now + 86400000, @timestamp, NULL),
  @sender_raw, @addressing_mode, @push_name, @server_id, @status, @quoted_id, @quoted_sender, @quoted_text,
  @mentions, @forwarding_score, @ephemeral_seconds, @view_once, iif(@text IS NULL, 0, coalesce(@edited_at, 0)), coalesce(@revoked, 0),
  coalesce(@starred, 0), @direct_path, @mimetype, @width, @height,
  @duration_seconds, @thumbnail, @broadcast, @payload, @message_secret, @raw, @origin, @now
FROM (
  SELECT c.chat, coalesce(
    (SELECT jid FROM jid_aliases WHERE alias = @sender), @sender,
    iif(@from_me, (SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = v), v) FROM meta WHERE k = 'own_pn'),
      iif(c.chat LIKE '%@s.whatsapp.net' OR c.chat LIKE '%@lid', c.chat, NULL))) AS sender
  FROM (SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat) AS chat) c
) who
WHERE true
ON CONFLICT (chat_jid, id, id_ns) DO UPDATE SET
  -- A resent message is stamped anew; the earliest time is the true one. 0: unknown.
  timestamp = iif(timestamp = 0 OR (excluded.timestamp BETWEEN 1 AND timestamp), excluded.timestamp, timestamp),
  timestamp_raw = coalesce(max(timestamp_raw, excluded.timestamp_raw), timestamp_raw, excluded.timestamp_raw),
  is_from_me = max(is_from_me, excluded.is_from_me),
  -- A number says more than a LID.
  sender = CASE
    WHEN sender IS NULL OR (sender LIKE '%@lid') > (excluded.sender LIKE '%@lid') THEN excluded.sender
    WHEN excluded.sender IS NULL OR (sender LIKE '%@lid') < (excluded.sender LIKE '%@lid') THEN sender
    ELSE min(sender, excluded.sender) END,
  sender_raw = coalesce(max(sender_raw, excluded.sender_raw), sender_raw, excluded.sender_raw),
  addressing_mode = CASE
    WHEN excluded.sender_raw > coalesce(sender_raw, '') THEN coalesce(excluded.addressing_mode, addressing_mode)
    ELSE coalesce(addressing_mode, excluded.addressing_mode) END,
  push_name = coalesce(max(push_name, excluded.push_name), push_name, excluded.push_name),
  -- What a placeholder stood for replaces it; else the first content stays, so that nobody rewrites what was read.
  kind = iif(
    CASE excluded.kind WHEN 'undecryptable' THEN 0 WHEN 'view_once_unavailable' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END >
    CASE kind WHEN 'undecryptable' THEN 0 WHEN 'view_once_unavailable' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END, excluded.kind, kind),
  raw = iif(kind IN ('undecryptable', 'view_once_unavailable', 'unknown') AND excluded.kind NOT IN ('undecryptable', 'view_once_unavailable', 'unknown'),
    coalesce(excluded.raw, raw), coalesce(raw, excluded.raw)),
  -- The newest edit.
  content = CASE WHEN excluded.edit_ts > edit_ts THEN excluded.content WHEN excluded.edit_ts = edit_ts THEN coalesce(content, excluded.content) ELSE content END,
  mentions = CASE WHEN excluded.edit_ts > edit_ts THEN excluded.mentions WHEN excluded.edit_ts = edit_ts THEN coalesce(mentions, excluded.mentions) ELSE mentions END,
  edit_ts = max(edit_ts, excluded.edit_ts),
  revoked = max(revoked, excluded.revoked),
  starred = iif(starred_ts = 0, max(starred, excluded.starred), starred),
  status = coalesce(max(status, excluded.status), status, excluded.status),
  -- Where the phone uploaded the file again, the old place is dead.
  url = iif(direct_path_ts > 0, url, coalesce(max(url, excluded.url), url, excluded.url)),
  direct_path = iif(direct_path_ts > 0, direct_path, coalesce(max(direct_path, excluded.direct_path), direct_path, excluded.direct_path)),
  forwarding_score = coalesce(max(forwarding_score, excluded.forwarding_score), forwarding_score, excluded.forwarding_score),
  view_once = coalesce(max(view_once, excluded.view_once), view_once, excluded.view_once),
  media_type = coalesce(media_type, excluded.media_type), filename = coalesce(filename, excluded.filename),
  media_key = coalesce(media_key, excluded.media_key), file_sha256 = coalesce(file_sha256, excluded.file_sha256),
  file_enc_sha256 = coalesce(file_enc_sha256, excluded.file_enc_sha256), file_length = coalesce(file_length, excluded.file_length),
  mimetype = coalesce(mimetype, excluded.mimetype), width = coalesce(width, excluded.width), height = coalesce(height, excluded.height),
  duration_seconds = coalesce(duration_seconds, excluded.duration_seconds), thumbnail = coalesce(thumbnail, excluded.thumbnail),
  server_id = coalesce(server_id, excluded.server_id), reply_to_id = coalesce(reply_to_id, excluded.reply_to_id),
  reply_to_sender = coalesce(reply_to_sender, excluded.reply_to_sender), reply_to_text = coalesce(reply_to_text, excluded.reply_to_text),
  ephemeral_seconds = coalesce(ephemeral_seconds, excluded.ephemeral_seconds), broadcast_jid = coalesce(broadcast_jid, excluded.broadcast_jid),
  payload = coalesce(payload, excluded.payload), message_secret = coalesce(message_secret, excluded.message_secret),
  origin = origin | excluded.origin,
  first_seen_at = min(first_seen_at, excluded.first_seen_at)
-- Only where something changes: a repeated row costs a look-up, no write.
WHERE excluded.timestamp BETWEEN 1 AND timestamp - 1 OR timestamp = 0 OR excluded.is_from_me > is_from_me OR origin | excluded.origin <> origin
  OR (sender LIKE '%@lid' AND excluded.sender LIKE '%@s.whatsapp.net') OR (sender IS NULL AND excluded.sender IS NOT NULL)
  OR excluded.sender_raw > coalesce(sender_raw, '') OR excluded.push_name > coalesce(push_name, '')
  OR (kind IN ('undecryptable', 'view_once_unavailable', 'unknown') AND excluded.kind <> kind)
  OR excluded.edit_ts > edit_ts OR (excluded.edit_ts = edit_ts AND content IS NULL AND excluded.content IS NOT NULL)
  OR (excluded.edit_ts = edit_ts AND mentions IS NULL AND excluded.mentions IS NOT NULL)
  OR excluded.revoked > revoked OR (starred_ts = 0 AND excluded.starred > starred) OR excluded.status > coalesce(status, -1)
  OR (direct_path_ts = 0 AND (excluded.url > coalesce(url, '') OR excluded.direct_path > coalesce(direct_path, '')))
  OR excluded.forwarding_score > coalesce(forwarding_score, -1) OR excluded.view_once > coalesce(view_once, -1)
  OR (addressing_mode IS NULL AND excluded.addressing_mode IS NOT NULL) OR (raw IS NULL AND excluded.raw IS NOT NULL)
  OR (media_type IS NULL AND excluded.media_type IS NOT NULL) OR (filename IS NULL AND excluded.filename IS NOT NULL)
  OR (media_key IS NULL AND excluded.media_key IS NOT NULL) OR (file_sha256 IS NULL AND excluded.file_sha256 IS NOT NULL)
  OR (file_enc_sha256 IS NULL AND excluded.file_enc_sha256 IS NOT NULL) OR (file_length IS NULL AND excluded.file_length IS NOT NULL)
  OR (mimetype IS NULL AND excluded.mimetype IS NOT NULL) OR (width IS NULL AND excluded.width IS NOT NULL)
  OR (height IS NULL AND excluded.height IS NOT NULL) OR (duration_seconds IS NULL AND excluded.duration_seconds IS NOT NULL)
  OR (thumbnail IS NULL AND excluded.thumbnail IS NOT NULL) OR (server_id IS NULL AND excluded.server_id IS NOT NULL)
  OR (reply_to_id IS NULL AND excluded.reply_to_id IS NOT NULL) OR (reply_to_sender IS NULL AND excluded.reply_to_sender IS NOT NULL)
  OR (reply_to_text IS NULL AND excluded.reply_to_text IS NOT NULL) OR (ephemeral_seconds IS NULL AND excluded.ephemeral_seconds IS NOT NULL)
  OR (broadcast_jid IS NULL AND excluded.broadcast_jid IS NOT NULL) OR (payload IS NULL AND excluded.payload IS NOT NULL)
  OR (message_secret IS NULL AND excluded.message_secret IS NOT NULL)
RETURNING mid, id_ns;
