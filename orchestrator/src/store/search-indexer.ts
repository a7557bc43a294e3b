/** Keeps the search index up to date while an orchestrator runs; of several, the one that has the role does it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { type IndexRole, type IndexRoleOptions, LostRole, takeIndexRole } from './search-index.ts';

export interface IndexerOptions extends Omit<IndexRoleOptions, 'database'> {
  /** Connection that may write; asked for in each round, so that a store that cannot be opened yet is tried again. */
  readonly database: () => Database;
  readonly signal: AbortSignal;
  /** An unexpected error of one round; the next round starts after `retryMs`. */
  readonly onError: (error: unknown) => void;
  /** Pause when everything is indexed: searches fold what is newer themselves, so this is no delay for anybody. */
  readonly idleMs?: number;
  /** Pause before the role is tried again. */
  readonly retryMs?: number;
}

/** Ends when the signal aborts, with the role given back. */
export async function runIndexer(options: IndexerOptions): Promise<void> {
  const { signal, onError, retryMs = 5000 } = options;
  while (!signal.aborted) {
    try {
      await indexWithRole(options);
    } catch (error) {
      if (!(error instanceof LostRole)) onError(error);
    }
    await pause(retryMs, signal);
  }
}

/** Does nothing while another process has the role. (No `using`: Node 22 cannot read it.) */
async function indexWithRole(options: IndexerOptions): Promise<void> {
  const role = takeIndexRole({ ...options, database: options.database() });
  try {
    if (role !== undefined) await indexUntil(role, options);
  } finally {
    role?.[Symbol.dispose]();
  }
}

async function indexUntil(role: IndexRole, { signal, idleMs = 1000, now }: IndexerOptions): Promise<void> {
  while (!signal.aborted) {
    const started = now();
    const { upToDate } = role.step();
    // Half of the time belongs to whoever else writes, and to this process' other work.
    await pause(upToDate ? idleMs : Math.max(1, now() - started), signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // An unreferenced timer: the index never keeps a process alive.
  await wait(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
