/** The reading tools over a store that the merge rules filled: what one side writes the other finds. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { MessageRecord, StagedRow } from '@whatsapp-mcp/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { history, live, tell } from '../../sync/testing/store.ts';
import { takeIndexRole } from '../store/search-index.ts';
import { SampleStore, START } from '../store/testing/sample-store.ts';
import { getChat, getDirectChatByContact, listChats } from './chats.ts';
import { searchContacts } from './contacts.ts';
import { getMessageContext, getPollResults, getUnreadSummary, listMessages, querySyncedMessages } from './messages.ts';
import { answerOf, sampleContext } from './testing/sample-context.ts';

const OWN = '4915199999999@s.whatsapp.net';
const ANNA = '4915100000001@s.whatsapp.net';
const ANNA_LID = '111222333444@lid';
const GROUP = '120363000000000001@g.us';

let store: SampleStore;
const context = () => sampleContext(store);

beforeEach(() => {
  store = new SampleStore();
  store.insert('meta', { k: 'own_pn', v: OWN });
});
afterEach(() => store[Symbol.dispose]());

function message(id: string, minute: number, more: Partial<MessageRecord>): Partial<StagedRow> {
  return { message: { chat: ANNA, id, from_me: false, sender: ANNA, timestamp: START + minute * 60_000, kind: 'text', ...more } };
}

function indexAll(): void {
  using role = takeIndexRole({ database: store.database, lockPath: join(store.folder, 'index.lock'), owner: 'test', now: () => 0 });
  while (role?.step().upToDate === false);
}

const tellAll = (...rows: StagedRow[]) => tell(store.database, rows);
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

test('a person first seen under a LID and later under a number is one chat, found by every form', async () => {
  tellAll(
    history(message('OLD', 0, { chat: ANNA_LID, sender: ANNA_LID, text: 'alte Nachricht' })),
    live(1, message('NEW', 1, { text: 'neue Nachricht', push_name: 'Anna' })),
  );
  indexAll();
  expect((await answerOf(listChats, {}, context())).chats).toHaveLength(2);
  tellAll(live(2, { mapping: { lid: ANNA_LID, pn: ANNA, source: 'test' } }));
  expect((await answerOf(listChats, {}, context())).chats).toHaveLength(1);
  for (const form of [ANNA, ANNA_LID, '+49 1510 0000001', 'anna']) {
    expect(ids((await answerOf(listMessages, { chat_jid: form }, context())).messages)).toEqual(['NEW', 'OLD']);
    expect(ids((await answerOf(querySyncedMessages, { query: 'nachricht', sender: form }, context())).messages)).toEqual(['NEW', 'OLD']);
  }
  expect(await answerOf(getDirectChatByContact, { sender_phone_number: '4915100000001' }, context())).toMatchObject({ name: 'Anna', other_jids: [ANNA_LID] });
  expect((await answerOf(searchContacts, { query: 'anna' }, context())).contacts).toMatchObject([{ lid: ANNA_LID, has_chat: true }]);
});

test('edits, revokes, reactions and votes show as the merge applied them, and the search follows', async () => {
  const poll = JSON.stringify({ question: 'Pizza?', options: ['Ja', 'Nein'], selectable_count: 1 });
  const vote = JSON.stringify({ hashes: [createHash('sha256').update('Ja').digest('hex')] });
  const op = { chat: GROUP, from_me: false, actor: ANNA, timestamp: START + 600_000 };
  const inGroup = { chat: GROUP, sender: ANNA };
  tellAll(
    history(message('EDIT', 0, { ...inGroup, text: 'erster Entwurf' })),
    history(message('GONE', 1, { ...inGroup, text: 'geheim' })),
    history(message('POLL', 2, { ...inGroup, kind: 'poll', text: 'Pizza?', payload: poll })),
  );
  indexAll();
  tellAll(
    live(1, { ops: [{ ...op, type: 'edit', op_id: 'E1', target_id: 'EDIT', text: 'zweite Fassung' }] }),
    live(2, { ops: [{ ...op, type: 'revoke', op_id: 'R1', target_id: 'GONE' }] }),
    live(3, { ops: [{ ...op, type: 'reaction', op_id: 'X1', target_id: 'EDIT', text: '🎉' }] }),
    live(4, { ops: [{ ...op, type: 'poll_vote', op_id: 'V1', target_id: 'POLL', payload: vote }] }),
  );
  const listed = await answerOf(listMessages, { chat_jid: GROUP }, context());
  expect(listed.messages).toMatchObject([
    { id: 'POLL', kind: 'poll', details: { question: 'Pizza?' } },
    { id: 'GONE', revoked: true },
    { id: 'EDIT', text: 'zweite Fassung', edited: true, reactions: [{ emoji: '🎉', count: 1 }] },
  ]);
  const search = async (query: string) => ids((await answerOf(querySyncedMessages, { query }, context())).messages);
  for (const round of ['before', 'after']) {
    if (round === 'after') indexAll();
    expect([round, await search('entwurf'), await search('fassung'), await search('geheim'), await search('nein')]).toEqual([round, [], ['EDIT'], [], ['POLL']]);
  }
  expect(await answerOf(getPollResults, { chat_jid: GROUP, message_id: 'POLL' }, context())).toMatchObject({ options: [{ name: 'Ja', votes: 1 }, { name: 'Nein', votes: 0 }] });
});

test('unread counts, names of groups and quotes come from what was merged', async () => {
  tellAll(
    live(START, { chat: { jid: GROUP, name: 'Umzug', unread_count: 1, observed_at: START } }),
    live(1, message('Q', 1, { chat: GROUP, sender: OWN, from_me: true, text: 'Wer hilft?' })),
    live(2, message('A', 2, { chat: GROUP, sender: ANNA, text: 'Ich', quoted_id: 'Q', quoted_sender: OWN, push_name: 'Anna' })),
  );
  expect(await answerOf(getChat, { chat_jid: 'umzug' }, context())).toMatchObject({ jid: GROUP, name: 'Umzug', last_message: { id: 'A', sender_name: 'Anna' } });
  expect((await answerOf(getMessageContext, { message_id: 'A' }, context())).message).toMatchObject({ quoted: { id: 'Q', text: 'Wer hilft?' } });
  expect((await answerOf(getUnreadSummary, {}, context())).chats).toMatchObject([{ jid: GROUP, messages: [{ id: 'A' }] }]);
});
