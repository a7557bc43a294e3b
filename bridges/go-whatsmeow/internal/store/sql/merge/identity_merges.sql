-- After put_mapping: rows (from_jid, into_jid), each to be given to merge_identity.sql. None where everything is as it should be.
-- A person is known by the number that was seen first, so that a change of number keeps the chat; the LID where there is none.
WITH
  ends (jid) AS (SELECT @lid UNION SELECT @pn UNION SELECT jid FROM jid_aliases WHERE alias IN (@lid, @pn)),
  people (jid) AS (SELECT jid FROM ends UNION SELECT alias FROM jid_aliases WHERE jid IN (SELECT jid FROM ends)),
  target (jid) AS (
    SELECT pn FROM jid_map WHERE lid IN (SELECT jid FROM people) AND pn IN (SELECT jid FROM people) AND contested = 0
    GROUP BY pn ORDER BY min(first_seen), pn LIMIT 1)
SELECT ends.jid AS from_jid, target.jid AS into_jid
FROM ends CROSS JOIN target
WHERE ends.jid <> target.jid
  AND NOT EXISTS (SELECT 1 FROM jid_aliases a WHERE a.alias = ends.jid AND a.jid = target.jid)
  AND EXISTS (SELECT 1 FROM jid_map m WHERE m.lid = @lid AND m.pn = @pn AND m.contested = 0);
