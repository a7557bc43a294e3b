/** A staging database of the torture: rows as JSON in a file, with sequence numbers that never come again. */
import type { StagedRow } from '@whatsapp-mcp/contract';
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import type { StagedSource } from '../engine.ts';

const UUID = 'torture';

/** The caller closes it. */
export function openStaging(path: string): Database {
  const database = new SqliteDatabase(path, { timeout: 10_000 });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(
    'CREATE TABLE IF NOT EXISTS staged (seq INTEGER PRIMARY KEY AUTOINCREMENT, row TEXT NOT NULL) STRICT; CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 1), next INTEGER NOT NULL) STRICT; INSERT INTO progress VALUES (1, 0) ON CONFLICT DO NOTHING',
  );
  return database;
}

export const stagedNext = (database: Database): number => database.prepare<[], { next: number }>('SELECT next FROM progress').get()?.next ?? 0;

/** One chunk and how far the importer has come, in one transaction. */
export function stage(database: Database, rows: readonly Omit<StagedRow, 'seq'>[], next: number): void {
  const insert = database.prepare('INSERT INTO staged (row) VALUES (?)');
  const save = database.transaction(() => {
    for (const row of rows) insert.run(JSON.stringify(row));
    database.prepare('UPDATE progress SET next = ?').run(next);
  });
  save.immediate();
}

export interface Mischief {
  /**
   * Deletes a page as soon as it is read, before anybody has merged it: what must never be done, so that the torture can
   * show that it would notice.
   */
  readonly acknowledgeFirst: boolean;
  /** Runs where a crash hurts most: when a page is read, and when it is committed but not acknowledged. */
  readonly crash: () => void;
}

export function stagingSource(database: Database, { acknowledgeFirst, crash }: Mischief): StagedSource {
  const page = database.prepare<[number, number], { seq: number; row: string }>('SELECT seq, row FROM staged WHERE seq > ? ORDER BY seq LIMIT ?');
  const last = database.prepare<[], { seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM sqlite_sequence WHERE name = 'staged'");
  const remove = database.prepare('DELETE FROM staged WHERE seq <= ?');
  const acknowledge = (seq: number): unknown => database.transaction(() => remove.run(seq)).immediate();
  return {
    page: async (afterSeq, limit) => {
      const rows = page.all(afterSeq, limit).map(({ seq, row }) => ({ ...(JSON.parse(row) as StagedRow), seq }));
      if (acknowledgeFirst && rows.length > 0) acknowledge(rows.at(-1)?.seq ?? 0);
      if (rows.length > 0) crash();
      return { source_uuid: UUID, rows, last_seq: last.get()?.seq ?? 0 };
    },
    acknowledge: async (_uuid, seq) => {
      crash();
      acknowledge(seq);
    },
  };
}
