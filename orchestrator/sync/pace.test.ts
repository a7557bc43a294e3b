import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

test('after another has written, half of the time is theirs, until they have been quiet for long', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pace-'));
  const ours = new SqliteDatabase(join(folder, 'messages.db'));
  const theirs = new SqliteDatabase(join(folder, 'messages.db'));
  try {
    ours.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (k INTEGER)');
    const pace = createPace(ours, 500);
    const page = (): void => {
      ours.exec('INSERT INTO t VALUES (1)');
      pace.committed(60);
    };
    page();
    expect([pace.pauseMs(), pace.pageSize()]).toEqual([0, 500]);
    theirs.exec('INSERT INTO t VALUES (2)');
    page();
    expect([pace.pauseMs(), pace.pageSize()]).toEqual([60, 250]);
    for (let k = 0; k < 19; k += 1) page();
    expect([pace.pauseMs(), pace.pageSize()]).toEqual([60, 200]);
    page();
    expect([pace.pauseMs(), pace.pageSize()]).toEqual([0, 250]);
  } finally {
    theirs.close();
    ours.close();
    rmSync(folder, { recursive: true });
  }
});
