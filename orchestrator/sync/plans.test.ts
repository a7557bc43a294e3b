import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { queries, splitStatements, writes } from './statements.ts';
import { memoryStore } from './testing/store.ts';

const folder = new URL('../store/merge/', import.meta.resolve('@whatsapp-mcp/contract'));
const files = readdirSync(folder).map((file) => file.replace(/\.sql$/, ''));
const database = memoryStore();
afterAll(() => {
  database.close();
});

test('every shared file is one that is run here', () => {
  expect([...writes, ...queries].sort()).toEqual(files.sort());
});

/** Tables that grow with the account; reading one whole in each transaction would make every write slower than the last. */
const growing = ['messages', 'message_ops', 'reactions', 'receipts', 'poll_votes', 'message_edits', 'chat_events', 'contacts', 'contact_facts', 'jid_map', 'jid_aliases', 'group_participants', 'history_chunks'];

test.each(files)('%s finds its rows by index', (file) => {
  for (const sql of splitStatements(readFileSync(new URL(`${file}.sql`, folder), 'utf8'))) {
    const bare = sql.replaceAll(/'(?:[^']|'')*'|--[^\n]*/g, '');
    const names = [...bare.matchAll(/@([a-z_0-9]+)/g)].map(([, name = '']) => name);
    const aliases = [...bare.matchAll(/\b(?:FROM|JOIN)\s+(\w+)\s+(\w+)/g)].filter(([, table = '']) => growing.includes(table)).map(([, , alias = '']) => alias);
    const plan = database.prepare<[Record<string, null>], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(Object.fromEntries(names.map((name) => [name, null])));
    const scans = plan.map(({ detail }) => /^SCAN (\w+)(?! USING (?:COVERING )?INDEX message_ops_due)\b/.exec(detail)?.[1] ?? '').filter((name) => [...growing, ...aliases].includes(name));
    expect(scans, sql).toEqual([]);
  }
});
