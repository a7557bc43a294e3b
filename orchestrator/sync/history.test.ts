import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../src/store/open.ts';
import { createHistory } from './history.ts';
import type { History, HistoryEvent } from './history.ts';
import { ABANDONED_MS } from './sync-runs.ts';
import { FakePhone } from './testing/phone.ts';
import { NOW } from './testing/facts.ts';
import { history as staged, tell } from './testing/store.ts';

const ANN = '15550001@s.whatsapp.net';
const ANN_LID = '9001@lid';

let folder: string;
let database: Database;
let phone: FakePhone;
let clockSkew: number;
const opened: History[] = [];
/** The facts of the tests lie before NOW: a clock that was behind it would take them for the future. */
const began = Date.now();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  database = openStore(join(folder, 'messages.db'), { mode: 'write' });
  phone = new FakePhone();
  clockSkew = 0;
});
afterEach(async () => {
  for (const history of opened.splice(0)) await history.close();
  database.close();
  rmSync(folder, { recursive: true });
});

function open({ owner = 'test', answerMs = 5_000 } = {}): History {
  const history = createHistory({
    database,
    lockPath: join(folder, 'merge.lock'),
    source: phone.source,
    ask: phone.ask,
    signals: phone.signals,
    now: () => NOW + (Date.now() - began) + clockSkew,
    hex: (bytes) => randomBytes(bytes).toString('hex'),
    owner,
    timing: { answerMs, lookMs: 10, attempts: 3, firstPauseMs: 1, longestPauseMs: 5, startsASecond: 1_000 },
  });
  opened.push(history);
  return history;
}

/** The store holds the newest `held` messages of what the phone has. */
function hold(chat: string, count: number, held: number, id?: (index: number) => string): void {
  const messages = phone.add(chat, count, id);
  tell(database, messages.slice(0, held).map((message) => staged({ message })));
}

const stored = (chat: string): number => database.prepare<[string], { n: number }>('SELECT count(*) AS n FROM messages WHERE chat_jid = ?').get(chat)!.n;

test('a chat is walked back to its beginning, fifty messages at a time', async () => {
  hold(ANN, 180, 20);
  const history = open();
  const events: HistoryEvent[] = [];
  const report = await history.retrieve({ chat: ANN, onEvent: (event) => events.push(event) }).done;
  expect(report).toMatchObject({ state: 'complete', received: 160, chats: { total: 1, complete: 1 } });
  expect(stored(ANN)).toBe(180);
  expect(phone.requests.map(({ count }) => count)).toEqual([50, 50, 50, 50]);
  expect(phone.requests.every(({ bridge }) => bridge === 'baileys')).toBe(true);
  expect(history.checkpoints({ chat: ANN })).toMatchObject([{ state: 'complete', pages: 4, received: 160, end_type: 1, messages: 180, request_jid: ANN }]);
  expect(events.at(-1)).toMatchObject({ type: 'run', report: { state: 'complete' } });
  // Nothing older: a second run asks for nothing.
  expect(await history.retrieve({ chat: ANN }).done).toMatchObject({ state: 'complete', received: 0 });
  expect(phone.requests).toHaveLength(4);
});

test('a number of messages, or a day, is far enough', async () => {
  hold(ANN, 200, 10);
  const history = open();
  expect(await history.fetch({ chat: ANN, count: 70 }).done).toMatchObject({ kind: 'fetch', state: 'complete', received: 70, chats: { enough: 1 } });
  expect(phone.requests.map(({ count }) => count)).toEqual([50, 20]);
  expect(await history.retrieve({ chat: ANN, until: NOW - 100 * 60_000 }).done).toMatchObject({ state: 'complete', chats: { enough: 1 } });
  expect(stored(ANN)).toBe(130);
});

test('an anchor that a linked device sent is passed over', async () => {
  hold(ANN, 60, 12, (index) => (index >= 10 && index < 12 ? `3EB0${index}` : `M${index}`));
  expect(await open().retrieve({ chat: ANN }).done).toMatchObject({ state: 'complete' });
  expect(phone.requests[0]?.anchor).toBe('M9');
  expect(stored(ANN)).toBe(60);
});

test('a phone that knows the chat by its LID is asked so', async () => {
  hold(ANN_LID, 90, 10);
  tell(database, [staged({ mapping: { lid: ANN_LID, pn: ANN, source: 'test' } })]);
  expect(await open({ answerMs: 500 }).retrieve({ chat: ANN }).done).toMatchObject({ state: 'complete', received: 80 });
  expect(phone.requests.map(({ chat }) => chat)).toEqual([ANN, ANN_LID, ANN_LID]);
  expect(stored(ANN)).toBe(90);
});

test('a silent phone is told apart from the end; the run goes on when it is back', async () => {
  for (const digit of [1, 2, 3, 4, 5]) hold(`1555000${digit}@s.whatsapp.net`, 30, 5);
  phone.silent = true;
  const history = open({ answerMs: 300 });
  const { syncId, done } = history.retrieve({});
  expect(await done).toMatchObject({ state: 'incomplete', chats: { phone_offline: 5 }, error: expect.stringContaining('open WhatsApp') as string });
  expect(history.checkpoints({ chat: ANN })).toMatchObject([{ state: 'phone_offline', attempts: 3 }]);
  phone.silent = false;
  expect(await history.resume(syncId).done).toMatchObject({ state: 'complete', received: 125, chats: { complete: 5 } });
});

test('more on the phone without access to it, and no word of an end, are named', async () => {
  hold(ANN, 30, 5);
  phone.endType = 3;
  expect(await open().retrieve({ chat: ANN }).done).toMatchObject({ state: 'complete', chats: { no_access: 1 } });
  hold('15550002@s.whatsapp.net', 30, 5);
  phone.endType = undefined;
  const report = await open().retrieve({ chat: '15550002@s.whatsapp.net' }).done;
  expect(report).toMatchObject({ state: 'incomplete', received: 25, chats: { stalled: 1 } });
});

test('an empty chat has nothing to go back from', async () => {
  tell(database, [staged({ chat: { jid: ANN, name: 'Ann' } })]);
  expect(await open().retrieve({ chat: ANN }).done).toMatchObject({ state: 'incomplete', chats: { stalled: 1 } });
});

test('where Baileys cannot ask, whatsmeow does; where none can, the run says why', async () => {
  hold(ANN, 100, 10);
  phone.refusing.set('baileys', new Failure('bridge_off', 'The Baileys bridge is switched off.'));
  const history = open();
  expect(await history.fetch({ chat: ANN, count: 10 }).done).toMatchObject({ state: 'complete', received: 10 });
  expect(phone.requests.at(-1)?.bridge).toBe('whatsmeow');
  phone.refusing.set('whatsmeow', new Failure('bridge_down', 'The whatsmeow bridge does not listen.'));
  const { syncId, done } = history.retrieve({ chat: ANN });
  expect(await done).toMatchObject({ state: 'incomplete', error: expect.stringContaining('switched off') as string });
  phone.refusing.clear();
  expect(await history.resume(syncId).done).toMatchObject({ state: 'complete' });
  expect(stored(ANN)).toBe(100);
});

test('a cancelled run stops and can be gone on with', async () => {
  hold(ANN, 300, 10);
  const history = open();
  const { syncId, done } = history.retrieve({
    chat: ANN,
    onEvent: (event) => {
      if (event.type === 'chat' && event.received === 100) history.cancel(event.syncId);
    },
  });
  expect(await done).toMatchObject({ state: 'cancelled', received: 100 });
  expect(history.cancel(syncId)).toBe(false);
  expect(await history.resume(syncId).done).toMatchObject({ state: 'complete', received: 290 });
  expect(stored(ANN)).toBe(300);
});

test('another process goes on with a run whose process is gone', async () => {
  hold(ANN, 120, 10);
  phone.silent = true;
  const { syncId, done } = open({ owner: 'first' }).retrieve({ chat: ANN });
  await opened[0]?.close();
  expect(await done).toMatchObject({ state: 'paused' });
  database.prepare("UPDATE sync_run SET state = 'running', finished_at = NULL").run();
  phone.silent = false;
  const second = open({ owner: 'second' });
  expect(() => second.resume(syncId)).toThrow(expect.objectContaining({ code: 'locked' }) as Error);
  clockSkew = ABANDONED_MS + 60_000;
  expect(await second.resume(syncId).done).toMatchObject({ state: 'complete' });
  expect(stored(ANN)).toBe(120);
});

test('many chats are asked side by side, but not all at once', async () => {
  const chats = Array.from({ length: 40 }, (_, index) => `155501${String(index).padStart(2, '0')}@s.whatsapp.net`);
  for (const chat of chats) hold(chat, 60, 5);
  const report = await open().retrieve({}).done;
  expect(report).toMatchObject({ state: 'complete', received: 40 * 55, chats: { total: 40, complete: 40 } });
  expect(phone.mostInFlight).toBeLessThanOrEqual(10);
  expect(chats.map(stored)).toEqual(chats.map(() => 60));
});

test('waiting for a run ends with the run, or with the time', async () => {
  hold(ANN, 100, 10);
  const history = open();
  const { syncId } = history.retrieve({ chat: ANN });
  const signal = new AbortController().signal;
  expect(await history.wait(syncId, { ms: 10_000, signal })).toMatchObject({ state: 'complete' });
  expect(() => history.status('nothing')).toThrow(expect.objectContaining({ code: 'not_found' }) as Error);
  expect(history.runs(5)).toMatchObject([{ syncId, state: 'complete' }]);
});
