/** Looks whether everything that was ever merged is still there, and whether the database is sound. */
import type { Database } from 'better-sqlite3';
import { createCheckpoints } from './checkpoint.ts';
import type { StagedSource } from './engine.ts';

export interface Verification {
  readonly sound: boolean;
  /** What integrity_check, the foreign keys and the search index say where something is wrong. */
  readonly defects: readonly string[];
  /** Staged messages that were compared, and those of them that are not in messages.db: lost. */
  readonly compared: number;
  readonly missing: readonly { readonly seq: number; readonly chat: string; readonly id: string }[];
  readonly missingCount: number;
  /** Sequence numbers that are neither staged any more nor were ever acknowledged. */
  readonly vanished: number;
}

const MOST_NAMED = 100;
const PAGE = 1_000;

/** Without a source (the bridge is down) only the database itself is looked at. */
export async function verify(database: Database, source: StagedSource | undefined, signal: AbortSignal): Promise<Verification> {
  const defects = [...integrity(database), ...searchIndex(database)];
  const compared = source === undefined ? { compared: 0, missing: [], missingCount: 0, vanished: 0 } : await compare(database, source, signal);
  return { sound: defects.length === 0 && compared.missingCount === 0 && compared.vanished === 0, defects, ...compared };
}

function integrity(database: Database): string[] {
  const rows = database.pragma('integrity_check(100)') as { integrity_check: string }[];
  const foreign = database.pragma('foreign_key_check') as { table: string; rowid: number }[];
  return [
    ...rows.map(({ integrity_check: text }) => text).filter((text) => text !== 'ok'),
    ...foreign.slice(0, MOST_NAMED).map(({ table, rowid }) => `${table} row ${rowid} names a message that is not there`),
  ];
}

function searchIndex(database: Database): string[] {
  try {
    database.exec("INSERT INTO message_fts (message_fts) VALUES ('integrity-check')");
    return [];
  } catch (error) {
    return [`search index: ${(error as Error).message}`];
  }
}

type Comparison = Pick<Verification, 'compared' | 'missing' | 'missingCount' | 'vanished'>;

async function compare(database: Database, source: StagedSource, signal: AbortSignal): Promise<Comparison> {
  const stored = database.prepare<[string, string, string], { mid: number }>(
    'SELECT mid FROM messages WHERE chat_jid = coalesce((SELECT jid FROM jid_aliases WHERE alias = ?), ?) AND id = ? LIMIT 1',
  );
  const rejected = database.prepare<[string, number], { seq: number }>('SELECT seq FROM merge_reject WHERE source_uuid = ? AND seq = ?');
  const checkpoints = createCheckpoints(database);
  const missing: { seq: number; chat: string; id: string }[] = [];
  let [seq, compared, missingCount, vanished] = [0, 0, 0, 0];
  for (;;) {
    const page = await source.page(seq, PAGE, signal);
    const { last_seq: mergedTo = 0, acknowledged_seq: acknowledged = 0 } = checkpoints.get(page.source_uuid) ?? {};
    const merged = page.rows.filter((row) => row.seq <= mergedTo);
    for (const row of merged) {
      vanished += Math.max(0, row.seq - 1 - Math.max(seq, acknowledged));
      seq = row.seq;
      if (row.message === undefined) continue;
      compared += 1;
      const { chat, id } = row.message;
      if (stored.get(chat, chat, id) !== undefined || rejected.get(page.source_uuid, row.seq) !== undefined) continue;
      missingCount += 1;
      if (missing.length < MOST_NAMED) missing.push({ seq, chat, id });
    }
    if (merged.length < page.rows.length || page.rows.length === 0) return { compared, missing, missingCount, vanished };
  }
}
