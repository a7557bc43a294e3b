import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NOW } from '../testing/facts.ts';
import { history, memoryStore, tell } from '../testing/store.ts';
import { importLharries } from './lharries.ts';
import { senderOf, timeOf } from './lharries-row.ts';

const T = Date.UTC(2024, 4, 1, 8, 0, 0);

test.each<[string | number, number | undefined]>([
  ['2024-05-01 10:00:00+02:00', T],
  ['2024-05-01 08:00:00 +0000 UTC', T],
  ['2024-05-01 10:00:00 +0200 CEST', T],
  ['2024-05-01T08:00:00Z', T],
  ['2024-05-01 08:00:00.25', T + 250],
  [T / 1_000, T],
  [T, T],
  ['yesterday', undefined],
])('the time %s', (text, expected) => {
  expect(timeOf(text)).toBe(expected);
});

test.each<[string | null, string | undefined]>([
  ['15550001', '15550001@s.whatsapp.net'],
  ['15550001@s.whatsapp.net', '15550001@s.whatsapp.net'],
  ['15550001:17@s.whatsapp.net', '15550001@s.whatsapp.net'],
  ['9001', '9001@lid'],
  ['123456789012345', '123456789012345@lid'],
  ['', undefined],
  [null, undefined],
])('the sender %s', (text, expected) => {
  expect(senderOf(text, new Set(['9001']))).toBe(expected);
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lharries-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function sourceDatabase(): string {
  const path = join(folder, 'messages.db');
  const source = new SqliteDatabase(path);
  source.exec(`CREATE TABLE chats (jid TEXT PRIMARY KEY, name TEXT, last_message_time TIMESTAMP);
    CREATE TABLE messages (id TEXT, chat_jid TEXT, sender TEXT, content TEXT, timestamp TIMESTAMP, is_from_me BOOLEAN, media_type TEXT, filename TEXT,
      url TEXT, media_key BLOB, file_sha256 BLOB, file_enc_sha256 BLOB, file_length INTEGER, PRIMARY KEY (id, chat_jid));
    INSERT INTO chats VALUES ('15550001@s.whatsapp.net', 'Ann', '2024-05-01 10:00:00+02:00'), ('120363000000000001@g.us', '120363000000000001', NULL);
    INSERT INTO messages VALUES
      ('A', '15550001@s.whatsapp.net', '15550001', 'hello', '2024-05-01 10:00:00+02:00', 0, '', '', '', NULL, NULL, NULL, 0),
      ('B', '120363000000000001@g.us', '15550002@s.whatsapp.net', '', '2024-05-01 08:00:01 +0000 UTC', 0, 'image', 'image_20240501_100001.jpg', 'https://mmg.whatsapp.net/v/t1?ccb=1', x'0102', x'03', x'04', 9),
      ('C', '9001@lid', '9001', 'by lid', '2024-05-01T08:00:02Z', 1, '', '', '', NULL, NULL, NULL, 0),
      ('D', '15550001@s.whatsapp.net', '15550001', 'when?', 'yesterday', 0, '', '', '', NULL, NULL, NULL, 0);`);
  source.close();
  const session = new SqliteDatabase(join(folder, 'whatsapp.db'));
  session.exec("CREATE TABLE whatsmeow_lid_map (lid TEXT PRIMARY KEY, pn TEXT UNIQUE); INSERT INTO whatsmeow_lid_map VALUES ('9001', '15550001')");
  session.close();
  return path;
}

test('a database is taken over once, however often; history fills what it lacked', () => {
  const path = sourceDatabase();
  const database = memoryStore();
  try {
    expect(importLharries(database, { path, now: NOW, dryRun: true })).toMatchObject({ messages: 3, inserted: 0, skipped: 1 });
    expect(database.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({ n: 0 });
    const result = importLharries(database, { path, now: NOW, dryRun: false });
    expect(result).toMatchObject({ messages: 3, chats: 2, mappings: 1, inserted: 3, known: 0, skipped: 1, problems: [expect.stringContaining('"yesterday" is not a time')] });
    expect(importLharries(database, { path, now: NOW, dryRun: false })).toMatchObject({ inserted: 0, known: 3 });
    expect(database.prepare('SELECT id, chat_jid, sender, content, timestamp, kind, direct_path, filename, origin FROM messages ORDER BY id').all()).toEqual([
      { id: 'A', chat_jid: '15550001@s.whatsapp.net', sender: '15550001@s.whatsapp.net', content: 'hello', timestamp: T, kind: 'text', direct_path: null, filename: null, origin: 4 },
      { id: 'B', chat_jid: '120363000000000001@g.us', sender: '15550002@s.whatsapp.net', content: null, timestamp: T + 1_000, kind: 'image', direct_path: '/v/t1?ccb=1', filename: null, origin: 4 },
      { id: 'C', chat_jid: '15550001@s.whatsapp.net', sender: null, content: 'by lid', timestamp: T + 2_000, kind: 'text', direct_path: null, filename: null, origin: 4 },
    ]);
    tell(database, [history({ message: { chat: '15550001@s.whatsapp.net', id: 'A', from_me: false, timestamp: T, kind: 'text', text: 'hello', push_name: 'Ann', status: 4 } })]);
    expect(database.prepare("SELECT push_name, origin FROM messages WHERE id = 'A'").get()).toEqual({ push_name: 'Ann', origin: 6 });
  } finally {
    database.close();
  }
});

test('another database is refused by name', () => {
  const path = join(folder, 'other.db');
  const other = new SqliteDatabase(path);
  other.exec('CREATE TABLE messages (id TEXT)');
  other.close();
  const database = memoryStore();
  try {
    expect(() => importLharries(database, { path, now: NOW, dryRun: false })).toThrow(/lacks chat_jid/);
    expect(() => importLharries(database, { path: join(folder, 'nothing.db'), now: NOW, dryRun: false })).toThrow(/There is no file/);
  } finally {
    database.close();
  }
});
