/** How this bridge opens its own SQLite files. */
import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';

export type Db = Database.Database;

/** Older versions can lose committed pages when two connections write and checkpoint at the same instant (sqlite.org/wal.html#walresetbug). */
const OLDEST = [3, 51, 3];

/** Opens or creates `file` (mode 0600) with durable commits, and brings it to the newest of `schema`: one script for each version. */
export function openDb(file: string, schema: readonly string[]): Db {
  const db = new Database(file, { timeout: 10_000 });
  try {
    chmodSync(file, 0o600);
    requireSafeVersion(db);
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('trusted_schema = OFF');
    db.pragma('journal_size_limit = 67108864');
    migrate(db, file, schema);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function requireSafeVersion(db: Db): void {
  const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  const numbers = version.split('.').map(Number);
  const difference = OLDEST.map((part, index) => (numbers[index] ?? 0) - part).find((part) => part !== 0) ?? 0;
  if (difference < 0) throw new Error(`SQLite ${version} can lose committed data; ${OLDEST.join('.')} or later is needed. Install the locked dependencies again.`);
}

function migrate(db: Db, file: string, schema: readonly string[]): void {
  db.transaction(() => {
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > schema.length) throw new Error(`${file} has version ${version}, this program knows ${schema.length}: it is the older one, update it.`);
    for (const script of schema.slice(version)) db.exec(script);
    db.pragma(`user_version = ${schema.length}`);
  }).immediate();
}
