import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tokensOf } from './fold.ts';
import { messagesByMid } from './message-rows.ts';
import { searchMessages } from './message-search.ts';
import { readsOf } from './reads.ts';
import { LostRole, takeIndexRole } from './search-index.ts';
import { phrasesOf } from './search-query.ts';
import { anyText } from './testing/any-text.ts';
import { SampleStore } from './testing/sample-store.ts';

const ANNA = '4915100000001@s.whatsapp.net';
let store: SampleStore;

beforeEach(() => {
  store = new SampleStore();
  store.chat(ANNA);
});
afterEach(() => store[Symbol.dispose]());

function takeRole() {
  return takeIndexRole({ database: store.database, lockPath: join(store.folder, 'index.lock'), owner: 'test', now: () => 0 });
}

function indexAll(): void {
  using role = takeRole();
  while (role?.step().upToDate === false);
}

function found(query: string, visible?: ReadonlySet<string>): string[] {
  const reads = readsOf(store.database, visible);
  const { mids } = searchMessages(reads, {}, { phrases: phrasesOf(query), limit: 100 });
  return messagesByMid(reads, mids).map(({ id }) => id);
}

const samples: [string, string, string][] = [
  ['Latin with accents', 'Ontem o orçamento foi aprovado em São Paulo', 'ORCAMENTO'],
  ['Latin, the beginning of the last word', 'We meet at the restaurant', 'the restau'],
  ['German', 'Die Straße ist gesperrt', 'STRASSE'],
  ['Arabic without vowels', 'وصل أحمد مُتأخرًا إلى المدرسة', 'احمد متاخرا'],
  ['Hebrew with points', 'שָׁלוֹם לכולם', 'שלום'],
  ['Chinese word of two characters', '今天我们去北京吃饭', '北京'],
  ['Japanese', '明日の会議は東京です', '東京'],
  ['Japanese half-width', 'サーバーが落ちた', 'ｻｰﾊﾞｰ'],
  ['Korean', '내일 서울에서 만나요', '서울'],
  ['Thai', 'สวัสดีครับวันนี้อากาศดี', 'อากาศ'],
  ['Hindi', 'कल हिन्दी की परीक्षा है', 'हिन्दी'],
  ['Emoji', 'great job 👍🏽!', '👍'],
  ['Emoji that newer phones know', 'thanks 🫶', '🫶'],
  ['Flag', 'going to 🇯🇵 soon', '🇯🇵'],
  ['Exact phrase', 'see you at gate 12 tonight', '"gate 12"'],
  ['Hyphen', 'send an e-mail please', 'e-mail'],
];

describe.each(['indexed', 'not yet indexed'])('text that is %s', (state) => {
  test.each(samples)('%s', (_, text, query) => {
    store.message({ chat: ANNA, id: 'HIT', text });
    store.message({ chat: ANNA, id: 'OTHER', text: 'something else entirely 别的 غير' });
    if (state === 'indexed') indexAll();
    expect(found(query)).toEqual(['HIT']);
  });

  test.each([
    ['semana que vem', 'ana'],
    ['北方的京城', '北京'],
    ['हन दी', 'हिन्दी'],
    ['gate for 12', '"gate 12"'],
  ])('%s is not found by %s', (text, query) => {
    store.message({ chat: ANNA, text });
    if (state === 'indexed') indexAll();
    expect(found(query)).toEqual([]);
  });
});

test('names of files and words of polls, places and cards are found', () => {
  store.message({ chat: ANNA, id: 'FILE', text: null, more: { kind: 'document', filename: 'Rechnung März.pdf' } });
  store.message({ chat: ANNA, id: 'POLL', text: null, more: { kind: 'poll', payload: '{"question":"Pizza?","options":["Margherita","Funghi"],"enc_key":"funghi2"}' } });
  indexAll();
  expect(found('marz')).toEqual(['FILE']);
  expect(found('margherita')).toEqual(['POLL']);
  expect(found('funghi2')).toEqual([]);
});

test('every word of any text is found by itself', () => {
  let count = 0;
  fc.assert(
    fc.property(fc.oneof(anyText(30), fc.string({ unit: 'grapheme', maxLength: 30 })), (text) => {
      const id = `P${count++}`;
      store.message({ chat: ANNA, id, text });
      if (count % 7 === 0) indexAll();
      const words = text.split(/[\s"“”„]+/u).filter((word) => tokensOf(word).length > 0);
      for (const word of words.slice(0, 5)) expect(found(word)).toContain(id);
    }),
    { numRuns: 150 },
  );
});

test('no query is an error, whatever FTS5 would make of it', () => {
  store.message({ chat: ANNA, text: 'hello world' });
  indexAll();
  const syntax = fc.constantFrom('"', '*', '(', ')', 'AND', 'OR', 'NOT', 'NEAR(', '^', ':', '-', '%', '_', '{', '}', 'text', "'", ';', '\\', '\0');
  fc.assert(
    fc.property(fc.array(fc.oneof(syntax, anyText(3)), { maxLength: 12 }), (parts) => {
      const phrases = phrasesOf(parts.join(' '));
      if (phrases.length > 0) expect(Array.isArray(found(parts.join(' ')))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('an edit is found by its new text and not by its old one, before and after it is indexed', () => {
  const mid = store.message({ chat: ANNA, id: 'E', text: 'old words' });
  indexAll();
  store.database.prepare('UPDATE messages SET content = ? WHERE mid = ?').run('new words', mid);
  expect([found('old'), found('new')]).toEqual([[], ['E']]);
  indexAll();
  expect([found('old'), found('new')]).toEqual([[], ['E']]);
  expect(store.database.prepare('SELECT count(*) FROM fts_dirty').pluck().get()).toBe(0);
});

test('what was deleted, revoked, or deleted for me is not found', () => {
  for (const id of ['A', 'B', 'C', 'D']) store.message({ chat: ANNA, id, text: 'secret plan' });
  indexAll();
  store.database.exec("DELETE FROM messages WHERE id = 'D'; UPDATE messages SET revoked = 1 WHERE id = 'B'; UPDATE messages SET deleted_for_me_at = 1 WHERE id = 'C'");
  expect(found('secret')).toEqual(['A']);
  const again = store.message({ chat: ANNA, id: 'NEW', text: 'something new' });
  expect(again).toBe(4);
  indexAll();
  expect([found('secret'), found('something')]).toEqual([['A'], ['NEW']]);
});

test('only chats that may be seen are searched', () => {
  const other = store.chat('4915100000002@s.whatsapp.net');
  store.message({ chat: ANNA, id: 'A', text: 'shared word' });
  store.message({ chat: other, id: 'B', text: 'shared word' });
  indexAll();
  expect(found('shared', new Set([other]))).toEqual(['B']);
  expect(found('shared', new Set())).toEqual([]);
});

test('results are newest first and go on after a position', () => {
  for (let index = 0; index < 30; index += 1) store.message({ chat: ANNA, id: `N${index}`, text: `note ${index}`, at: 1_000_000 + (index % 10) });
  indexAll();
  const reads = readsOf(store.database, undefined);
  const seen: string[] = [];
  let from: { timestamp: number; mid: number } | undefined;
  for (let page = 0; page < 4; page += 1) {
    const { mids } = searchMessages(reads, {}, { phrases: phrasesOf('note'), limit: 10, from });
    const rows = messagesByMid(reads, mids);
    seen.push(...rows.map(({ id }) => id));
    from = rows.at(-1);
  }
  expect(new Set(seen).size).toBe(30);
  expect(seen).toHaveLength(30);
});

describe('the role of the indexer', () => {
  test('one has it at a time', () => {
    using first = takeRole();
    expect(first).toBeDefined();
    expect(takeRole()).toBeUndefined();
  });

  test('one who slept through a change of owner cannot write', () => {
    using role = takeRole();
    store.message({ chat: ANNA, text: 'late' });
    store.database.exec("UPDATE lease SET epoch = epoch + 1 WHERE name = 'search-index'");
    expect(() => role?.step()).toThrow(LostRole);
    expect(store.database.prepare('SELECT last_mid FROM fts_state').pluck().get()).toBe(0);
  });

  test('another version of folding indexes everything anew', () => {
    store.message({ chat: ANNA, id: 'A', text: 'again' });
    indexAll();
    store.database.exec('UPDATE fts_state SET fold_version = 0');
    indexAll();
    expect(found('again')).toEqual(['A']);
    expect(store.database.prepare("SELECT count(*) FROM message_fts WHERE message_fts MATCH 'again'").pluck().get()).toBe(1);
  });

  test('the index agrees with itself after many batches', () => {
    store.database.transaction(() => {
      for (let index = 0; index < 2500; index += 1) store.insert('messages', { id: `B${index}`, chat_jid: ANNA, content: `word${index} 北京`, timestamp: index, is_from_me: 0, kind: 'text', origin: 2, first_seen_at: 0 });
    })();
    indexAll();
    store.database.exec("INSERT INTO message_fts (message_fts) VALUES ('integrity-check')");
    expect(found('word2499')).toEqual(['B2499']);
    expect(found('北京')).toHaveLength(100);
  });
});

test('a word that thousands of messages hold is found the same way as others, newest first', () => {
  store.database.transaction(() => {
    for (let index = 0; index < 6000; index += 1) {
      const content = index % 500 === 499 || index < 3500 ? 'common word' : 'nothing';
      store.insert('messages', { id: `C${index}`, chat_jid: ANNA, content, timestamp: index, is_from_me: 0, kind: 'text', origin: 2, first_seen_at: 0 });
    }
  })();
  indexAll();
  store.database.exec("UPDATE messages SET content = 'gone' WHERE id = 'C5999'; UPDATE messages SET revoked = 1 WHERE id = 'C5499'");
  store.message({ chat: ANNA, id: 'LAST', text: 'common', at: 7000 });
  const expected = ['LAST', 'C4999', 'C4499', 'C3999', ...Array.from({ length: 96 }, (_, index) => `C${3499 - index}`)];
  expect(found('common')).toEqual(expected);
  const reads = readsOf(store.database, undefined);
  // Few enough to be met on the walk, and so many that sorting takes over.
  for (const limit of [3, 50]) {
    const { mids } = searchMessages(reads, {}, { phrases: phrasesOf('common'), limit });
    expect(messagesByMid(reads, mids).map(({ id }) => id)).toEqual(expected.slice(0, limit));
  }
});
