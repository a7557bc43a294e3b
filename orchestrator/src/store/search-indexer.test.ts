import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeIndexRole } from './search-index.ts';
import { runIndexer } from './search-indexer.ts';
import { SampleStore } from './testing/sample-store.ts';

let store: SampleStore;
beforeEach(() => {
  store = new SampleStore();
  store.chat('1@g.us');
});
afterEach(() => store[Symbol.dispose]());

const lockPath = () => join(store.folder, 'run', 'index.lock');

/** Runs until a round after which `done` is true; every round asks for the time. */
async function runUntil(done: () => boolean, database = () => store.database): Promise<unknown[]> {
  const ended = new AbortController();
  const errors: unknown[] = [];
  const now = () => {
    if (done()) ended.abort();
    return 0;
  };
  const onError = (error: unknown) => {
    errors.push(error);
    if (done()) ended.abort();
  };
  // An indexer's own timers keep no process alive, so the test does.
  const alive = setInterval(() => undefined, 1000);
  await runIndexer({ database, lockPath: lockPath(), owner: 'test', now, signal: ended.signal, onError, idleMs: 1, retryMs: 1 });
  clearInterval(alive);
  return errors;
}

const indexed = () => store.database.prepare<[], number>('SELECT last_mid FROM fts_state').pluck().get() ?? 0;

test('indexes what is there and what comes, and gives the role back when it is told to end', async () => {
  store.message({ chat: '1@g.us', text: 'one' });
  let later = false;
  await runUntil(() => {
    if (indexed() === 1 && !later) {
      later = true;
      store.message({ chat: '1@g.us', text: 'two' });
    }
    return indexed() === 2;
  });
  expect(indexed()).toBe(2);
  using role = takeIndexRole({ database: store.database, lockPath: lockPath(), owner: 'next', now: () => 0 });
  expect(role).toBeDefined();
});

test('waits while another has the role', async () => {
  store.message({ chat: '1@g.us', text: 'one' });
  let role = takeIndexRole({ database: store.database, lockPath: lockPath(), owner: 'first', now: () => 0 });
  let rounds = 0;
  await runUntil(
    () => indexed() === 1,
    () => {
      rounds += 1;
      if (rounds === 3) {
        role?.[Symbol.dispose]();
        role = undefined;
      }
      return store.database;
    },
  );
  expect(rounds).toBeGreaterThanOrEqual(3);
});

test('tells of a store that cannot be opened, and tries again', async () => {
  let tries = 0;
  const errors = await runUntil(
    () => indexed() === 1,
    () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      if (tries === 2) store.message({ chat: '1@g.us', text: 'one' });
      return store.database;
    },
  );
  expect(errors).toEqual([new Error('not yet')]);
});
