import { failures } from '@whatsapp-mcp/contract';
import type { FailureCode } from '@whatsapp-mcp/contract';
import { expect, test } from 'vitest';
import { AttemptFailure } from '../../routing/attempt.ts';
import { ADA, ADA_LID, BOB, Desk, NOW, TEAM, sent } from '../testing/desk.ts';

const hello = { recipient: ADA, message: 'Hello' };

test('a send goes to whatsmeow with an id of ours, and answers where and when', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  const answer = await desk.answer('send_message', hello);
  expect(desk.asked).toEqual([{ bridge: 'whatsmeow', operation: 'message.send_text', input: { to: ADA, id: '3EB0000000000000000001', text: 'Hello' } }]);
  expect(answer).toEqual({ success: true, message_id: '3EB0000000000000000001', chat_jid: ADA, chat_name: 'Ada Lovelace', sent_at: '2026-01-05T13:30:00+01:00' });
});

test.each([
  ['her LID', ADA_LID],
  ['her number as people write it', '+49 1512 000001'],
  ['her name', 'ada lovelace'],
  ['a link', 'https://wa.me/491512000001'],
])('Ada is found by %s', async (_how, recipient) => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  expect(await desk.answer('send_message', { recipient, message: 'x' })).toMatchObject({ chat_jid: ADA });
});

test('a number that no chat has is looked up before anything is sent to it', async () => {
  using desk = new Desk({
    handlers: { 'message.send_text': sent, 'contact.check': ({ phone_numbers }) => ({ results: phone_numbers.map((phone_number) => ({ phone_number, on_whatsapp: phone_number === '4915129999999' })) }) },
  });
  expect(await desk.answer('send_message', { recipient: '+49 1512 9999999', message: 'x' })).toMatchObject({ chat_jid: '4915129999999@s.whatsapp.net' });
  expect(await desk.failure('send_message', { recipient: '+49 1512 8888888', message: 'x' })).toMatchObject({ code: 'not_found' });
  expect(desk.asked.filter(({ operation }) => operation === 'message.send_text')).toHaveLength(1);
});

test('a name that fits nobody, or several, sends nothing', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  desk.sample.chat('491512000003@s.whatsapp.net', { name: 'Ada Byron' });
  expect(await desk.failure('send_message', { recipient: 'Charlie', message: 'x' })).toMatchObject({ code: 'not_found' });
  expect(await desk.failure('send_message', { recipient: 'Ada', message: 'x' })).toMatchObject({ code: 'ambiguous' });
  expect(desk.asked).toEqual([]);
});

test('the same idempotency key answers with the first result and sends nothing', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  const first = await desk.answer('send_message', { ...hello, idempotency_key: 'k1' });
  const again = await desk.answer('send_message', { ...hello, idempotency_key: 'k1' });
  expect(again).toEqual({ ...first, repeated: true });
  expect(desk.asked).toHaveLength(1);
});

test('the same key for another message is refused', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  await desk.answer('send_message', { ...hello, idempotency_key: 'k1' });
  expect(await desk.failure('send_message', { recipient: ADA, message: 'Other', idempotency_key: 'k1' })).toMatchObject({ code: 'invalid_argument' });
  expect(desk.asked).toHaveLength(1);
});

test('two calls at once with one key send once', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  const both = await Promise.all([desk.call('send_message', { ...hello, idempotency_key: 'k1' }), desk.call('send_message', { ...hello, idempotency_key: 'k1' }, { signal: AbortSignal.timeout(200) })]);
  expect(both[0].isError).toBe(false);
  expect(desk.asked).toHaveLength(1);
});

test('after a day a key stands for a new send', async () => {
  let now = NOW;
  using desk = new Desk({ handlers: { 'message.send_text': sent }, now: () => now });
  await desk.answer('send_message', { ...hello, idempotency_key: 'k1' });
  now += 86_400_001;
  expect(await desk.answer('send_message', { ...hello, idempotency_key: 'k1' })).not.toHaveProperty('repeated');
  expect(desk.asked).toHaveLength(2);
});

test.each<FailureCode>(['restricted', 'not_allowed', 'whatsapp_error'])('a send that certainly failed (%s) gives its key back', async (code) => {
  let broken = true;
  using desk = new Desk({ handlers: { 'message.send_text': sent }, fault: (bridge) => (broken ? new AttemptFailure(bridge, code, 'no') : undefined) });
  expect(await desk.failure('send_message', { ...hello, idempotency_key: 'k1' })).toMatchObject({ code, hint: failures[code].hint, backend: 'whatsmeow' });
  broken = false;
  expect(await desk.answer('send_message', { ...hello, idempotency_key: 'k1' })).not.toHaveProperty('repeated');
});

test('an unknown outcome is told as such, goes to no other bridge, and its key sends nothing more', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent }, fault: (bridge) => new AttemptFailure(bridge, 'outcome_unknown', 'the connection ended') });
  const gone = { signal: AbortSignal.timeout(150) };
  expect(await desk.failure('send_message', { ...hello, idempotency_key: 'k1' }, gone)).toMatchObject({ code: 'outcome_unknown', retryable: false });
  expect(await desk.failure('send_message', { ...hello, idempotency_key: 'k1' }, gone)).toMatchObject({ code: 'outcome_unknown' });
  expect(desk.asked.map(({ bridge }) => bridge)).toEqual(['whatsmeow']);
});

test('an unknown outcome becomes a success when the message shows up in the store', async () => {
  using desk = new Desk({ fault: (bridge) => new AttemptFailure(bridge, 'outcome_unknown', 'the connection ended') });
  const answer = desk.answer('send_message', { ...hello, idempotency_key: 'k1' });
  await expect.poll(() => desk.asked.length).toBe(1);
  desk.sample.message({ chat: ADA, id: '3EB0000000000000000001', text: 'Hello', fromMe: true, at: NOW });
  desk.events.publish('whatsmeow', { id: 1, type: 'stored', at: NOW, chat: ADA });
  expect(await answer).toMatchObject({ success: true, message_id: '3EB0000000000000000001' });
  expect(await desk.answer('send_message', { ...hello, idempotency_key: 'k1' })).toMatchObject({ repeated: true });
});

test('a reply quotes the stored message in the form in which its sender was addressed', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  await desk.answer('send_message', { recipient: TEAM, message: 'Hi', reply_to_message_id: 'TEAM-1' });
  expect(desk.asked[0]?.input).toMatchObject({ quoted: { key: { chat: TEAM, id: 'TEAM-1', from_me: false, sender: ADA_LID }, text: 'Hello team' } });
  expect(await desk.failure('send_message', { recipient: TEAM, message: 'Hi', reply_to_message_id: 'NONE' })).toMatchObject({ code: 'not_found' });
});

test('mentions in a group that addresses by LID are written as LIDs, in the text too', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  const flags = { only_admins_send: 0, only_admins_edit: 0, only_admins_add: 0, join_approval: 0, is_community: 0, is_announcement_group: 0 };
  desk.sample.insert('groups', { jid: TEAM, name: 'Team', addressing_mode: 'lid', disappearing_seconds: 0, size: 3, observed_at: NOW, ...flags });
  await desk.answer('send_message', { recipient: TEAM, message: 'Look @491512000001', mentions: [ADA] });
  expect(desk.asked[0]?.input).toMatchObject({ text: 'Look @900000000001', mentions: [ADA_LID] });
});

test('disappearing chats keep their timer', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  desk.sample.database.prepare('UPDATE chats SET ephemeral_seconds = 604800 WHERE jid = ?').run(BOB);
  await desk.answer('send_message', { recipient: BOB, message: 'x' });
  expect(desk.asked[0]?.input).toMatchObject({ ephemeral_seconds: 604_800 });
});

test('sends over the cap of the day are refused before they reach a bridge', async () => {
  using desk = new Desk({ env: { WHATSAPP_SENDS_PER_DAY: '2' }, handlers: { 'message.send_text': sent } });
  await desk.answer('send_message', hello);
  await desk.answer('send_message', hello);
  expect(await desk.failure('send_message', hello)).toMatchObject({ code: 'rate_limited' });
  expect(desk.asked).toHaveLength(2);
});

test('sends to one chat reach the bridge in the order of the calls, one after the other', async () => {
  const running: string[] = [];
  const order: string[] = [];
  using desk = new Desk({
    handlers: {
      'message.send_text': async (input) => {
        running.push(input.text);
        expect(running).toHaveLength(1);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(running.pop() ?? '');
        return sent(input);
      },
    },
  });
  await Promise.all(['a', 'b', 'c', 'd'].map((message) => desk.answer('send_message', { recipient: ADA, message })));
  expect(order).toEqual(['a', 'b', 'c', 'd']);
});

test('a location, a poll, a contact card and a forward carry what they were given', async () => {
  const handlers = { 'message.send_location': sent, 'message.send_poll': sent, 'message.send_contact': sent, 'message.forward': sent };
  using desk = new Desk({ handlers });
  await desk.answer('send_location', { recipient: ADA, latitude: 1.5, longitude: -2.5, name: 'Here' });
  await desk.answer('send_poll', { recipient: TEAM, question: 'Lunch?', options: ['Pizza', 'Sushi'] });
  await desk.answer('send_contact', { recipient: BOB, contact: ADA });
  await desk.answer('forward_message', { chat_jid: ADA, message_id: 'FROM-ADA', recipient: BOB });
  const [location, poll, contact, forward] = desk.asked.map(({ input }) => input);
  expect(location).toMatchObject({ to: ADA, latitude: 1.5, longitude: -2.5, name: 'Here' });
  expect(poll).toMatchObject({ question: 'Lunch?', options: ['Pizza', 'Sushi'], selectable_count: 1 });
  expect(contact).toMatchObject({ display_name: 'Ada Lovelace' });
  expect(contact?.['vcard']).toContain('waid=491512000001:+49 1512000001');
  expect(Buffer.from(String(forward?.['content']), 'base64').toString('utf8')).toBe('\n\u000eShall we meet?');
  expect(forward).toMatchObject({ forwarding_score: 1 });
});

test('what may not be forwarded is not', async () => {
  using desk = new Desk({ handlers: { 'message.forward': sent } });
  desk.sample.message({ chat: ADA, id: 'ONCE', more: { kind: 'image', view_once: 1 } });
  desk.sample.message({ chat: ADA, id: 'GONE', more: { revoked: 1 } });
  expect(await desk.failure('forward_message', { chat_jid: ADA, message_id: 'ONCE', recipient: BOB })).toMatchObject({ code: 'not_allowed' });
  expect(await desk.failure('forward_message', { chat_jid: ADA, message_id: 'GONE', recipient: BOB })).toMatchObject({ code: 'expired' });
  expect(desk.asked).toEqual([]);
});

test('only own, recent messages are edited', async () => {
  using desk = new Desk({ handlers: { 'message.edit': sent } });
  expect(await desk.answer('edit_message', { chat_jid: ADA, message_id: 'TO-ADA', new_text: 'No' })).toMatchObject({ edited: true });
  expect(await desk.failure('edit_message', { chat_jid: ADA, message_id: 'FROM-ADA', new_text: 'No' })).toMatchObject({ code: 'not_allowed' });
});
