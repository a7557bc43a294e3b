/** Notifications of history: noted before WhatsApp hears that they arrived, done when their chunk is staged. */
import type { BridgeStatus } from '@whatsapp-mcp/contract';
import { syncTypes } from '@whatsapp-mcp/contract';
import type { Staging } from './staging.ts';

export interface Notification {
  /** Stanza id of the message that carried it. */
  readonly messageId: string;
  /** HistorySyncNotification */
  readonly proto: Uint8Array;
  readonly syncType: number;
  readonly chunkOrder: number | undefined;
  readonly progress: number | undefined;
  /** peerDataRequestSessionId of an on-demand answer. */
  readonly sessionId: string | undefined;
}

export interface PendingNotification {
  readonly id: number;
  readonly proto: Buffer;
  readonly sync_type: number;
  readonly chunk_order: number | null;
  readonly progress: number | null;
  readonly session_id: string | null;
  readonly attempts: number;
  readonly next_attempt_at: number;
}

/** Names of HistorySyncNotification's types 0 to 6. The later ones (no history, access status) bring no chunk. */
export const syncTypeName = (type: number): string | undefined => (type >= 0 && type <= 6 ? syncTypes[type] : undefined);

/** Notes it; false where it was noted before. */
export function noteNotification(staging: Staging, notification: Notification, now: number): boolean {
  const { changes } = staging.db
    .prepare(
      'INSERT OR IGNORE INTO hs_notification (message_id, proto, sync_type, chunk_order, progress, session_id, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      notification.messageId,
      notification.proto,
      notification.syncType,
      notification.chunkOrder ?? null,
      notification.progress ?? null,
      notification.sessionId ?? null,
      now,
    );
  return changes > 0;
}

/** The pending notification that is due first. */
export function nextPending(staging: Staging): PendingNotification | undefined {
  return staging.db
    .prepare<[], PendingNotification>("SELECT * FROM hs_notification WHERE status = 'pending' ORDER BY next_attempt_at, id LIMIT 1")
    .get();
}

/** A download failed: it is due again at `nextAttemptAt`, or given up where that is undefined. */
export function noteFailure(staging: Staging, id: number, error: string, nextAttemptAt: number | undefined): void {
  staging.db
    .prepare('UPDATE hs_notification SET status = ?, attempts = attempts + 1, error = ?, next_attempt_at = ? WHERE id = ?')
    .run(nextAttemptAt === undefined ? 'failed' : 'pending', error.slice(0, 500), nextAttemptAt ?? 0, id);
}

export function countPending(staging: Staging): number {
  return countOf(staging, 'pending');
}

function countOf(staging: Staging, status: string): number {
  return staging.db.prepare<[string], number>('SELECT count(*) FROM hs_notification WHERE status = ?').pluck().get(status) ?? 0;
}

/** On-demand answers have orders of their own; in pushed history each type counts its chunks without holes. */
const GAPS = `
  SELECT coalesce(sum(highest - lowest + 1 - different), 0) FROM (
    SELECT min(chunk_order) AS lowest, max(chunk_order) AS highest, count(DISTINCT chunk_order) AS different
    FROM hs_notification WHERE chunk_order IS NOT NULL AND sync_type IN (0, 2, 3) GROUP BY sync_type)`;

const PROGRESS = `
  SELECT c.sync_type, count(*) AS chunks, max(c.progress) AS progress, max(c.received_at) AS last_chunk_at
  FROM chunk c WHERE c.notification_id IS NOT NULL GROUP BY c.sync_type ORDER BY c.sync_type`;

interface ProgressRow {
  readonly sync_type: string;
  readonly chunks: number;
  readonly progress: number | null;
  readonly last_chunk_at: number;
}

export function historyStatus(staging: Staging): BridgeStatus['history'] {
  const progress = staging.db.prepare<[], ProgressRow>(PROGRESS).all();
  return {
    source_uuid: staging.sourceUuid,
    last_seq: staging.lastSeq(),
    acknowledged_seq: staging.acknowledgedSeq(),
    staged_rows: staging.countRows(),
    pending_downloads: countPending(staging),
    failed_downloads: countOf(staging, 'failed'),
    chunk_gaps: staging.db.prepare<[], number>(GAPS).pluck().get() ?? 0,
    progress: progress.map(({ progress: reached, ...row }) => ({ ...row, ...(reached === null ? {} : { progress: Math.min(reached, 100) }) })),
  };
}
