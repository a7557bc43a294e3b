-- After merge_identity: messages that are in both chats, or whose two senders have become one. Each row is a parameter set of
-- upsert_message (and put_version), then of merge_message.
SELECT pairs.from_mid, pairs.into_mid, m.chat_jid AS chat, m.id, m.is_from_me AS from_me, m.sender, m.sender_raw, m.addressing_mode, m.push_name,
  coalesce(m.timestamp_raw, m.timestamp) AS timestamp, m.kind, m.content AS text, m.media_type AS media_kind, m.mimetype, m.filename, m.url,
  m.direct_path, m.media_key, m.file_sha256, m.file_enc_sha256, m.file_length, m.width, m.height, m.duration_seconds, m.thumbnail,
  m.reply_to_id AS quoted_id, m.reply_to_sender AS quoted_sender, m.reply_to_text AS quoted_text, m.mentions, m.forwarding_score,
  m.ephemeral_seconds, m.view_once, m.status, iif(m.starred_ts = 0, m.starred, NULL) AS starred, m.server_id, m.broadcast_jid AS broadcast,
  m.payload, m.message_secret, nullif(m.edit_ts, 0) AS edited_at, m.revoked, m.raw, m.origin, m.first_seen_at AS now
FROM (
  SELECT f.mid AS from_mid, i.mid AS into_mid
  FROM messages f JOIN messages i ON i.chat_jid = @into_jid AND i.id = f.id AND i.id_ns = f.id_ns
  WHERE f.chat_jid = @from_jid
  UNION ALL
  SELECT f.mid, i.mid
  FROM messages f JOIN messages i ON i.chat_jid = f.chat_jid AND i.id = f.id AND i.id_ns = '' AND i.sender = f.sender AND i.is_from_me = f.is_from_me
  WHERE f.sender = @into_jid AND f.id_ns <> '' AND f.chat_jid <> @from_jid
) pairs JOIN messages m ON m.mid = pairs.from_mid;
