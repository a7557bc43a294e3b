-- One name (or the about text) of a person, from one source. @field: column of contact_cards; @ts: ms, 0 where history tells it.
INSERT INTO contacts (jid, pn_jid, lid_jid)
SELECT c.jid, iif(c.jid LIKE '%@s.whatsapp.net', c.jid, NULL), iif(c.jid LIKE '%@lid', c.jid, NULL)
FROM (SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = @jid), @jid) AS jid) c
WHERE true
ON CONFLICT DO NOTHING;

-- '-' is what some clients send where there is no push name.
INSERT INTO contact_facts (jid, field, value, ts)
SELECT coalesce((SELECT jid FROM jid_aliases WHERE alias = @jid), @jid), @field, @value, @ts
WHERE trim(@value) NOT IN ('', '-')
ON CONFLICT (jid, field) DO UPDATE SET value = excluded.value, ts = excluded.ts WHERE (excluded.ts, excluded.value) > (ts, value);
