-- First statement of each transaction that uses the others.
UPDATE change_seq SET seq = seq + 1 WHERE id = 1;
