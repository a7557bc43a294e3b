/** One merger per data folder: an exclusive transaction on a file of its own, which ends with the process however that dies. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';

export interface Lock extends Disposable {
  release(): void;
}

/** Takes the lock at that path, or answers undefined when another process (or another holder in this one) has it. */
export function takeLock(path: string): Lock | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new SqliteDatabase(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  const release = (): void => {
    database.close();
  };
  return { release, [Symbol.dispose]: release };
}
