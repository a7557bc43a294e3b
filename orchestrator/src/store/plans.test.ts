/** How SQLite answers the queries: over indexes, never through all messages, never counting rows away. */
import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activityQuery, chatsOfPerson } from './chats.ts';
import { matching } from './message-filter.ts';
import { messagesByMid, messagesWithId, neighboursOf, newestIncoming, nextMessages, pageQuery, visiblePageQuery } from './message-rows.ts';
import { hitsQuery, outsideQuery } from './message-search.ts';
import { readsOf } from './reads.ts';
import { phrasesOf } from './search-query.ts';
import { groupings, messageStatistics } from './statistics.ts';
import { localTime } from './local-time.ts';
import { SampleStore } from './testing/sample-store.ts';

let store: SampleStore;

beforeAll(() => {
  store = new SampleStore();
  store.database.transaction(() => {
    for (let chat = 0; chat < 20; chat += 1) store.chat(`${4_915_100_000_000 + chat}@s.whatsapp.net`);
    for (let index = 0; index < 4000; index += 1) {
      const chat = `${4_915_100_000_000 + (index % 20)}@s.whatsapp.net`;
      store.insert('messages', { id: `X${index}`, chat_jid: chat, sender: chat, content: `word ${index}`, timestamp: index * 1000, is_from_me: 0, kind: 'text', origin: 2, first_seen_at: 0 });
    }
  })();
});
afterAll(() => store[Symbol.dispose]());

interface Statement {
  readonly sql: string;
  readonly params: unknown[];
}

/** Plans of every statement that a function runs, seen at the connection. */
function plansOf(run: (database: Database) => void): string[] {
  const { database } = store;
  const plans: string[] = [];
  const watched = new Proxy(database, {
    get(target, property): unknown {
      if (property !== 'prepare') return Reflect.get(target, property, target);
      return (sql: string) => {
        plans.push(...planOf({ sql, params: Array.from({ length: sql.split('?').length - 1 }, () => '[]') }));
        return target.prepare(sql);
      };
    },
  });
  run(watched);
  return plans;
}

function planOf({ sql, params }: Statement): string[] {
  const rows = store.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params) as { detail: string }[];
  return rows.map(({ detail }) => detail);
}

const CHAT = '4915100000003@s.whatsapp.net';
const from = { timestamp: 2_000_000, mid: 2000 };
const reads = () => readsOf(store.database, undefined);
const limited = () => readsOf(store.database, new Set([CHAT]));

// PRAGMA optimize collects statistics sooner or later; the plans must not depend on them.
describe.each([
  ['without statistics', ''],
  ['with statistics', 'ANALYZE'],
])('%s', (_, command) => {
  beforeAll(() => {
    store.database.exec(command);
  });

  describe('a page of messages', () => {
    test.each([
      ['of everything', {}, 'messages_by_time'],
      ['of a chat', { chat: CHAT }, 'messages_by_chat'],
      ['of a person', { sender: CHAT }, 'messages_by_sender'],
      ['of a period', { after: 5, before: 10_000_000 }, 'messages_by_time'],
      ['of a chat in a period', { chat: CHAT, after: 5 }, 'messages_by_chat'],
    ])('%s walks its index from the cursor and sorts nothing', (_, filter, index) => {
      const plan = planOf(pageQuery(reads(), filter, { limit: 20, from }).toSQL());
      expect(plan[0]).toMatch(new RegExp(`^SEARCH messages USING INDEX ${index} \\(.*timestamp[<>]`));
      expect(plan.join('\n')).not.toMatch(/SCAN messages|TEMP B-TREE/);
    });

    test.each([
      ['of a chat', { chat: CHAT }, 'messages_by_chat'],
      ['of a person', { sender: CHAT }, 'messages_by_sender'],
    ])('%s keeps its index when not all chats may be seen', (_, filter, index) => {
      const plan = planOf(pageQuery(limited(), filter, { limit: 20, from }).toSQL());
      expect(plan[0]).toMatch(new RegExp(`^SEARCH messages USING INDEX ${index} \\(.*timestamp<`));
      expect(plan.join('\n')).not.toMatch(/TEMP B-TREE/);
    });

    test('of everything that may be seen seeks in each of those chats', () => {
      const plan = planOf(visiblePageQuery(limited(), new Set([CHAT]), { after: 5 }, { limit: 20, from }).toSQL()).join('\n');
      expect(plan).toMatch(/SEARCH each USING (COVERING )?INDEX messages_by_chat \(chat_jid=\? AND timestamp/);
      expect(plan).toMatch(/SEARCH messages USING INTEGER PRIMARY KEY/);
      expect(plan).not.toMatch(/SCAN (messages|each|near)/);
    });
  });

  describe('search', () => {
    test('reads the index, then its hits by number', () => {
      const plan = planOf(hitsQuery(reads(), {}, { phrases: phrasesOf('word'), limit: 20 }, 20).toSQL());
      expect(plan[0]).toMatch(/^SCAN message_fts VIRTUAL TABLE/);
      expect(plan[1]).toBe('SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)');
    });

    test('reads what is not indexed by number', () => {
      const plan = planOf(outsideQuery(reads(), matching(reads(), {})).toSQL()).join('\n');
      expect(plan).not.toMatch(/SCAN messages/);
      expect(plan).toMatch(/SEARCH late USING INTEGER PRIMARY KEY \(rowid>\?\)/);
    });
  });

  test.each([
    ['messages around others', (database: Database) => neighboursOf(readsOf(database, undefined), [5, 10], { before: 2, after: 2 })],
    ['messages by number', (database: Database) => messagesByMid(readsOf(database, undefined), [5, 10])],
    ['messages by id, in any chat', (database: Database) => messagesWithId(readsOf(database, undefined), 'X1')],
    ['messages by id in a chat', (database: Database) => messagesWithId(readsOf(database, undefined), 'X1', CHAT)],
    ['newest incoming messages of chats', (database: Database) => newestIncoming(readsOf(database, undefined), [CHAT], 3)],
    ['the next page of an export', (database: Database) => nextMessages(readsOf(database, undefined), { chat: CHAT }, { limit: 500, from })],
    ['chats of a person', (database: Database) => chatsOfPerson(readsOf(database, undefined), CHAT, { limit: 20 })],
  ] as const)('%s are found over an index', (_, run) => {
    const plan = plansOf(run);
    expect(plan.length).toBeGreaterThan(0);
    expect(plan.filter((step) => /SCAN (messages|hit|near|each|found|one|quoted)\b(?!.*VIRTUAL)/.test(step))).toEqual([]);
  });

  test.each([...groupings])('counting by %s reads indexes only', (grouping) => {
    const time = localTime('UTC');
    const plan = plansOf((database) => messageStatistics(readsOf(database, undefined), {}, grouping, { time, limit: 10 }));
    expect(plan.filter((step) => /SCAN messages(?! USING COVERING INDEX)/.test(step))).toEqual([]);
  });

  test('chats by activity walk their index', () => {
    const plan = planOf(activityQuery(reads(), { limit: 20, from: { time: 5, jid: CHAT } }).toSQL()).join('\n');
    expect(plan).toMatch(/USING INDEX chats_by_time/);
    expect(plan).not.toMatch(/TEMP B-TREE/);
  });
});
