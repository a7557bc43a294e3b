/**
 * One supervisor per data folder. The lock is an exclusive transaction on an SQLite file: it ends with the process that
 * holds it, however that dies.
 */
import Database from 'better-sqlite3';
import type { Layout } from './layout.ts';
import { pathIn } from './layout.ts';

export interface SupervisorLock {
  release(): void;
}

/** Takes the lock, or answers undefined when another process holds it. */
export function takeSupervisorLock(layout: Layout): SupervisorLock | undefined {
  const database = new Database(pathIn(layout, 'supervisorLock'), { timeout: 0 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}

/** Whether a supervisor of this data folder is alive. */
export function supervisorAlive(layout: Layout): boolean {
  const lock = takeSupervisorLock(layout);
  lock?.release();
  return lock === undefined;
}
