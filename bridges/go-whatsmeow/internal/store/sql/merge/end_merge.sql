-- Last step of merging two identities: the emptied chat goes, its JID lives on in jid_aliases.
DELETE FROM chats WHERE jid = @from_jid;
