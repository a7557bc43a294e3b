-- After put_participant for everybody in the GroupInfo of @group observed at @observed_at: who is not in it has left.
UPDATE group_participants SET left_at = @observed_at
WHERE group_jid = @group AND left_at IS NULL AND observed_at < @observed_at
  AND EXISTS (SELECT 1 FROM groups WHERE jid = @group AND observed_at = @observed_at);

-- Knowing the admins may settle whether a waiting revoke was theirs to make.
UPDATE message_ops SET due = 1 WHERE chat_jid = @group AND due = 0;
