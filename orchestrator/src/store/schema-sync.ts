/** Tables of history, of the sync engine and of sends; see schema.ts. */
import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const wmHistoryQueue = sqliteTable('wm_history_queue', {
  id: text('id').primaryKey(),
  notification: blob('notification', { mode: 'buffer' }).notNull(),
  syncType: text('sync_type').notNull(),
  chunkOrder: integer('chunk_order'),
  progress: integer('progress'),
  status: text('status').notNull(),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: integer('next_attempt_at').notNull(),
  error: text('error'),
  receivedAt: integer('received_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

export const historyChunks = sqliteTable('history_chunks', {
  sourceUuid: text('source_uuid').notNull(),
  chunkId: text('chunk_id').notNull(),
  syncType: text('sync_type').notNull(),
  chunkOrder: integer('chunk_order'),
  progress: integer('progress'),
  requestId: text('request_id'),
  receivedAt: integer('received_at').notNull(),
  messages: integer('messages').notNull(),
  chats: integer('chats').notNull(),
  mergedAt: integer('merged_at').notNull(),
}, (table) => [primaryKey({ columns: [table.sourceUuid, table.chunkId] })]);

export const mergeCheckpoint = sqliteTable('merge_checkpoint', {
  sourceUuid: text('source_uuid').primaryKey(),
  lastSeq: integer('last_seq').notNull(),
  acknowledgedSeq: integer('acknowledged_seq').notNull().default(0),
  inserted: integer('inserted').notNull().default(0),
  duplicates: integer('duplicates').notNull().default(0),
  filled: integer('filled').notNull().default(0),
  collided: integer('collided').notNull().default(0),
  rejected: integer('rejected').notNull().default(0),
  epoch: integer('epoch').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

export const mergeReject = sqliteTable('merge_reject', {
  sourceUuid: text('source_uuid').notNull(),
  seq: integer('seq').notNull(),
  error: text('error').notNull(),
  record: text('record'),
  at: integer('at').notNull(),
}, (table) => [primaryKey({ columns: [table.sourceUuid, table.seq] })]);

export const lease = sqliteTable('lease', {
  name: text('name').primaryKey(),
  owner: text('owner').notNull(),
  epoch: integer('epoch').notNull(),
  expiresAt: integer('expires_at').notNull(),
});

export const syncRun = sqliteTable('sync_run', {
  syncId: text('sync_id').primaryKey(),
  kind: text('kind').notNull(),
  state: text('state').notNull(),
  untilTs: integer('until_ts'),
  maxMessages: integer('max_messages'),
  owner: text('owner').notNull(),
  error: text('error'),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
  finishedAt: integer('finished_at'),
});

export const syncRunChats = sqliteTable('sync_run_chats', {
  syncId: text('sync_id').notNull(),
  chatJid: text('chat_jid').notNull(),
  received: integer('received').notNull().default(0),
  state: text('state').notNull().default('idle'),
}, (table) => [primaryKey({ columns: [table.syncId, table.chatJid] })]);

export const syncChatState = sqliteTable('sync_chat_state', {
  chatJid: text('chat_jid').primaryKey(),
  state: text('state').notNull(),
  requestJid: text('request_jid'),
  anchorId: text('anchor_id'),
  anchorTs: integer('anchor_ts'),
  anchorFromMe: integer('anchor_from_me'),
  pages: integer('pages').notNull().default(0),
  received: integer('received').notNull().default(0),
  inserted: integer('inserted').notNull().default(0),
  requestId: text('request_id'),
  requestedAt: integer('requested_at'),
  deadline: integer('deadline'),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: integer('next_attempt_at'),
  endType: integer('end_type'),
  lastError: text('last_error'),
  leaseEpoch: integer('lease_epoch').notNull().default(0),
  updatedAt: integer('updated_at').notNull(),
});

export const sendLog = sqliteTable('send_log', {
  key: text('key').primaryKey(),
  requestHash: text('request_hash').notNull(),
  chatJid: text('chat_jid').notNull(),
  messageId: text('message_id').notNull(),
  bridge: text('bridge'),
  outcome: text('outcome').notNull(),
  result: text('result'),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
});
