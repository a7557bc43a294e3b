/**
 * The one writer of message_fts. It reads and folds outside any write transaction and stores in short batches, so that
 * the live writer waits a few milliseconds at most. One process has the role at a time: an SQLite lock file that a kill
 * releases, and an epoch in the lease that makes a writer who slept through a change of owner give up.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { FOLD_VERSION, type SearchableColumns, searchText } from './search-text.ts';

/** Messages in one transaction. */
const BATCH = 500;
/** Changed messages in one transaction; they are read inside it. */
const DIRTY_BATCH = 200;
const LEASE = 'search-index';

export interface IndexProgress {
  readonly indexed: number;
  /** Whether everything is indexed now. */
  readonly upToDate: boolean;
}

export interface IndexRole extends Disposable {
  /** Indexes one batch. Throws `LostRole` when another process has taken over. */
  step(): IndexProgress;
}

/** Another process has become the indexer. */
export class LostRole extends Error {
  override readonly name = 'LostRole';
}

export interface IndexRoleOptions {
  /** Connection that may write. */
  readonly database: Database.Database;
  /** files.indexLock in the data folder. */
  readonly lockPath: string;
  /** Who has the role, for people, such as "pid 4711". */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Takes the role of the indexer; undefined while another process has it. */
export function takeIndexRole({ database, lockPath, owner, now }: IndexRoleOptions): IndexRole | undefined {
  const lock = lockFile(lockPath);
  if (lock === undefined) return undefined;
  try {
    const epoch = raiseEpoch(database, owner, now());
    const index = createIndexer(database, epoch);
    return { step: index, [Symbol.dispose]: () => lock.close() };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function lockFile(path: string): Database.Database | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = new Database(path, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}

/** The lock says who may start; the epoch says whose batches count. It never expires: the lock file does that. */
function raiseEpoch(database: Database.Database, owner: string, now: number): number {
  const raise = database.prepare<[string, string, number], { epoch: number }>(
    `INSERT INTO lease (name, owner, epoch, expires_at) VALUES (?, ?, 1, ?)
     ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, epoch = epoch + 1, expires_at = excluded.expires_at RETURNING epoch`,
  );
  return database.transaction(() => raise.get(LEASE, owner, now)?.epoch ?? 0).immediate();
}

interface IndexedRow extends SearchableColumns {
  readonly mid: number;
}

function statementsOf(database: Database.Database) {
  return {
    epoch: database.prepare<[string], number>('SELECT epoch FROM lease WHERE name = ?').pluck(),
    state: database.prepare<[], { last_mid: number; fold_version: number }>('SELECT last_mid, fold_version FROM fts_state'),
    next: database.prepare<[number, number], IndexedRow>('SELECT mid, content, filename, payload FROM messages WHERE mid > ? ORDER BY mid LIMIT ?'),
    insert: database.prepare<[number, string]>('INSERT INTO message_fts (rowid, text) VALUES (?, ?)'),
    remove: database.prepare<[number]>('DELETE FROM message_fts WHERE rowid = ?'),
    move: database.prepare<[number]>('UPDATE fts_state SET last_mid = ?'),
    dirty: database.prepare<[number], number>('SELECT mid FROM fts_dirty LIMIT ?').pluck(),
    changed: database.prepare<[number], IndexedRow>('SELECT mid, content, filename, payload FROM messages WHERE mid = ?'),
    clean: database.prepare<[number]>('DELETE FROM fts_dirty WHERE mid = ?'),
    empty: database.prepare("INSERT INTO message_fts (message_fts) VALUES ('delete-all')"),
    restart: database.prepare<[number]>('UPDATE fts_state SET last_mid = 0, fold_version = ?'),
  };
}

function createIndexer(database: Database.Database, epoch: number): () => IndexProgress {
  const statements = statementsOf(database);
  const fenced = <Result>(work: () => Result): Result =>
    database
      .transaction(() => {
        const current = statements.epoch.get(LEASE);
        if (current !== epoch) throw new LostRole(`The search index belongs to epoch ${current} now, not to ${epoch}.`);
        return work();
      })
      .immediate();
  return () => {
    const state = statements.state.get() ?? { last_mid: 0, fold_version: 0 };
    if (state.fold_version !== FOLD_VERSION) fenced(() => rebuild(statements));
    const from = state.fold_version === FOLD_VERSION ? state.last_mid : 0;
    const folded = statements.next.all(from, BATCH).map((row) => [row.mid, searchText(row)] as const);
    if (folded.length > 0) fenced(() => store(statements, from, folded));
    if (folded.length === BATCH) return { indexed: BATCH, upToDate: false };
    const again = statements.dirty.get(1) === undefined ? 0 : fenced(() => storeChanged(statements));
    return { indexed: folded.length + again, upToDate: again < DIRTY_BATCH };
  };
}

type Statements = ReturnType<typeof statementsOf>;

function rebuild({ empty, restart }: Statements): void {
  empty.run();
  restart.run(FOLD_VERSION);
}

function store({ state, remove, insert, move }: Statements, from: number, folded: readonly (readonly [number, string])[]): void {
  if (state.get()?.last_mid !== from) throw new LostRole('Somebody else has moved the search index on.');
  for (const [mid, text] of folded) {
    // A number can come back: SQLite gives that of the last row again after it was deleted.
    remove.run(mid);
    if (text !== '') insert.run(mid, text);
  }
  move.run(folded.at(-1)?.[0] ?? from);
}

/** Messages that changed or went since they were indexed. Later ones than the index are left to it. */
function storeChanged({ state, dirty, changed, remove, insert, clean }: Statements): number {
  const lastMid = state.get()?.last_mid ?? 0;
  const mids = dirty.all(DIRTY_BATCH);
  for (const mid of mids) {
    remove.run(mid);
    const row = mid <= lastMid ? changed.get(mid) : undefined;
    const text = row === undefined ? '' : searchText(row);
    if (text !== '') insert.run(mid, text);
    clean.run(mid);
  }
  return mids.length;
}
