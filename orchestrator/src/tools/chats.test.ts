import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SampleStore } from '../store/testing/sample-store.ts';
import { getChat, getContactChats, getDirectChatByContact, getLastInteraction, listChats } from './chats.ts';
import { searchContacts } from './contacts.ts';
import { type SampleAnswer, answerOf, sampleContext } from './testing/sample-context.ts';

const ANNA = '4915100000001@s.whatsapp.net';
const ANNA_LID = '111222333444@lid';
const BEN = '4915100000002@s.whatsapp.net';
const STRANGER = '999888777666@lid';
const GROUP = '120363000000000001@g.us';
const EMPTY = '120363000000000009@g.us';

let store: SampleStore;
const context = (visible?: ReadonlySet<string>) => sampleContext(store, visible === undefined ? {} : { visible });
const jidsOf = (answer: SampleAnswer) => answer.chats.map(({ jid }) => jid);

beforeEach(() => {
  store = new SampleStore();
  store.chat(ANNA, { lid_jid: ANNA_LID });
  store.insert('jid_aliases', { alias: ANNA_LID, jid: ANNA });
  store.contact(ANNA, { full_name: 'Anna Schmidt', push_name: 'Anni' }, { lid_jid: ANNA_LID });
  store.contact(BEN, { push_name: 'Ben' });
  store.chat(GROUP, { name: 'Umzug', unread_count: 3, archived: 1, pinned_at: 5, muted_until: -1 });
  store.chat(STRANGER);
  store.chat(EMPTY, { name: 'Äpfel' });
  store.message({ chat: ANNA, id: '1', text: 'first' });
  store.message({ chat: GROUP, id: '2', sender: BEN, text: 'from\u202e Ben\nsecond line' });
  store.message({ chat: STRANGER, id: '3', text: 'hi', more: { push_name: 'Zoe' } });
});
afterEach(() => store[Symbol.dispose]());

describe('list_chats', () => {
  test('newest activity first, chats without messages last, each with its last message', async () => {
    const answer = await answerOf(listChats, {}, context());
    expect(answer.chats).toMatchObject([
      { jid: STRANGER, name: 'LID user', kind: 'user', last_message: { sender_name: 'Zoe', text: 'hi', untrusted: true } },
      { jid: GROUP, name: 'Umzug', kind: 'group', unread_count: 3, archived: true, pinned: true, muted_until: 'for ever', last_message: { sender_name: 'Ben', text: 'from Ben second line' } },
      { jid: ANNA, name: 'Anna Schmidt', phone_number: '+49 1510 0000001', last_message_at: '2026-01-05T13:00:00+01:00' },
      { jid: EMPTY, name: 'Äpfel' },
    ]);
    expect(answer.notice).toBeDefined();
  });

  test.each([
    ['last_active', [STRANGER, GROUP, ANNA, EMPTY]],
    ['name', [ANNA, EMPTY, STRANGER, GROUP]],
  ])('by %s, page by page', async (sort_by, order) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await answerOf(listChats, { sort_by, limit: 1, include_last_message: false, ...(cursor !== undefined && { cursor }) }, context());
      seen.push(...jidsOf(answer));
      cursor = answer.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(order);
    expect(jidsOf(await answerOf(listChats, { sort_by, limit: 2, page: 1 }, context()))).toEqual(order.slice(2));
  });

  test.each([
    ['apfel', [EMPTY]],
    ['ann', [ANNA]],
    ['151000', [ANNA]],
    ['0151 0000', [ANNA]],
    ['_', []],
    ['999888', []],
    [STRANGER, [STRANGER]],
    [`${ANNA_LID.slice(0, -4)}:3@lid`, [ANNA]],
  ])('query %s finds %j', async (query, jids) => {
    expect(jidsOf(await answerOf(listChats, { query }, context()))).toEqual(jids);
  });

  test('only chats that may be seen', async () => {
    expect(jidsOf(await answerOf(listChats, {}, context(new Set([ANNA]))))).toEqual([ANNA]);
    expect(jidsOf(await answerOf(listChats, { query: 'umzug' }, context(new Set([ANNA]))))).toEqual([]);
    expect(jidsOf(await answerOf(listChats, { sort_by: 'name' }, context(new Set([ANNA]))))).toEqual([ANNA]);
  });
});

test('get_chat takes any form of the JID and names the others', async () => {
  expect(await answerOf(getChat, { chat_jid: ANNA_LID }, context())).toMatchObject({ jid: ANNA, other_jids: [ANNA_LID], last_message: { id: '1' } });
  await expect(answerOf(getChat, { chat_jid: GROUP }, context(new Set([ANNA])))).rejects.toMatchObject({ code: 'not_found' });
});

test('get_direct_chat_by_contact finds the chat by number; who has none is not found', async () => {
  expect(await answerOf(getDirectChatByContact, { sender_phone_number: '4915100000001' }, context())).toMatchObject({ jid: ANNA });
  await expect(answerOf(getDirectChatByContact, { sender_phone_number: BEN }, context())).rejects.toMatchObject({ code: 'not_found' });
});

test('get_contact_chats finds the direct chat, groups by participants and groups written in', async () => {
  expect(jidsOf(await answerOf(getContactChats, { jid: BEN }, context()))).toEqual([GROUP]);
  store.insert('group_participants', { group_jid: EMPTY, user_jid: ANNA, role: 'member', observed_at: 1 });
  expect(jidsOf(await answerOf(getContactChats, { jid: ANNA_LID, limit: 20, page: 0 }, context()))).toEqual([ANNA, EMPTY]);
  expect(await answerOf(getContactChats, { jid: ANNA, limit: 1 }, context())).toMatchObject({ chats: [{ jid: ANNA }], next_page: 1 });
  expect(jidsOf(await answerOf(getContactChats, { jid: ANNA }, context(new Set([EMPTY]))))).toEqual([EMPTY]);
});

test('get_last_interaction is the later of the direct chat and their groups', async () => {
  expect(await answerOf(getLastInteraction, { jid: BEN }, context())).toMatchObject({ message: { id: '2' } });
  expect(await answerOf(getLastInteraction, { jid: GROUP }, context())).toMatchObject({ message: { id: '2' } });
  store.message({ chat: GROUP, id: '4', sender: ANNA });
  expect(await answerOf(getLastInteraction, { jid: ANNA_LID }, context())).toMatchObject({ message: { id: '4' } });
  expect(await answerOf(getLastInteraction, { jid: 'Anna Schmidt' }, context(new Set([ANNA])))).toMatchObject({ message: { id: '1' } });
  await expect(answerOf(getLastInteraction, { jid: '+33 6 12 34 56 78' }, context())).rejects.toMatchObject({ code: 'not_found' });
});

describe('search_contacts', () => {
  test.each([
    ['anni', [ANNA]],
    ['SCHM', [ANNA]],
    ['4915100000002', [BEN]],
    ['umzug', []],
    ['%', []],
  ])('%s finds %j', async (query, jids) => {
    const answer = await answerOf(searchContacts, { query }, context());
    expect(answer.contacts.map(({ jid }) => jid)).toEqual(jids);
  });

  test('tells all that is known of a person, never the digits of a LID as a number', async () => {
    store.contact('333444555666@lid', { push_name: 'Anna L.' });
    const answer = await answerOf(searchContacts, { query: 'anna' }, context());
    expect(answer.contacts).toEqual([
      { jid: ANNA, name: 'Anna Schmidt', phone_number: '+49 1510 0000001', lid: ANNA_LID, also_known_as: ['Anni'], has_chat: true },
      { jid: '333444555666@lid', name: 'Anna L.', has_chat: false },
    ]);
  });

  test('only people who may be seen', async () => {
    expect((await answerOf(searchContacts, { query: 'ben' }, context(new Set([ANNA])))).contacts).toEqual([]);
  });
});
