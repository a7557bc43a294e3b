import { operationNames } from '@whatsapp-mcp/contract';
import { expect, test } from 'vitest';
import { ADA, ADA_LID, BOB, Desk, TEAM, sent } from '../testing/desk.ts';
import { parseAllowList } from './allow-list.ts';
import { rules } from './rules.ts';

const handlers = { 'message.send_text': sent, 'message.react': sent, 'chat.archive': () => ({}) } as const;
const text = { message: 'Hello' };

test('every operation has a rule, and what reaches people is never called reading', () => {
  expect(Object.keys(rules).toSorted()).toEqual([...operationNames].toSorted());
  for (const name of operationNames) {
    const { effect, reaches, paced } = rules[name];
    if (reaches !== undefined || paced === true) expect(['writes', 'destroys']).toContain(effect);
  }
});

test.each([
  ['+49 1512 000001', ADA],
  ['491512000001', ADA],
  [ADA, ADA],
  ['491512000001@c.us', ADA],
  [ADA_LID, ADA_LID],
])('an allow-list understands %s', (entry, jid) => {
  expect(parseAllowList([entry])).toEqual({ jids: new Set([jid]), unreadable: [] });
});

test.each(['Ada', '12', 'x@y.z', '+49 abc 1512000001'])('one entry that cannot be read (%s) makes a list allow nothing', (entry) => {
  const list = parseAllowList([ADA, entry]);
  expect(list.jids?.size).toBe(0);
  expect(list.unreadable).toEqual([entry]);
});

test.each([
  ['the number is listed, the LID is written', ADA, ADA_LID],
  ['the LID is listed, the number is written', ADA_LID, ADA],
])('recipients are compared after identities are resolved: %s', async (_how, listed, recipient) => {
  using desk = new Desk({ env: { WHATSAPP_ALLOWED_RECIPIENTS: listed }, handlers });
  expect(await desk.answer('send_message', { recipient, ...text })).toMatchObject({ success: true });
  expect(await desk.failure('send_message', { recipient: BOB, ...text })).toMatchObject({ code: 'policy_denied' });
  expect(await desk.failure('send_message', { recipient: TEAM, ...text })).toMatchObject({ code: 'policy_denied' });
  expect(desk.asked).toHaveLength(1);
});

test('an unreadable allow-list denies everybody and says why', async () => {
  using desk = new Desk({ env: { WHATSAPP_ALLOWED_RECIPIENTS: `${ADA}, Ada` }, handlers });
  const failure = await desk.failure('send_message', { recipient: ADA, ...text });
  expect(failure).toMatchObject({ code: 'policy_denied' });
  expect(failure.message).toContain('cannot be read');
  expect(desk.asked).toEqual([]);
});

test('reactions reach people too', async () => {
  using desk = new Desk({ env: { WHATSAPP_ALLOWED_RECIPIENTS: BOB }, handlers });
  expect(await desk.failure('send_reaction', { chat_jid: ADA, message_id: 'FROM-ADA', emoji: '👍' })).toMatchObject({ code: 'policy_denied' });
});

test('chats that are not visible are neither read nor changed', async () => {
  using desk = new Desk({ env: { WHATSAPP_VISIBLE_CHATS: BOB }, handlers });
  expect(await desk.failure('archive_chat', { chat_jid: ADA })).toMatchObject({ code: 'policy_denied' });
  expect(await desk.failure('send_reaction', { chat_jid: ADA, message_id: 'FROM-ADA', emoji: 'x' })).toMatchObject({ code: 'not_found' });
  expect(JSON.stringify(await desk.answer('list_chats'))).not.toContain(ADA);
  expect(await desk.answer('archive_chat', { chat_jid: BOB })).toMatchObject({ success: true });
});

test('a read-only server lists no tool that writes, and refuses the call and the argument that would', async () => {
  using desk = new Desk({ env: { WHATSAPP_READ_ONLY: '1' }, handlers: { 'group.invite_link': () => ({ link: 'https://chat.whatsapp.com/x', code: 'xxxx' }) } });
  expect(desk.calls.catalog.offered.filter(({ effect }) => effect === 'writes' || effect === 'destroys')).toEqual([]);
  expect(await desk.failure('send_message', { recipient: ADA, ...text })).toMatchObject({ code: 'policy_denied' });
  expect(await desk.answer('get_group_invite_link', { group_jid: TEAM })).toMatchObject({ revoked_old: false });
  expect(await desk.failure('get_group_invite_link', { group_jid: TEAM, revoke_old: true })).toMatchObject({ code: 'policy_denied' });
});

test.each<[string, string, string, boolean]>([
  // mode    recipient  why                          asked
  ['off', TEAM, 'nobody wants to be asked', false],
  ['risky', ADA, 'they have written to her before', false],
  ['risky', BOB, 'it is the first message to him', true],
  ['risky', TEAM, 'it is a group', true],
  ['all', ADA, 'every send', true],
])('confirmation %s, to %s (%s): asked %s', async (mode, recipient, _why, asked) => {
  const questions: string[] = [];
  using desk = new Desk({ env: { WHATSAPP_CONFIRM: mode }, handlers });
  const confirm = (question: string) => {
    questions.push(question);
    return Promise.resolve('accept' as const);
  };
  await desk.answer('send_message', { recipient, ...text }, { confirm });
  expect(questions).toHaveLength(asked ? 1 : 0);
  if (asked) expect(questions[0]).toMatch(/^Allow the assistant to send to .+: "Hello"\?$/);
});

test('the question names the person and the number', async () => {
  let asked = '';
  using desk = new Desk({ env: { WHATSAPP_CONFIRM: 'all' }, handlers });
  await desk.answer('send_message', { recipient: ADA_LID, ...text }, { confirm: (question) => ((asked = question), Promise.resolve('accept')) });
  expect(asked).toBe('Allow the assistant to send to Ada Lovelace (+491512000001): "Hello"?');
});

test.each(['decline', 'cancel'] as const)('a person who answers with %s has said no, and nothing is sent', async (answer) => {
  using desk = new Desk({ env: { WHATSAPP_CONFIRM: 'risky' }, handlers });
  expect(await desk.failure('send_message', { recipient: BOB, ...text }, { confirm: () => Promise.resolve(answer) })).toMatchObject({ code: 'declined' });
  expect(desk.asked).toEqual([]);
});

test('a host that cannot ask sends under "risky" and refuses under "all"', async () => {
  using risky = new Desk({ env: { WHATSAPP_CONFIRM: 'risky' }, handlers });
  expect(await risky.answer('send_message', { recipient: BOB, ...text })).toMatchObject({ success: true });
  using all = new Desk({ env: { WHATSAPP_CONFIRM: 'all' }, handlers });
  expect(await all.failure('send_message', { recipient: BOB, ...text })).toMatchObject({ code: 'policy_denied' });
});
