-- What became of a download. @media_status: downloaded, gone or failed; @local_path relative to the folder media.
UPDATE messages SET media_status = @media_status, local_path = coalesce(@local_path, local_path), media_error = @media_error
WHERE chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = @chat), @chat) AND id = @id AND id_ns = '';
