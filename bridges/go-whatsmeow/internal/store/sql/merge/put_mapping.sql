-- One MappingRecord. @at: ms, 0 where history tells it. Afterwards identity_merges.sql says which chats and people have become one.
INSERT INTO jid_map (lid, pn, source, first_seen, last_seen, contested)
SELECT @lid, @pn, @source, @at, @at,
  -- The number is that of another LID which has a newer one: it was given to somebody else. Two people, two chats.
  EXISTS (SELECT 1 FROM jid_map o JOIN jid_map n ON n.lid = o.lid AND n.pn <> o.pn AND n.last_seen > o.last_seen WHERE o.pn = @pn AND o.lid <> @lid)
WHERE @lid LIKE '%@lid' AND @pn LIKE '%@s.whatsapp.net'
ON CONFLICT (lid, pn) DO UPDATE SET
  first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
WHERE excluded.first_seen < first_seen OR excluded.last_seen > last_seen;
