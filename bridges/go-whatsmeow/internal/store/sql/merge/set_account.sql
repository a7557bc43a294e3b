-- Who this account is: at each connection, when the bridge knows it. @own_lid may be NULL. Give the pair to put_mapping too.
INSERT INTO meta (k, v) SELECT 'own_pn', @own_pn WHERE @own_pn IS NOT NULL ON CONFLICT (k) DO UPDATE SET v = excluded.v;

INSERT INTO meta (k, v) SELECT 'own_lid', @own_lid WHERE @own_lid IS NOT NULL ON CONFLICT (k) DO UPDATE SET v = excluded.v;
