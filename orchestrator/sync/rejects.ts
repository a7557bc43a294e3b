/** Staged rows that were set aside: to be looked at, and to be tried again after an update. */
import { StagedRow } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { createApplier } from './apply.ts';

export interface Reject {
  readonly source_uuid: string;
  readonly seq: number;
  readonly error: string;
  readonly at: number;
}

interface Kept {
  readonly source_uuid: string;
  readonly seq: number;
  readonly record: string;
}

/** Oldest first. */
export const listRejects = (database: Database, limit: number): Reject[] =>
  database.prepare<[number], Reject>('SELECT source_uuid, seq, error, at FROM merge_reject ORDER BY at, seq LIMIT ?').all(limit);

const BATCH = 200;

/** Merges again what can be merged by now. What the bridge could not read stays: it comes back by a rescan after an update. */
export function retryRejects(database: Database, now: number): { readonly merged: number; readonly left: number } {
  const next = database.prepare<[string, string, number, number], Kept>(
    'SELECT source_uuid, seq, record FROM merge_reject WHERE (source_uuid > ? OR (source_uuid = ? AND seq > ?)) ORDER BY source_uuid, seq LIMIT ?',
  );
  const remove = database.prepare('DELETE FROM merge_reject WHERE source_uuid = ? AND seq = ?');
  const applier = createApplier(database);
  const retry = database.transaction((batch: readonly Kept[]) => {
    const merged = batch.filter((kept) => {
      const parsed = StagedRow.safeParse(JSON.parse(kept.record));
      return parsed.success && applier.apply([parsed.data], { now, sourceUuid: kept.source_uuid }).rejected.length === 0;
    });
    for (const kept of merged) remove.run(kept.source_uuid, kept.seq);
    return merged.length;
  });
  let merged = 0;
  let [uuid, seq] = ['', 0];
  for (;;) {
    const batch = next.all(uuid, uuid, seq, BATCH);
    const last = batch.at(-1);
    if (last === undefined) break;
    merged += retry.immediate(batch);
    [uuid, seq] = [last.source_uuid, last.seq];
  }
  return { merged, left: database.prepare<[], { n: number }>('SELECT count(*) AS n FROM merge_reject').get()?.n ?? 0 };
}
