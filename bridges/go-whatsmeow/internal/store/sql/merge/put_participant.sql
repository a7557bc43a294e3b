-- One participant as observed at @observed_at (ms). @left_at: NULL while in the group; when somebody left, both are the time of it.
INSERT INTO group_participants (group_jid, user_jid, role, observed_at, left_at)
SELECT @group, coalesce((SELECT jid FROM jid_aliases WHERE alias = @user), @user), @role, @observed_at,
  -- An old list naming somebody whom a newer one no longer has.
  coalesce(@left_at, (SELECT observed_at FROM groups WHERE jid = @group AND observed_at > @observed_at))
WHERE true
ON CONFLICT (group_jid, user_jid) DO UPDATE SET role = excluded.role, observed_at = excluded.observed_at, left_at = @left_at
WHERE (excluded.observed_at, excluded.role) > (observed_at, role);
