import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NOW } from '../testing/facts.ts';
import { history, live, memoryStore, tell } from '../testing/store.ts';
import { importExport } from './chat-export.ts';
import type { ExportOptions } from './chat-export.ts';

const ANN = '15550001@s.whatsapp.net';
const BEN = '15550002@s.whatsapp.net';
const GROUP = '120363000000000001@g.us';

let folder: string;
let database: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-'));
  database = memoryStore();
  database.exec("INSERT INTO meta VALUES ('own_pn', '15550000@s.whatsapp.net')");
  tell(database, [
    history({ contact: { jid: ANN, full_name: 'Ann Lee' } }),
    history({ contact: { jid: BEN, push_name: 'ben' } }),
    history({ chat: { jid: ANN } }),
    history({ chat: { jid: GROUP, name: 'Family' } }),
  ]);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function file(lines: readonly string[], name = 'WhatsApp Chat with Ann Lee.txt'): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.join('\n'));
  return path;
}

const take = (path: string, options: Partial<ExportOptions> = {}) => importExport(database, { path, now: NOW, timeZone: 'Europe/Berlin', dryRun: false, ...options });
const all = (): unknown[] => database.prepare('SELECT chat_jid, sender, is_from_me, content, kind, timestamp, origin, revoked FROM messages ORDER BY timestamp, mid').all();

const direct = [
  '13.05.24, 10:00 - Messages are end-to-end encrypted.',
  '13.05.24, 10:00 - Ann Lee: hello',
  '13.05.24, 10:00 - Me: ok',
  '13.05.24, 10:00 - Me: ok',
  '13.05.24, 10:01 - Ann Lee: IMG-20240513-WA0001.jpg (file attached)',
  'a caption',
  '13.05.24, 10:02 - Ann Lee: This message was deleted',
];
const AT = Date.UTC(2024, 4, 13, 8, 0);

test('an export is taken over once, however often; chat and people are found by name', () => {
  const path = file(direct);
  const expected = { chat: ANN, messages: 5, inserted: 5, known: 0, notices: 1, skipped: 0, dateOrder: 'dmy', oldest: AT, newest: AT + 120_000 };
  expect(take(path, { dryRun: true })).toMatchObject(expected);
  expect(all()).toEqual([]);
  expect(take(path)).toMatchObject({ ...expected, authors: [{ name: 'Ann Lee', fromMe: false, jid: ANN, messages: 3 }, { name: 'Me', fromMe: true, messages: 2 }] });
  const row = (content: string | null, sender: string, rest: object = {}) => ({ chat_jid: ANN, sender, is_from_me: Number(sender !== ANN), content, kind: 'text', timestamp: AT, origin: 4, revoked: 0, ...rest });
  const me = '15550000@s.whatsapp.net';
  const rows = [row('hello', ANN), row('ok', me), row('ok', me), row('a caption', ANN, { kind: 'image', timestamp: AT + 60_000 }), row(null, ANN, { kind: 'unknown', timestamp: AT + 120_000, revoked: 1 })];
  expect(all()).toEqual(rows);
  expect(take(path)).toMatchObject({ inserted: 0, known: 5 });
  expect(take(file([...direct, '13.05.24, 10:03 - Ann Lee: grown']))).toMatchObject({ inserted: 1, known: 5 });
  expect(take(path, { dryRun: true })).toMatchObject({ inserted: 0, known: 6 });
  expect(database.prepare('SELECT last_message_time FROM chats WHERE jid = ?').get(ANN)).toEqual({ last_message_time: AT + 180_000 });
});

test('what the database has under its true id is not doubled, nor what was deleted brought back', () => {
  tell(database, [
    live(AT, { message: { chat: ANN, id: 'A', from_me: false, timestamp: AT + 12_000, kind: 'text', text: 'hello' } }),
    live(AT, { message: { chat: ANN, id: 'B', from_me: true, timestamp: AT + 13_000, kind: 'text', text: 'ok' } }),
    live(AT, { message: { chat: ANN, id: 'C', from_me: false, timestamp: AT + 70_000, kind: 'image', text: 'a caption', media: { kind: 'image' } } }),
    live(AT, { message: { chat: ANN, id: 'D', from_me: false, timestamp: AT + 130_000, kind: 'unknown', revoked: true } }),
    live(AT, { message: { chat: ANN, id: 'E', from_me: false, timestamp: AT + 190_000, kind: 'unknown', revoked: true } }),
    live(AT, { message: { chat: ANN, id: 'F', from_me: false, timestamp: AT + 250_000, kind: 'text', text: 'thank you @15550002' } }),
  ]);
  const path = file([...direct, '13.05.24, 10:03 - Ann Lee: deleted since', '13.05.24, 10:04 - Ann Lee: thank you @\u2068Ben\u2069']);
  expect(take(path)).toMatchObject({ messages: 7, inserted: 1, known: 6 });
  expect(database.prepare("SELECT content FROM messages WHERE id LIKE 'EXPORT-%'").all()).toEqual([{ content: 'ok' }]);
});

test('another time zone than that of the messages in the database is refused', () => {
  const texts = ['the first long sentence', 'the second long sentence', 'the third long sentence'];
  tell(database, texts.map((text, k) => live(AT, { message: { chat: ANN, id: `M${k}`, from_me: false, timestamp: AT + k * 60_000, kind: 'text', text } })));
  const path = file(texts.map((text, k) => `13.05.24, 10:0${k} - Ann Lee: ${text}`));
  expect(() => take(path, { me: '', timeZone: 'UTC' })).toThrow(/2 h 0 min earlier there than "UTC"/);
  expect(take(path, { me: '' })).toMatchObject({ inserted: 0, known: 3 });
});

test('in a group, who is not known has no sender until told', () => {
  const path = file(['[5/13/24, 10:00:00 AM] Carl: hello', '[5/13/24, 10:00:01 AM] ~ Ben: hi', '[5/13/24, 10:00:02 AM] +1 555-0001: ho', '[5/13/24, 10:00:03 AM] Me: yes'], 'WhatsApp Chat - Family/_chat.txt');
  expect(() => take(path)).toThrow(/Which of these is you: "Carl", "Ben", "\+1 555-0001", "Me"/);
  expect(take(path, { me: 'Me' })).toMatchObject({ chat: GROUP, inserted: 4, dateOrder: 'mdy', authors: [{ name: 'Carl', fromMe: false }, { name: 'Ben', jid: BEN }, { jid: ANN }, { fromMe: true }] });
  const carl = database.prepare("SELECT sender, push_name FROM messages WHERE content = 'hello'");
  expect(carl.get()).toEqual({ sender: null, push_name: 'Carl' });
  expect(take(path, { me: 'Me', map: ['Carl=+1 555-0003'] })).toMatchObject({ inserted: 0, known: 4 });
  expect(carl.get()).toEqual({ sender: '15550003@s.whatsapp.net', push_name: 'Carl' });
});

test.each<[string, Partial<ExportOptions>, RegExp]>([
  ['13.05.24, 10:00 - Ann Lee: a', { me: 'Nobody' }, /"Nobody" wrote nothing.*"Ann Lee"/],
  ['13.05.24, 10:00 - Ann Lee: a', { me: '', timeZone: 'Middle/Earth' }, /"Middle\/Earth" is not a time zone/],
  ['13.05.24, 10:00 - Ann Lee: a', { me: '', chat: 'Zoe' }, /No chat in the database is called "Zoe"/],
  ['13.05.24, 10:00 - Ann Lee: a', { me: '', map: ['Ann'] }, /Expected "Name=JID/],
  ['13.05.24, 10:00 - Ann Lee: a\n13.05.24, 10:00 - Ben: b\n13.05.24, 10:00 - Me: c', { me: 'Me' }, /a chat with one person.*"Ann Lee", "Ben"/],
  ['01/02/24, 10:00 - Ann Lee: a', { me: '' }, /Is "1\/2\/24" day first \(--date-order dmy\) or month first/],
  ['99/99/24, 10:00 - Ann Lee: a', { me: '' }, /No order of day, month and year/],
  ['no chat at all', {}, /holds no message in a form/],
  ['PK\u0003\u0004', {}, /is a zip/],
])('%j with %j is refused with what to do', (text, options, message) => {
  expect(() => take(file([text]), options)).toThrow(message);
});

test('a date that is none is named by its line', () => {
  expect(take(file(['13.05.24, 10:00 - Ann Lee: a', '31.02.24, 10:00 - Ann Lee: b']), { me: '', dateOrder: 'dmy' })).toMatchObject({ inserted: 1, skipped: 1, problems: ['line 2: 31.2.24 is no date'] });
  expect(() => take(join(folder, 'none.txt'))).toThrow(/There is no file/);
});
