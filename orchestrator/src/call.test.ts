import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AttemptFailure } from '../routing/attempt.ts';
import { callTool } from './call.ts';
import { ADA, ADA_LID, Desk, NOW, TEAM, sent } from './testing/desk.ts';
import { aliases } from './tools/aliases.ts';

test('an unknown argument is refused with the names of the allowed ones', async () => {
  using desk = new Desk();
  const { code, message } = await desk.failure('get_chat', { chat: ADA });
  expect(code).toBe('invalid_argument');
  expect(message).toBe('get_chat does not take "chat". It takes: chat_jid, include_last_message.');
});

test('null for an optional argument is as if it were not there', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  expect(await desk.answer('send_message', { recipient: ADA, message: 'x', reply_to_message_id: null, mentions: null })).toMatchObject({ success: true });
});

test('a wrong type names the argument', async () => {
  using desk = new Desk();
  expect((await desk.failure('send_message', { recipient: 7, message: 'x' })).message).toContain('recipient');
});

test('an unknown tool names those near it', async () => {
  using desk = new Desk();
  expect((await desk.failure('send_text_message', {})).message).toContain('send_message');
});

test('structured content and text are the same JSON', async () => {
  using desk = new Desk();
  for (const name of ['list_chats', 'no_such_tool']) {
    const { content, structured } = await desk.call(name);
    expect(content).toEqual([{ type: 'text', text: JSON.stringify(structured) }]);
  }
});

test('a failure says its code, whether to try again, which bridge, and what to do', async () => {
  using desk = new Desk({ fault: (bridge) => new AttemptFailure(bridge, 'not_paired', 'It is not linked.') });
  expect(await desk.failure('get_linked_devices')).toEqual({
    code: 'not_paired',
    message: 'It is not linked. (also tried: baileys: not_paired)',
    retryable: false,
    backend: 'whatsmeow',
    hint: expect.stringContaining('get_pairing_qr') as string,
  });
});

test('a defect is told without its inside, and logged without arguments', async () => {
  const secret = 'the text of a message';
  using desk = new Desk({
    handlers: {
      'message.send_text': () => {
        throw new TypeError('defect');
      },
    },
  });
  const failure = await desk.failure('send_message', { recipient: ADA, message: secret }, { signal: AbortSignal.timeout(100) });
  expect(failure.code).toBe('internal');
  expect(failure.message).not.toContain('defect');
  expect(desk.logged.join('')).toContain('defect');
  expect(desk.logged.join('')).not.toContain(secret);
});

test('calls that change something leave one audit line each, without text, in a file for the owner only', async () => {
  using desk = new Desk({ handlers: { 'message.send_text': sent } });
  await desk.answer('send_message', { recipient: ADA, message: 'a secret' });
  await desk.failure('send_message', { recipient: ADA, message: 'x'.repeat(70_000) });
  await desk.answer('list_chats');
  const path = join(desk.sample.folder, 'audit.jsonl');
  const lines = readFileSync(path, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual([
    {
      at: new Date(NOW).toISOString(),
      tool: 'send_message',
      client: 'test',
      operations: [{ operation: 'message.send_text', outcome: 'ok', targets: [ADA], bridge: 'whatsmeow', message_id: '3EB0000000000000000001' }],
      outcome: 'ok',
    },
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('every old name leads to a tool that is there, and is not listed itself', () => {
  using desk = new Desk();
  const names = new Set(desk.calls.catalog.all.map(({ name }) => name));
  for (const [old, { tool }] of Object.entries(aliases)) {
    expect(names.has(tool), `${old} > ${tool}`).toBe(true);
    expect(names.has(old)).toBe(false);
  }
});

test('an old call without its chat finds it by the message, and refuses an id of two chats', async () => {
  using desk = new Desk({ handlers: { 'message.edit': sent } });
  expect(await desk.answer('edit_message_v2', { message_id: 'TO-ADA', new_text: 'No' })).toMatchObject({ chat_jid: ADA });
  desk.sample.message({ chat: TEAM, id: 'TO-ADA', fromMe: true });
  const failure = await desk.failure('edit_message_v2', { message_id: 'TO-ADA', new_text: 'No' });
  expect(failure.code).toBe('ambiguous');
  expect(failure.message).toContain(ADA);
  expect(failure.message).toContain(TEAM);
});

test.each([
  ['send_text_message_v2', { chat_jid: ADA, text: 'Hi' }, { to: ADA, text: 'Hi' }],
  ['send_location_v2', { chat_jid: ADA, latitude: 1, longitude: 2 }, { to: ADA, latitude: 1, longitude: 2 }],
  ['react_to_message_v2', { message_id: 'FROM-ADA', emoji: '👍' }, { emoji: '👍' }],
  ['mark_message_read_v2', { message_id: 'FROM-ADA' }, { chat: ADA, messages: [{ id: 'FROM-ADA' }], whole_chat: false }],
  ['forward_message_v2', { message_id: 'FROM-ADA', to_chat_jid: TEAM }, { to: TEAM }],
])('the old name %s still does its work', async (name, args, input) => {
  const handlers = { 'message.send_text': sent, 'message.send_location': sent, 'message.react': sent, 'message.forward': sent, 'chat.mark_read': () => ({}) };
  using desk = new Desk({ handlers });
  expect(await desk.answer(name, args)).toMatchObject({ success: true });
  expect(desk.asked[0]?.input).toMatchObject(input);
});

test('a result that is too long is cut at its longest list, and says so', async () => {
  const jids = Array.from({ length: 5_000 }, (_, index) => `49151${String(index).padStart(7, '0')}@s.whatsapp.net`);
  using desk = new Desk({ handlers: { 'contact.blocklist': () => ({ jids }) } });
  const { content, structured } = await desk.call('get_blocked_contacts');
  expect(Buffer.byteLength(JSON.stringify(content[0]))).toBeLessThan(80_000);
  expect(structured).toMatchObject({ count: 5_000, truncated: { blocked: { total: 5_000 } } });
});

test('a blocked person goes by the JID of their chat, once', async () => {
  using desk = new Desk({ handlers: { 'contact.blocklist': () => ({ jids: [ADA_LID, ADA] }) } });
  expect(await desk.answer('get_blocked_contacts')).toMatchObject({ count: 1, blocked: [{ jid: ADA, name: 'Ada Lovelace' }] });
});

test('tools of the store answer when both bridges are down', async () => {
  using desk = new Desk();
  for (const tool of desk.calls.catalog.offered.filter(({ route }) => route === 'store')) {
    const [example = {}] = tool.examples;
    const { isError, structured } = await desk.call(tool.name, example);
    const code = (structured?.['error'] as { code?: string } | undefined)?.code;
    expect(isError ? code : 'ok', tool.name).toMatch(/^(ok|not_found)$/);
  }
  expect(desk.asked).toEqual([]);
});

test('whatever a call does, its bridges are given no more than what hosts wait for; the time a person takes to answer does not count', async () => {
  let now = NOW;
  const deadlines: number[] = [];
  using desk = new Desk({ env: { WHATSAPP_CONFIRM: 'all' }, handlers: { 'message.send_text': sent }, now: () => now });
  const route = desk.router.ask.bind(desk.router);
  const watched = { ...desk.calls, router: { ...desk.router, ask: ((operation, input, options) => (deadlines.push(options.deadlineMs ?? 0), route(operation, input, options))) as typeof route } };
  const caller = { client: 'test', signal: new AbortController().signal, confirm: () => ((now += 100_000), Promise.resolve('accept' as const)), progress: () => undefined };
  await callTool(watched, { name: 'send_message', args: { recipient: ADA, message: 'x' } }, caller);
  expect(deadlines).toEqual([44_000]);
});
