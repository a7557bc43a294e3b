import type { StagedRow } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { dump } from './testing/dump.ts';
import { anyRow, mappings, messageRow, opRow } from './testing/facts.ts';
import { memoryStore, tell } from './testing/store.ts';

const opened: Database[] = [];
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
});

function newStore(): Database {
  const database = memoryStore();
  opened.push(database);
  return database;
}

const shuffled = (rows: readonly StagedRow[]): fc.Arbitrary<StagedRow[]> => fc.shuffledSubarray([...rows], { minLength: rows.length, maxLength: rows.length });
const pages = fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 12 });

function sameInAnyOrder(rows: fc.Arbitrary<StagedRow[]>, runs: number): void {
  const telling = rows.chain((first) => fc.record({ first: fc.constant(first), second: shuffled(first), firstPages: pages, secondPages: pages }));
  fc.assert(
    fc.property(telling, ({ first, second, firstPages, secondPages }) => {
      const one = newStore();
      const other = newStore();
      tell(one, first, firstPages);
      tell(other, second, secondPages);
      expect(dump(other)).toEqual(dump(one));
      opened.splice(0).forEach((database) => database.close());
    }),
    { numRuns: runs },
  );
}

describe('any order of arrival gives the same database', () => {
  test('when every mapping is told at some time', () => {
    sameInAnyOrder(fc.array(anyRow, { maxLength: 40 }).map((rows) => [...rows, ...mappings]), 120);
  });

  test('when some mappings never come', () => {
    sameInAnyOrder(fc.tuple(fc.array(fc.oneof(messageRow, opRow), { maxLength: 25 }), fc.subarray([...mappings])).map(([rows, some]) => [...rows, ...some]), 80);
  });

  test('when everything is told twice, interleaved', () => {
    sameInAnyOrder(fc.array(anyRow, { maxLength: 20 }).map((rows) => [...rows, ...mappings, ...rows]), 50);
  });
});

test('telling everything again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 40 }), (rows) => {
      const database = newStore();
      tell(database, rows, [7, 7, 7]);
      const before = dump(database);
      const again = tell(database, rows);
      expect(dump(database)).toEqual(before);
      expect(again.map(({ tally }) => tally.inserted)).toEqual(again.map(() => 0));
      opened.splice(0).forEach((each) => each.close());
    }),
    { numRuns: 60 },
  );
});

test('with every mapping told, each message is there once, under one chat and one sender', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(messageRow, opRow), { maxLength: 60 }).chain((rows) => shuffled([...rows, ...mappings])), pages, (rows, sizes) => {
      const database = newStore();
      const applied = tell(database, rows, sizes);
      expect(applied.flatMap(({ rejected }) => rejected)).toEqual([]);
      const ids = new Set(rows.flatMap(({ message }) => (message ? [message.id] : [])));
      const stored = database.prepare<[], { id: string; id_ns: string; chat_jid: string; sender: string | null }>('SELECT id, id_ns, chat_jid, sender FROM messages').all();
      expect(stored.map(({ id }) => id).sort()).toEqual([...ids].sort());
      const lids = stored.flatMap(({ chat_jid, sender }) => [chat_jid, sender]).filter((jid) => jid?.endsWith('@lid') === true && jid !== '9003@lid');
      expect(lids).toEqual([]);
      expect(stored.filter(({ id_ns }) => id_ns !== '')).toEqual([]);
      opened.splice(0).forEach((each) => each.close());
    }),
    { numRuns: 60 },
  );
});
