import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MessageFilter, MessagePosition } from './message-filter.ts';
import { type MessageRow, messagePage, messagesByMid, nextMessages } from './message-rows.ts';
import { searchMessages } from './message-search.ts';
import { readsOf } from './reads.ts';
import { takeIndexRole } from './search-index.ts';
import { phrasesOf } from './search-query.ts';
import { SampleStore } from './testing/sample-store.ts';

const CHATS = ['4915100000001@s.whatsapp.net', '4915100000002@s.whatsapp.net', '120363000000000001@g.us', '999@lid'] as const;
const WORDS = ['alpha', 'beta', 'gamma'];

interface Known {
  readonly mid: number;
  readonly chat: string;
  readonly sender: string;
  readonly timestamp: number;
  readonly text: string;
  readonly gone: boolean;
  readonly image: boolean;
}

let store: SampleStore;
const known: Known[] = [];

beforeAll(() => {
  store = new SampleStore();
  CHATS.forEach((chat) => store.chat(chat));
  const pick = <Item>(items: readonly Item[], index: number): Item => items[Math.imul(index + 7, 2_654_435_761) % items.length] ?? (items[0] as Item);
  store.database.transaction(() => {
    for (let index = 0; index < 700; index += 1) {
      const chat = CHATS[(index * 7 + (index >> 3)) % CHATS.length] ?? CHATS[0];
      const sender = CHATS[(index * 5 + (index >> 2)) % 2] ?? CHATS[0];
      // Many messages share a time: ties are broken by the local number.
      const timestamp = 1_000_000 + ((index * 37) % 90) * 1000;
      const text = `${WORDS[index % 3]} ${pick(WORDS, index)}`;
      const [gone, image] = [index % 41 === 0, index % 6 === 0];
      const media = image ? { kind: 'image', media_type: 'image' } : {};
      const mid = store.insert('messages', { id: `R${index}`, chat_jid: chat, sender, content: text, timestamp, is_from_me: 0, kind: 'text', origin: 2, first_seen_at: 0, deleted_for_me_at: gone ? 1 : null, ...media });
      known.push({ mid, chat, sender, timestamp, text, gone, image });
      if (index === 500) indexAll();
    }
  })();
});
afterAll(() => store[Symbol.dispose]());

function indexAll(): void {
  using role = takeIndexRole({ database: store.database, lockPath: join(store.folder, 'index.lock'), owner: 'test', now: () => 0 });
  while (role?.step().upToDate === false);
}

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const filters: fc.Arbitrary<MessageFilter> = fc.record({
  chat: optional(fc.constantFrom(...CHATS)),
  sender: optional(fc.constantFrom(CHATS[0], CHATS[1])),
  type: optional(fc.constantFrom('image' as const, 'text' as const)),
  after: optional(fc.integer({ min: 990_000, max: 1_100_000 })),
  before: optional(fc.integer({ min: 990_000, max: 1_100_000 })),
});
const visibles = optional(fc.subarray([...CHATS]).map((chats): ReadonlySet<string> => new Set(chats)));
const limits = fc.integer({ min: 1, max: 200 });

/** What the queries should give, said plainly. */
function expected(filter: MessageFilter, visible: ReadonlySet<string> | undefined, word = ''): number[] {
  return known
    .filter((each) => !each.gone && (visible?.has(each.chat) ?? true) && each.text.split(' ').some((one) => word === '' || one === word))
    .filter((each) => filter.chat === undefined || each.chat === filter.chat)
    .filter((each) => filter.sender === undefined || each.sender === filter.sender)
    .filter((each) => filter.type === undefined || each.image === (filter.type === 'image'))
    .filter((each) => each.timestamp >= (filter.after ?? 0) && each.timestamp < (filter.before ?? Infinity))
    .toSorted((one, other) => other.timestamp - one.timestamp || other.mid - one.mid)
    .map(({ mid }) => mid);
}

/** All pages, each after the last row of the one before. */
function walked(page: (from: MessagePosition | undefined) => MessageRow[]): number[] {
  const mids: number[] = [];
  let from: MessagePosition | undefined;
  for (;;) {
    const rows = page(from);
    if (rows.length === 0) return mids;
    mids.push(...rows.map(({ mid }) => mid));
    from = rows.at(-1);
  }
}

test('pages of messages, put together, are all that match, once, newest first', () => {
  fc.assert(
    fc.property(filters, visibles, limits, (filter, visible, limit) => {
      const reads = readsOf(store.database, visible);
      expect(walked((from) => messagePage(reads, filter, { limit, from }))).toEqual(expected(filter, visible));
    }),
    { numRuns: 120 },
  );
});

test('pages of an export are the same, oldest first', () => {
  fc.assert(
    fc.property(filters, limits, (filter, limit) => {
      const reads = readsOf(store.database, undefined);
      expect(walked((from) => nextMessages(reads, filter, { limit, from }))).toEqual(expected(filter, undefined).toReversed());
    }),
    { numRuns: 60 },
  );
});

test('pages of a search are the same, though a part is not indexed yet', () => {
  fc.assert(
    fc.property(filters, visibles, limits, fc.constantFrom(...WORDS), (filter, visible, limit, word) => {
      const reads = readsOf(store.database, visible);
      const phrases = phrasesOf(`"${word}"`);
      const page = (from: MessagePosition | undefined) => messagesByMid(reads, searchMessages(reads, filter, { phrases, limit, from }).mids);
      expect(walked(page)).toEqual(expected(filter, visible, word));
    }),
    { numRuns: 120 },
  );
});

test('a page that is skipped to is the one that a cursor leads to', () => {
  fc.assert(
    fc.property(filters, visibles, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 5 }), (filter, visible, limit, number) => {
      const reads = readsOf(store.database, visible);
      const rows = messagePage(reads, filter, { limit, skip: number * limit });
      expect(rows.map(({ mid }) => mid)).toEqual(expected(filter, visible).slice(number * limit, (number + 1) * limit));
    }),
    { numRuns: 60 },
  );
});
