-- After put_mapping and its merges, for @jid = the LID or the PN: the person's newest number and LID.
INSERT INTO contacts (jid, pn_jid, lid_jid)
SELECT c.jid,
  coalesce((SELECT pn FROM jid_map WHERE contested = 0 AND (lid = c.jid OR lid IN (SELECT alias FROM jid_aliases WHERE jid = c.jid))
    ORDER BY last_seen DESC, pn DESC LIMIT 1), iif(c.jid LIKE '%@s.whatsapp.net', c.jid, NULL)),
  coalesce((SELECT lid FROM jid_map WHERE contested = 0 AND (pn = c.jid OR pn IN (SELECT alias FROM jid_aliases WHERE jid = c.jid))
    ORDER BY last_seen DESC, lid DESC LIMIT 1), iif(c.jid LIKE '%@lid', c.jid, NULL))
FROM (SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = @jid), @jid) AS jid) c
WHERE true
ON CONFLICT (jid) DO UPDATE SET pn_jid = excluded.pn_jid, lid_jid = excluded.lid_jid
WHERE pn_jid IS NOT excluded.pn_jid OR lid_jid IS NOT excluded.lid_jid;
