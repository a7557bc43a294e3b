/** Where history stands, read from messages.db alone: works with every bridge down. */
import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { createCheckpoints } from './checkpoint.ts';
import type { Checkpoint, Lease } from './checkpoint.ts';

export interface ChunkProgress {
  readonly source_uuid: string;
  readonly sync_type: string;
  readonly chunks: number;
  readonly messages: number;
  readonly progress: number | null;
  /** Chunks whose number was passed over. */
  readonly missing: number;
  readonly last_at: number;
}

export interface Overview {
  readonly messages: number;
  readonly chats: number;
  readonly sources: readonly Checkpoint[];
  readonly chunks: readonly ChunkProgress[];
  readonly lease: Lease | undefined;
  readonly paused: boolean;
  readonly rejects: number;
  readonly waitingOperations: number;
  readonly collisions: number;
  readonly chatMerges: number;
  /** Histories that the whatsmeow bridge has yet to download, and those that it never will. */
  readonly whatsmeowPending: number;
  readonly whatsmeowLost: number;
  readonly walBytes: number;
}

const one = (database: Database, sql: string): number => database.prepare<[], { n: number }>(`SELECT ${sql} AS n`).get()?.n ?? 0;

// Chunks of a push are numbered from 1; the other kinds are not numbered in a row.
const CHUNKS = `SELECT source_uuid, sync_type, count(*) AS chunks, sum(messages) AS messages, max(progress) AS progress, max(received_at) AS last_at,
  iif(sync_type IN ('RECENT', 'FULL'), max(0, coalesce(max(chunk_order), 0) - count(DISTINCT nullif(chunk_order, 0))), 0) AS missing
FROM history_chunks GROUP BY source_uuid, sync_type ORDER BY last_at DESC`;

export function readOverview(database: Database): Overview {
  const checkpoints = createCheckpoints(database);
  return {
    messages: one(database, '(SELECT count(*) FROM messages)'),
    chats: one(database, '(SELECT count(*) FROM chats)'),
    sources: checkpoints.all(),
    chunks: database.prepare<[], ChunkProgress>(CHUNKS).all(),
    lease: checkpoints.lease(),
    paused: checkpoints.isPaused(),
    rejects: one(database, '(SELECT count(*) FROM merge_reject)'),
    waitingOperations: one(database, '(SELECT count(*) FROM message_ops)'),
    collisions: one(database, '(SELECT count(*) FROM message_collisions)'),
    chatMerges: one(database, '(SELECT count(*) FROM chat_merges)'),
    whatsmeowPending: one(database, "(SELECT count(*) FROM wm_history_queue WHERE status = 'pending')"),
    whatsmeowLost: one(database, "(SELECT count(*) FROM wm_history_queue WHERE status = 'lost')"),
    walBytes: statSync(`${database.name}-wal`, { throwIfNoEntry: false })?.size ?? 0,
  };
}

export interface Coverage {
  readonly chat_jid: string;
  readonly name: string | null;
  readonly messages: number;
  readonly oldest: number;
  readonly newest: number;
  /** complete, no_access, stalled, phone_offline, requested, or idle: never asked, or not to the end. */
  readonly state: string;
  readonly why: string | null;
  /** The longest silence in the chat, where it is out of proportion: something may be missing there. */
  readonly hole_from: number | null;
  readonly hole_to: number | null;
}

const DAY_MS = 86_400_000;
/** A silence this long, and so many times the usual distance of two messages, is worth a look. */
const LONG_SILENCE_MS = 30 * DAY_MS;
const OUT_OF_PROPORTION = 20;

const COVERAGE = `WITH spaced AS (
  SELECT chat_jid, timestamp, lag(timestamp) OVER (PARTITION BY chat_jid ORDER BY timestamp) AS before FROM messages
), spans AS (
  SELECT chat_jid, count(*) AS messages, min(timestamp) AS oldest, max(timestamp) AS newest, max(timestamp - before) AS longest FROM spaced GROUP BY chat_jid
)
SELECT p.chat_jid, c.name, p.messages, p.oldest, p.newest,
  CASE WHEN c.end_of_history = 1 THEN 'complete' WHEN c.end_of_history = 3 THEN 'no_access' ELSE coalesce(s.state, 'idle') END AS state,
  s.last_error AS why,
  iif(p.longest > @silence AND p.longest > @factor * (p.newest - p.oldest) / p.messages,
    (SELECT max(before) FROM spaced x WHERE x.chat_jid = p.chat_jid AND x.timestamp - x.before = p.longest), NULL) AS hole_from,
  p.longest
FROM spans p LEFT JOIN chats c ON c.jid = p.chat_jid LEFT JOIN sync_chat_state s ON s.chat_jid = p.chat_jid
ORDER BY p.newest DESC, p.chat_jid LIMIT @limit`;

/** Of each chat: how far back it goes, whether that is all, and where messages may be missing. */
export function readCoverage(database: Database, limit: number): Coverage[] {
  return database
    .prepare<[{ silence: number; factor: number; limit: number }], Omit<Coverage, 'hole_to'> & { longest: number | null }>(COVERAGE)
    .all({ silence: LONG_SILENCE_MS, factor: OUT_OF_PROPORTION, limit })
    .map(({ longest, ...row }) => ({ ...row, hole_to: row.hole_from === null ? null : row.hole_from + (longest ?? 0) }));
}
