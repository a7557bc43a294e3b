-- One ChunkRecord whose rows are all stored. @chunk_id: text; @now: ms.
INSERT INTO history_chunks (source_uuid, chunk_id, sync_type, chunk_order, progress, request_id, received_at, messages, chats, merged_at)
VALUES (@source_uuid, @chunk_id, @sync_type, @chunk_order, @progress, @request_id, @received_at, @messages, @chats, @now)
ON CONFLICT DO NOTHING;
