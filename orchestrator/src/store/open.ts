/** Opens messages.db the one way that all processes agree on; bridges/contract/store/README.md says why each setting is so. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '@whatsapp-mcp/contract';
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { checkVersion, migrate, readMigrations } from './migrations.ts';

export interface OpenOptions {
  /** read: no statement on this connection changes anything. */
  readonly mode: 'read' | 'write';
  /** Wall clock, ms; for the record of migrations. */
  readonly now?: () => number;
}

const BUSY_TIMEOUT_MS = 10_000;
const MAX_WAL_BYTES = 64 * 1024 * 1024;
/** Older ones can lose committed pages when two connections write and checkpoint at once (sqlite.org/wal.html#walresetbug). */
const OLDEST_SQLITE = [3, 51, 3] as const;

/**
 * Opens messages.db, makes it where there is none, and brings its schema up to date. The caller closes it.
 * Throws Failure `store_unavailable`, whose message says what to do.
 */
export function openStore(path: string, { mode, now = Date.now }: OpenOptions): Database {
  const migrations = readMigrations();
  const database = guarded(path, () => connect(path));
  try {
    return guarded(path, () => {
      if (checkVersion(database, migrations) < (migrations.at(-1)?.version ?? 0)) migrate(database, migrations, now());
      if (mode === 'read') database.pragma('query_only = ON');
      return database;
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

function connect(path: string): Database {
  makePrivateFile(path);
  const database = new SqliteDatabase(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    assertSqliteVersion(database);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('temp_store = MEMORY');
    database.pragma('trusted_schema = OFF');
    database.pragma(`journal_size_limit = ${MAX_WAL_BYTES}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Only where there is none: closing a second descriptor of an open database would drop this process's locks on it. */
function makePrivateFile(path: string): void {
  if (path === ':memory:') return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function assertSqliteVersion(database: Database): void {
  const { version } = database.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get() ?? { version: '0' };
  const parts = version.split('.').map(Number);
  const older = OLDEST_SQLITE.map((least, index) => (parts[index] ?? 0) - least).find((difference) => difference !== 0) ?? 0;
  if (older < 0) throw new Failure('store_unavailable', `This program runs with SQLite ${version}, which can lose messages; it needs ${OLDEST_SQLITE.join('.')} or later. Run "make setup".`);
}

const advice: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'The disk is full. Free some space; nothing is lost.',
  SQLITE_READONLY: 'The file cannot be written. Check its owner and mode.',
  SQLITE_CANTOPEN: 'The file cannot be opened. Check the data folder and its mode.',
  SQLITE_BUSY: 'Another process has been writing for longer than ten seconds. Try again.',
  SQLITE_NOTADB: 'The file is not a database. Restore a backup, or move it away.',
  SQLITE_CORRUPT: 'The file is damaged. Restore a backup, or move it away and let history fill a new one.',
  SQLITE_IOERR: 'The disk does not answer. Check it.',
  EACCES: 'Check the owner and the mode of the data folder.',
  EROFS: 'The data folder is on a read-only disk.',
  ENOSPC: 'The disk is full. Free some space; nothing is lost.',
};

/** Turns an error of SQLite or of the file system into a named failure; anything else is a defect and stays what it is. */
export function storeFailure(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const known = Object.keys(advice).find((prefix) => code.startsWith(prefix));
  return known === undefined ? error : new Failure('store_unavailable', `${path}: ${error.message} (${code}). ${advice[known] ?? ''}`);
}

function guarded<Result>(path: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw storeFailure(path, error);
  }
}
