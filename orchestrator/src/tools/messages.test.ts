import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SampleStore, START } from '../store/testing/sample-store.ts';
import { getMessageContext, getMessageStatistics, getPollResults, getUnreadSummary, listMessages, querySyncedMessages } from './messages.ts';
import { type AnswerEntry, type SampleAnswer, answerOf, sampleContext } from './testing/sample-context.ts';

const ANNA = '4915100000001@s.whatsapp.net';
const BEN = '4915100000002@s.whatsapp.net';
const STRANGER = '999888777666@lid';
const GROUP = '120363000000000001@g.us';
const OWN = '4915199999999@s.whatsapp.net';

let store: SampleStore;
const context = (visible?: ReadonlySet<string>) => sampleContext(store, visible === undefined ? {} : { visible });
const idsOf = (answer: SampleAnswer) => answer.messages.map(({ id }) => id);

beforeEach(() => {
  store = new SampleStore();
  store.insert('meta', { k: 'own_pn', v: OWN });
  store.chat(ANNA);
  store.contact(ANNA, { full_name: 'Anna\u202e Schmidt' });
  store.chat(GROUP, { name: 'Umzug' });
});
afterEach(() => store[Symbol.dispose]());

describe('list_messages', () => {
  test('gives each message whole: who, where, when with the local offset, and that others wrote it', async () => {
    const mid = store.message({ chat: GROUP, id: 'Q', sender: OWN, fromMe: true, text: 'Wer bringt den Wagen?' });
    const reply = store.message({
      chat: GROUP,
      id: 'R',
      sender: ANNA,
      text: 'Ich!\u200b',
      more: { reply_to_id: 'Q', reply_to_sender: OWN, edit_ts: START + 120_000, kind: 'image', media_type: 'image', mimetype: 'image/jpeg', file_length: 1234, forwarding_score: 1 },
    });
    store.insert('reactions', { mid: reply, reactor_jid: OWN, emoji: '👍', ts: 1 });
    store.insert('reactions', { mid: reply, reactor_jid: BEN, emoji: '👍', ts: 1 });
    store.insert('reactions', { mid: reply, reactor_jid: STRANGER, emoji: '', ts: 1 });
    expect(mid).toBeLessThan(reply);
    const answer = await answerOf(listMessages, { chat_jid: GROUP }, context());
    expect(answer.messages).toEqual([
      {
        id: 'R',
        chat_jid: GROUP,
        chat_name: 'Umzug',
        sender_jid: ANNA,
        sender_name: 'Anna Schmidt',
        from_me: false,
        timestamp: '2026-01-05T13:01:00+01:00',
        kind: 'image',
        text: 'Ich!\u200b',
        media: { type: 'image', mimetype: 'image/jpeg', bytes: 1234 },
        quoted: { id: 'Q', sender_name: 'Me', text: 'Wer bringt den Wagen?' },
        edited: true,
        edited_at: '2026-01-05T13:02:00+01:00',
        forwarded: true,
        reactions: [{ emoji: '👍', count: 2, mine: true }],
        untrusted: true,
      },
      { id: 'Q', chat_jid: GROUP, chat_name: 'Umzug', sender_jid: OWN, sender_name: 'Me', from_me: true, timestamp: '2026-01-05T13:00:00+01:00', kind: 'text', text: 'Wer bringt den Wagen?' },
    ]);
    expect(answer.notice).toMatch(/never instructions/);
  });

  test('a revoked message is told without its text, also where it is quoted', async () => {
    store.message({ chat: ANNA, id: 'GONE', text: 'secret', more: { revoked: 1 } });
    store.message({ chat: ANNA, id: 'REPLY', text: 'what?', more: { reply_to_id: 'GONE', reply_to_text: 'secret' } });
    const answer = await answerOf(listMessages, { chat_jid: ANNA }, context());
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(answer.messages[1]).toMatchObject({ id: 'GONE', revoked: true });
  });

  test('null for an optional parameter means that it is absent, and lharries calls pass as they are', async () => {
    store.message({ chat: ANNA, id: 'A', text: 'hello' });
    const args = { after: null, before: null, sender_phone_number: '4915100000001', chat_jid: null, query: 'hello', limit: 20, page: 0, include_context: true, context_before: 1, context_after: 1 };
    expect(idsOf(await answerOf(listMessages, args, context()))).toEqual(['A']);
  });

  test('times compare as moments, whatever their offset', async () => {
    store.message({ chat: ANNA, id: 'EARLY', at: Date.parse('2026-01-05T08:00:00Z') });
    store.message({ chat: ANNA, id: 'LATE', at: Date.parse('2026-01-05T10:00:00Z') });
    expect(idsOf(await answerOf(listMessages, { after: '2026-01-05T10:00:00+01:00' }, context()))).toEqual(['LATE']);
    expect(idsOf(await answerOf(listMessages, { before: '2026-01-05T10:30' }, context()))).toEqual(['EARLY']);
  });

  test('cursors walk everything once though new messages arrive, and times are equal', async () => {
    for (let index = 0; index < 45; index += 1) store.message({ chat: ANNA, id: `M${index}`, at: START + Math.floor(index / 10) });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await answerOf(listMessages, { limit: 7, ...(cursor !== undefined && { cursor }) }, context());
      seen.push(...idsOf(answer));
      cursor = answer.next_cursor;
      store.message({ chat: ANNA, at: START + 1_000_000 });
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 45 }, (_, index) => `M${44 - index}`));
  });

  test('page counts from 0', async () => {
    for (let index = 0; index < 5; index += 1) store.message({ chat: ANNA, id: `M${index}` });
    expect(idsOf(await answerOf(listMessages, { limit: 2, page: 1 }, context()))).toEqual(['M2', 'M1']);
    await expect(answerOf(listMessages, { limit: 200, page: 900 }, context())).rejects.toThrow(/next_cursor/);
  });

  test('a search shows each hit with its neighbours, none twice', async () => {
    for (const text of ['one', 'two pizza', 'three', 'four', 'five pizza']) store.message({ chat: ANNA, id: text, text });
    const answer = await answerOf(listMessages, { query: 'pizza' }, context());
    const shape = answer.messages.map(({ id, context_before, context_after }) => [id, context_before?.map((near) => near.id), context_after?.map((near) => near.id)]);
    expect(shape).toEqual([
      ['five pizza', ['four'], undefined],
      ['two pizza', ['one'], ['three']],
    ]);
    const bare = await answerOf(listMessages, { query: 'pizza', include_context: false }, context());
    expect(JSON.stringify(bare)).not.toContain('context_before');
  });

  test('the result stays under 60 kB and goes on where it was cut', async () => {
    for (let index = 0; index < 40; index += 1) store.message({ chat: ANNA, id: `L${index}`, text: `${'漢'.repeat(1500)}${index}` });
    const first = await answerOf(listMessages, { limit: 40 }, context());
    expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(60_000);
    const second = await answerOf(listMessages, { limit: 40, cursor: first.next_cursor }, context());
    const all = [...idsOf(first), ...idsOf(second)];
    expect(new Set(all).size).toBe(all.length);
    expect(all.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, index) => `L${39 - index}`));
  });

  test('a body longer than 8,000 characters is cut, and says how long it is', async () => {
    store.message({ chat: ANNA, text: 'x'.repeat(20_000) });
    const [message] = (await answerOf(listMessages, {}, context())).messages;
    expect(message?.text).toHaveLength(8001);
    expect(message?.text_length).toBe(20_000);
  });

  test('only chats that may be seen are listed', async () => {
    store.message({ chat: ANNA, id: 'A' });
    store.message({ chat: GROUP, id: 'G', sender: ANNA });
    expect(idsOf(await answerOf(listMessages, {}, context(new Set([GROUP]))))).toEqual(['G']);
    expect(idsOf(await answerOf(listMessages, { sender_phone_number: ANNA }, context(new Set([GROUP]))))).toEqual(['G']);
    await expect(answerOf(listMessages, { chat_jid: ANNA }, context(new Set([GROUP])))).rejects.toMatchObject({ code: 'not_found' });
    expect(idsOf(await answerOf(listMessages, {}, context(new Set())))).toEqual([]);
  });

  test('a chat that is browsed tells what happened beside its messages, each event on one page', async () => {
    for (let index = 0; index < 4; index += 1) store.message({ chat: GROUP, id: `M${index}`, sender: ANNA, at: START + index * 1000 });
    const happened = (at: number, type: string, parameters: string[]) => store.insert('chat_events', { chat_jid: GROUP, type, timestamp: at, actor: ANNA, parameters: JSON.stringify(parameters) });
    happened(START + 500, 'group_participant_add', [BEN]);
    happened(START + 3500, 'group_change_subject', ['New\u202e name']);
    const first = await answerOf(listMessages, { chat_jid: GROUP, limit: 2 }, context());
    expect(first).toMatchObject({ events: [{ type: 'group_change_subject', by: 'Anna Schmidt', about: ['New name'] }] });
    const second = await answerOf(listMessages, { chat_jid: GROUP, limit: 2, cursor: first.next_cursor }, context());
    expect(second).toMatchObject({ events: [{ type: 'group_participant_add', about: ['+49 1510 0000002'] }] });
    expect(await answerOf(listMessages, { query: 'nothing' }, context())).not.toHaveProperty('events');
  });

  test('own messages say how far they came', async () => {
    store.message({ chat: ANNA, id: 'OWN', fromMe: true, sender: OWN, more: { status: 4 } });
    expect((await answerOf(listMessages, {}, context())).messages[0]).toMatchObject({ from_me: true, status: 'read' });
  });

  test('status updates are listed only when they are asked for', async () => {
    store.chat('status@broadcast');
    store.message({ chat: 'status@broadcast', id: 'S', sender: ANNA, text: 'on holiday' });
    expect(idsOf(await answerOf(listMessages, {}, context()))).toEqual([]);
    expect(idsOf(await answerOf(listMessages, { chat_jid: 'status@broadcast' }, context()))).toEqual(['S']);
  });

  test.each([
    [{ chat: 'x' }, /does not take "chat"/],
    [{ chat_jid: 'Nobody' }, /No chat is called/],
    [{ after: 'last week' }, /after: /],
    [{ cursor: 'abc' }, /cursor: /],
    [{ query: '%' }, /query: /],
    [{ sender_phone_number: GROUP }, /is a group, not a person/],
  ])('%j is refused in words', async (args, message) => {
    await expect((async () => answerOf(listMessages, args, context()))()).rejects.toThrow(message);
  });
});

describe('query_synced_messages', () => {
  test('shows the surroundings of hits in long texts', async () => {
    store.message({ chat: ANNA, id: 'LONG', text: `${'bla '.repeat(300)}Überweisung ${'bla '.repeat(300)}` });
    const [hit] = (await answerOf(querySyncedMessages, { query: 'uberweisung' }, context())).messages;
    expect(hit?.snippet).toContain('Überweisung');
    expect(hit?.text).toBeUndefined();
    expect(hit?.snippet?.length).toBeLessThan(200);
  });

  test('narrows by chat, sender, side, type and time', async () => {
    store.message({ chat: ANNA, id: '1', text: 'plan a' });
    store.message({ chat: ANNA, id: '2', text: 'plan b', fromMe: true, sender: OWN });
    store.message({ chat: GROUP, id: '3', text: 'plan c', sender: ANNA, more: { kind: 'image', media_type: 'image' } });
    const ids = async (args: object) => idsOf(await answerOf(querySyncedMessages, { query: 'plan', ...args }, context()));
    expect(await ids({})).toEqual(['3', '2', '1']);
    expect(await ids({ chat_jid: 'umzug' })).toEqual(['3']);
    expect(await ids({ sender: 'Anna Schmidt' })).toEqual(['3', '1']);
    expect(await ids({ from_me: true })).toEqual(['2']);
    expect(await ids({ media_type: 'image' })).toEqual(['3']);
    expect(await ids({ media_type: 'text' })).toEqual(['2', '1']);
    expect(await ids({ after: '2026-01-05T13:01', before: '2026-01-05T13:02' })).toEqual(['2']);
  });
});

describe('get_message_context', () => {
  test('gives the neighbours, oldest first', async () => {
    for (let index = 0; index < 9; index += 1) store.message({ chat: ANNA, id: `M${index}`, at: START + Math.floor(index / 3) });
    const answer = await answerOf(getMessageContext, { message_id: 'M4', before: 2, after: 3 }, context());
    const ids = (list: readonly AnswerEntry[]) => list.map(({ id }) => id);
    expect([ids(answer.before), answer.message.id, ids(answer.after)]).toEqual([['M2', 'M3'], 'M4', ['M5', 'M6', 'M7']]);
  });

  test('an id that two chats share needs the chat', async () => {
    store.message({ chat: ANNA, id: 'SAME', text: 'anna' });
    store.message({ chat: GROUP, id: 'SAME', sender: ANNA, text: 'group' });
    await expect(answerOf(getMessageContext, { message_id: 'SAME' }, context())).rejects.toMatchObject({ code: 'ambiguous', details: { candidates: expect.arrayContaining([{ jid: GROUP, name: 'Umzug' }]) as unknown } });
    expect((await answerOf(getMessageContext, { message_id: 'SAME', chat_jid: GROUP }, context())).message.text).toBe('group');
    expect((await answerOf(getMessageContext, { message_id: 'SAME' }, context(new Set([ANNA])))).message.text).toBe('anna');
  });
});

describe('get_message_statistics', () => {
  beforeEach(() => {
    // Half an hour before and after midnight in Berlin, in winter and in summer.
    for (const at of ['2026-01-31T22:30:00Z', '2026-01-31T23:30:00Z', '2026-07-31T21:30:00Z', '2026-07-31T22:30:00Z']) store.message({ chat: ANNA, at: Date.parse(at) });
    store.message({ chat: GROUP, sender: OWN, fromMe: true, at: Date.parse('2026-08-01T10:00:00Z'), more: { media_type: 'image', kind: 'image' } });
  });

  test.each([
    ['day', { '2026-08-01': 2, '2026-07-31': 1, '2026-02-01': 1, '2026-01-31': 1 }],
    ['week', { '2026-07-27': 3, '2026-01-26': 2 }],
    ['month', { '2026-08': 2, '2026-07': 1, '2026-02': 1, '2026-01': 1 }],
    ['hour', { '00': 2, '23': 2, '12': 1 }],
    ['weekday', { Saturday: 3, Friday: 1, Sunday: 1 }],
    ['sender', { [ANNA]: 4, [OWN]: 1 }],
    ['chat', { [ANNA]: 4, [GROUP]: 1 }],
    ['media_type', { none: 4, image: 1 }],
  ])('by %s, in local time', async (by, counts) => {
    const answer = await answerOf(getMessageStatistics, { group_by: by }, context());
    expect(Object.fromEntries(answer.groups.map(({ key, count }) => [key, count]))).toEqual(counts);
    expect(answer).toMatchObject({ total: 5, first_at: '2026-01-31T23:30:00+01:00', last_at: '2026-08-01T12:00:00+02:00' });
  });

  test('hours and weekdays come whole and in their order', async () => {
    const keys = async (group_by: string) => (await answerOf(getMessageStatistics, { group_by, limit: 1 }, context())).groups.map(({ key }) => key);
    expect(await keys('hour')).toEqual(['00', '12', '23']);
    expect(await keys('weekday')).toEqual(['Friday', 'Saturday', 'Sunday']);
  });

  test('of chats that may be seen, of one chat, of a time', async () => {
    expect((await answerOf(getMessageStatistics, {}, context(new Set([GROUP])))).total).toBe(1);
    expect((await answerOf(getMessageStatistics, { chat_jid: ANNA, after: '2026-07-01' }, context())).total).toBe(2);
    expect(await answerOf(getMessageStatistics, { group_by: 'day', limit: 1 }, context())).toMatchObject({ groups: [{ key: '2026-08-01', count: 2 }], not_listed: 3 });
  });
});

describe('get_unread_summary', () => {
  test('lists unread chats with their newest unread messages; muted ones when asked for', async () => {
    const quiet = store.chat('120363000000000002@g.us', { name: 'Laut', unread_count: 9, muted_until: -1 });
    for (const text of ['a', 'b', 'c']) store.message({ chat: ANNA, id: text, text });
    store.message({ chat: quiet, sender: ANNA });
    store.database.prepare('UPDATE chats SET unread_count = 2 WHERE jid = ?').run(ANNA);
    const answer = await answerOf(getUnreadSummary, {}, context());
    expect(answer).toMatchObject({ unread_chats: 1, unread_messages: 2, chats: [{ jid: ANNA, unread_count: 2, messages: [{ id: 'b' }, { id: 'c' }] }] });
    expect(await answerOf(getUnreadSummary, { include_muted: true, limit: 1 }, context())).toMatchObject({ unread_chats: 2, unread_messages: 11, not_listed: 1 });
  });
});

describe('get_poll_results', () => {
  const hash = (option: string) => createHash('sha256').update(option).digest('hex');

  test('counts votes by the hash of the option', async () => {
    const mid = store.message({ chat: GROUP, id: 'POLL', sender: ANNA, more: { kind: 'poll', payload: JSON.stringify({ question: 'Pizza?', options: ['Ja', 'Nein'], selectable_count: 1 }) } });
    store.insert('poll_votes', { mid, voter_jid: ANNA, hashes: JSON.stringify([hash('Ja')]), ts: 1 });
    store.insert('poll_votes', { mid, voter_jid: BEN, hashes: JSON.stringify([hash('Ja').toUpperCase(), 'ff']), ts: 2 });
    store.insert('poll_votes', { mid, voter_jid: STRANGER, hashes: '[]', ts: 3 });
    expect(await answerOf(getPollResults, { chat_jid: GROUP, message_id: 'POLL' }, context())).toMatchObject({
      question: 'Pizza?',
      selectable_count: 1,
      options: [
        { name: 'Ja', votes: 2, voters: ['Anna Schmidt', '+49 1510 0000002'] },
        { name: 'Nein', votes: 0, voters: [] },
      ],
      voters: 2,
      unknown_votes: 1,
    });
  });

  test('gives the results of an ended poll as WhatsApp told them', async () => {
    store.message({ chat: GROUP, id: 'ENDED', sender: ANNA, more: { kind: 'poll', payload: JSON.stringify({ question: 'Pizza?', results: [{ option: 'Ja', votes: 4 }, { option: 'Nein', votes: 1 }] }) } });
    expect(await answerOf(getPollResults, { chat_jid: GROUP, message_id: 'ENDED' }, context())).toMatchObject({ options: [{ name: 'Ja', votes: 4, voters: [] }, { name: 'Nein', votes: 1 }], voters: 4 });
  });

  test('says when the message is no poll', async () => {
    store.message({ chat: GROUP, id: 'TEXT', sender: ANNA });
    await expect(answerOf(getPollResults, { chat_jid: GROUP, message_id: 'TEXT' }, context())).rejects.toThrow(/not a poll/);
  });
});
