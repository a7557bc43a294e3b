-- The phone uploaded the file again (media retry): where it is now. @at: ms; an older answer changes nothing.
UPDATE messages SET direct_path = @direct_path, url = @url, direct_path_ts = @at, media_status = NULL, media_error = NULL
WHERE chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat) AND id = @id AND id_ns = '' AND direct_path_ts < @at;
