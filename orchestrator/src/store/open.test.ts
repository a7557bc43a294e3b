import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMigrations, versionMismatch } from './migrations.ts';
import { openStore } from './open.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-'));
  path = join(folder, 'account', 'messages.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const edit = (sql: string): void => {
  const database = new SqliteDatabase(path);
  database.exec(sql);
  database.close();
};

test('a new database has every migration, is private, and syncs each commit', () => {
  const database = openStore(path, { mode: 'write', now: () => 5 });
  expect(database.pragma('user_version', { simple: true })).toBe(readMigrations().at(-1)?.version);
  expect(database.prepare('SELECT version, name, applied_at FROM schema_migrations').get()).toEqual({ version: 1, name: '0001_initial', applied_at: 5 });
  expect(['journal_mode', 'synchronous', 'foreign_keys', 'application_id'].map((name) => database.pragma(name, { simple: true }))).toEqual(['wal', 2, 1, 0x57_4d_44_42]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'account')).mode & 0o777).toBe(0o700);
  database.close();
});

test('a connection for reading makes the database where there is none, and writes nothing else', () => {
  const database = openStore(path, { mode: 'read' });
  expect(() => database.prepare("INSERT INTO meta VALUES ('a', 'b')").run()).toThrow(/readonly/);
  database.close();
});

test('a newer database, another build\'s and another program\'s are refused with the way out', () => {
  openStore(path, { mode: 'write' }).close();
  edit('PRAGMA user_version = 99');
  expect(() => openStore(path, { mode: 'read' })).toThrow(expect.objectContaining({ code: 'store_unavailable', details: versionMismatch, message: expect.stringContaining('Update this program') as string }) as Error);
  edit("PRAGMA user_version = 1; UPDATE schema_migrations SET checksum = 'other'");
  expect(() => openStore(path, { mode: 'write' })).toThrow(/another build/);
  rmSync(path);
  edit('CREATE TABLE messages (id TEXT)');
  expect(() => openStore(path, { mode: 'write' })).toThrow(/another program.*import lharries/);
});

test('what is no database, or cannot be opened, is named', () => {
  const junk = join(folder, 'junk.db');
  writeFileSync(junk, 'not a database, but long enough to be looked at'.repeat(50));
  expect(() => openStore(junk, { mode: 'write' })).toThrow(/not a database.*Restore a backup/);
  expect(() => openStore(folder, { mode: 'write' })).toThrow(/cannot be opened/);
});

test('processes that open a new database at the same time make it once', async () => {
  const program = `const { openStore } = await import(process.argv[1]); openStore(process.argv[2], { mode: 'write' }).close();`;
  const opener = (): Promise<number | null> => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, new URL('open.ts', import.meta.url).href, path], { stdio: ['ignore', 'ignore', 'inherit'] });
    return new Promise((resolve) => child.once('exit', resolve));
  };
  expect(await Promise.all(Array.from({ length: 4 }, opener))).toEqual([0, 0, 0, 0]);
  const database = openStore(path, { mode: 'read' });
  expect(database.prepare('SELECT count(*) AS n FROM schema_migrations').get()).toEqual({ n: readMigrations().length });
  database.close();
});
