/** The data folder of the account as this process holds it: lock, token and run file. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { files } from '@whatsapp-mcp/contract';

/** Another process serves this data folder; the process exits with 3. */
export class AlreadyRunning extends Error {}

export interface DataFolder {
  /** Absolute path of a file of contract/src/files.ts. */
  path(name: string): string;
  readonly token: string;
  /** Tells others where this bridge listens. */
  announce(port: number): void;
  /** Removes the run file and lets go of the lock. */
  close(): void;
}

export function openDataFolder(folder: string, now: () => number): DataFolder {
  const path = (name: string): string => join(folder, name);
  for (const directory of [folder, dirname(path(files.baileysRun))]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
  }
  const lock = takeLock(path(files.baileysLock), path(files.baileysRun));
  const startedAt = now();
  return {
    path,
    token: readOrMakeToken(path(files.token)),
    announce: (port) => {
      const target = path(files.baileysRun);
      const draft = `${target}.${process.pid}`;
      writeFileSync(draft, JSON.stringify({ bridge: 'baileys', pid: process.pid, port, started_at: startedAt }), { mode: 0o600 });
      renameSync(draft, target);
    },
    close: () => {
      rmSync(path(files.baileysRun), { force: true });
      lock.close();
    },
  };
}

/** An exclusive transaction that lasts as long as the process: a killed holder releases it at once. */
function takeLock(file: string, runFile: string): Database.Database {
  const lock = new Database(file, { timeout: 0 });
  try {
    chmodSync(file, 0o600);
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new AlreadyRunning(`Another Baileys bridge${holder(runFile)} serves this data folder. Stop it first, or choose another folder.`);
  }
}

function holder(runFile: string): string {
  try {
    const run = JSON.parse(readFileSync(runFile, 'utf8')) as { pid?: number; port?: number };
    return ` (pid ${run.pid ?? 'unknown'}, port ${run.port ?? 'unknown'})`;
  } catch {
    // It holds the lock, but has not written its run file yet.
    return '';
  }
}

function readOrMakeToken(file: string): string {
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const token = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(token)) throw new Error(`${file} does not hold a token (64 hex digits). Delete it; the next start makes a new one.`);
  return token;
}
