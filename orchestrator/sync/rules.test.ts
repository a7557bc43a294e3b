import type { MessageRecord, OpRecord, StagedRow } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOW } from './testing/facts.ts';
import { history, live, memoryStore, tell } from './testing/store.ts';

const ANN = '15550001@s.whatsapp.net';
const ANN_LID = '9001@lid';
const GROUP = '120363000000000001@g.us';
const T = 1_700_000_000_000;

let database: Database;
beforeEach(() => {
  database = memoryStore();
});
afterEach(() => {
  database.close();
});

const message = (fields: Partial<MessageRecord>): Partial<StagedRow> => ({
  message: { chat: ANN, id: 'M1', from_me: false, timestamp: T, kind: 'text', text: 'hello', ...fields },
});
const op = (fields: Partial<OpRecord> & Pick<OpRecord, 'type'>): Partial<StagedRow> => ({
  ops: [{ op_id: `op ${fields.type}`, chat: ANN, target_id: 'M1', from_me: false, actor: ANN, timestamp: T + 5, ...fields }],
});
const mapping = (lid: string, pn: string): Partial<StagedRow> => ({ mapping: { lid, pn, source: 'test' } });
const all = (sql: string): unknown[] => database.prepare(sql).all();
const one = (sql: string): unknown => database.prepare(sql).get();

describe('identity', () => {
  test('two chats of one person become one, with nothing lost and the old JID known', () => {
    tell(database, [
      live(T, message({ chat: ANN_LID, id: 'A', text: 'by lid' })),
      live(T, message({ id: 'B', text: 'by number' })),
      history(message({ chat: ANN_LID, id: 'B', text: 'by number', message_secret: 'c2VjcmV0' })),
      history({ chat: { jid: ANN_LID, name: 'Ann', end_of_history: 1 } }),
      live(T, op({ type: 'reaction', chat: ANN_LID, actor: ANN_LID, target_id: 'A', text: '👍' })),
    ]);
    expect(all('SELECT jid FROM chats ORDER BY jid')).toEqual([{ jid: ANN }, { jid: ANN_LID }]);
    tell(database, [live(T, mapping(ANN_LID, ANN))]);
    expect(all('SELECT jid, name, lid_jid, end_of_history, unread_count FROM chats')).toEqual([{ jid: ANN, name: 'Ann', lid_jid: ANN_LID, end_of_history: 1, unread_count: 2 }]);
    expect(all('SELECT id, chat_jid, sender, length(message_secret) AS secret FROM messages ORDER BY id')).toEqual([
      { id: 'A', chat_jid: ANN, sender: ANN, secret: null },
      { id: 'B', chat_jid: ANN, sender: ANN, secret: 6 },
    ]);
    expect(all('SELECT emoji, reactor_jid FROM reactions')).toEqual([{ emoji: '👍', reactor_jid: ANN }]);
    expect(all('SELECT from_jid, into_jid, moved, duplicates FROM chat_merges')).toEqual([{ from_jid: ANN_LID, into_jid: ANN, moved: 2, duplicates: 1 }]);
    expect(all('SELECT * FROM jid_aliases')).toEqual([{ alias: ANN_LID, jid: ANN }]);
  });

  test('a new number keeps the chat, and is where it now goes', () => {
    const later = '15550077@s.whatsapp.net';
    tell(database, [live(1, mapping(ANN_LID, ANN)), live(T, message({}))]);
    tell(database, [live(2, mapping(ANN_LID, later)), live(T, message({ chat: later, id: 'M2' }))]);
    expect(all('SELECT jid, pn_jid, lid_jid FROM chats')).toEqual([{ jid: ANN, pn_jid: later, lid_jid: ANN_LID }]);
    expect(one('SELECT count(*) AS n FROM messages WHERE chat_jid = \'15550001@s.whatsapp.net\'')).toEqual({ n: 2 });
  });

  test('a number that was given to somebody else does not make two people one', () => {
    const stranger = '9077@lid';
    tell(database, [live(1, mapping(ANN_LID, ANN)), live(T, message({ chat: ANN_LID })), live(2, mapping(ANN_LID, '15550077@s.whatsapp.net'))]);
    tell(database, [live(3, mapping(stranger, ANN)), live(T, message({ chat: stranger, id: 'M2' }))]);
    expect(all('SELECT id, chat_jid FROM messages ORDER BY id')).toEqual([
      { id: 'M1', chat_jid: ANN },
      { id: 'M2', chat_jid: stranger },
    ]);
    expect(one('SELECT contested FROM jid_map WHERE lid = \'9077@lid\'')).toEqual({ contested: 1 });
  });

  test('a LID that never resolves is a chat of its own', () => {
    tell(database, [live(T, message({ chat: '9003@lid' }))]);
    expect(all('SELECT jid, kind, pn_jid, lid_jid FROM chats')).toEqual([{ jid: '9003@lid', kind: 'user', pn_jid: null, lid_jid: '9003@lid' }]);
  });
});

describe('messages', () => {
  test('a second sender of the same id gets a row of its own', () => {
    const applied = tell(database, [
      live(T, message({ chat: GROUP, sender: '15550001@s.whatsapp.net', text: 'first' })),
      live(T, message({ chat: GROUP, sender: '15550002@s.whatsapp.net', text: 'second' })),
      history(message({ chat: GROUP, sender: '15550002@s.whatsapp.net', text: 'second' })),
    ]);
    expect(applied[0]?.tally).toMatchObject({ inserted: 2, filled: 1, collided: 2 });
    expect(all('SELECT sender, content, id_ns FROM messages ORDER BY mid')).toEqual([
      { sender: '15550001@s.whatsapp.net', content: 'first', id_ns: '' },
      { sender: '15550002@s.whatsapp.net', content: 'second', id_ns: '15550002@s.whatsapp.net' },
    ]);
    expect(one('SELECT count(*) AS n FROM message_collisions')).toEqual({ n: 1 });
  });

  test('history does not undo a tombstone, nor an edit', () => {
    tell(database, [live(T, op({ type: 'revoke' })), live(T, op({ type: 'edit', target_id: 'M2', text: 'new' }))]);
    tell(database, [history(message({})), history(message({ id: 'M2', text: 'old' }))]);
    expect(all('SELECT id, content, revoked, revoked_at, edit_ts FROM messages ORDER BY id')).toEqual([
      { id: 'M1', content: 'hello', revoked: 1, revoked_at: T + 5, edit_ts: 0 },
      { id: 'M2', content: 'new', revoked: 0, revoked_at: null, edit_ts: T + 5 },
    ]);
    expect(all('SELECT ts, content FROM message_edits ORDER BY ts')).toEqual([
      { ts: 0, content: 'old' },
      { ts: T + 5, content: 'new' },
    ]);
    expect(all('SELECT * FROM message_ops')).toEqual([]);
  });

  test('nobody edits what another wrote', () => {
    tell(database, [live(T, message({ chat: GROUP, sender: ANN })), live(T, op({ type: 'edit', chat: GROUP, actor: '15550002@s.whatsapp.net', text: 'forged' }))]);
    expect(one('SELECT content, edit_ts FROM messages')).toEqual({ content: 'hello', edit_ts: 0 });
    expect(one('SELECT count(*) AS n FROM message_ops')).toEqual({ n: 1 });
  });

  test('in a group whose members are known, only admins revoke what others wrote', () => {
    const admin = '15550002@s.whatsapp.net';
    const member = '15550003@s.whatsapp.net';
    const revoke = (id: string, actor: string): StagedRow => live(T, op({ type: 'revoke', op_id: id, chat: GROUP, target_id: id, actor }));
    const group = { jid: GROUP, name: 'G', addressing_mode: 'pn', only_admins_send: false, only_admins_edit: false, only_admins_add: false, join_approval: false, disappearing_seconds: 0, is_community: false, is_announcement_group: false, size: 2 } as const;
    tell(database, [
      live(T, { group: { ...group, participants: [{ jid: admin, role: 'admin' }, { jid: member, role: 'member' }] } }),
      live(T, message({ chat: GROUP, sender: ANN })),
      live(T, message({ chat: GROUP, sender: ANN, id: 'M2' })),
      revoke('M1', member),
      revoke('M2', admin),
    ]);
    expect(all('SELECT id, revoked FROM messages ORDER BY id')).toEqual([
      { id: 'M1', revoked: 0 },
      { id: 'M2', revoked: 1 },
    ]);
    tell(database, [live(T + 1, { group: { ...group, participants: [{ jid: member, role: 'admin' }] } })]);
    expect(one("SELECT revoked FROM messages WHERE id = 'M1'")).toEqual({ revoked: 1 });
    expect(all('SELECT user_jid, left_at FROM group_participants ORDER BY user_jid')).toEqual([
      { user_jid: admin, left_at: T + 1 },
      { user_jid: member, left_at: null },
    ]);
  });

  test('a time in the future becomes the time of arrival, and is kept as told', () => {
    tell(database, [history(message({ timestamp: NOW * 2 }))]);
    expect(one('SELECT timestamp, timestamp_raw FROM messages')).toEqual({ timestamp: NOW, timestamp_raw: NOW * 2 });
  });

  test('a row that the schema refuses is set aside, the others go in', () => {
    const broken = live(T, message({ id: 'X', status: 1.5 }));
    const [applied] = tell(database, [broken, live(T, message({}))]);
    expect(applied?.rejected).toEqual([{ row: broken, error: expect.stringContaining('status') as string }]);
    expect(applied?.tally).toMatchObject({ inserted: 1, rejected: 1 });
  });
});

describe('chats', () => {
  test('an old chunk never moves a chat back', () => {
    tell(database, [live(T, message({ timestamp: T + 9_000 })), live(T, { chat: { jid: ANN, archived: false, name: 'New', observed_at: T } })]);
    tell(database, [history(message({ id: 'M0', timestamp: 5 })), history({ chat: { jid: ANN, archived: true, name: 'Old', last_message_at: 5, unread_count: 40 } })]);
    expect(one('SELECT last_message_time, archived, name, unread_count FROM chats')).toEqual({ last_message_time: T + 9_000, archived: 0, name: 'New', unread_count: 41 });
    tell(database, [live(T, { chat: { jid: ANN, unread_count: 0, observed_at: T + 9_000 } })]);
    expect(one('SELECT unread_count FROM chats')).toEqual({ unread_count: 0 });
  });

  test('an operation or a mapping alone makes no chat', () => {
    tell(database, [live(T, op({ type: 'revoke' })), live(T, mapping('9005@lid', '15550005@s.whatsapp.net'))]);
    expect(all('SELECT jid FROM chats')).toEqual([]);
  });

  test('an event without its actor is the one with it', () => {
    const event = { chat: GROUP, type: 'group_participant_leave', timestamp: T, parameters: ['x'] };
    tell(database, [live(T, { event }), live(T, { event: { ...event, actor: ANN, id: 'E1' } }), history({ event })]);
    expect(all('SELECT actor, id FROM chat_events')).toEqual([{ actor: ANN, id: 'E1' }]);
  });
});
