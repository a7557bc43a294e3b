-- One GroupInfo, without its participants; the newest observation wins. Then put_participant for each and end_participants;
-- the chat's name, community and timer go to upsert_chat.
INSERT INTO groups (jid, name, description, owner, created_at, addressing_mode, only_admins_send, only_admins_edit, only_admins_add, join_approval,
  disappearing_seconds, is_community, is_announcement_group, community, size, observed_at)
VALUES (@jid, @name, @description, @owner, @created_at, @addressing_mode, @only_admins_send, @only_admins_edit, @only_admins_add, @join_approval,
  @disappearing_seconds, @is_community, @is_announcement_group, @community, @size, @observed_at)
ON CONFLICT (jid) DO UPDATE SET
  name = excluded.name, description = excluded.description, owner = coalesce(excluded.owner, owner), created_at = coalesce(excluded.created_at, created_at),
  addressing_mode = excluded.addressing_mode, only_admins_send = excluded.only_admins_send, only_admins_edit = excluded.only_admins_edit,
  only_admins_add = excluded.only_admins_add, join_approval = excluded.join_approval, disappearing_seconds = excluded.disappearing_seconds,
  is_community = excluded.is_community, is_announcement_group = excluded.is_announcement_group, community = excluded.community,
  size = excluded.size, observed_at = excluded.observed_at
WHERE excluded.observed_at >= observed_at;
