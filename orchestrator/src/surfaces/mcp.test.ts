import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { expect, test } from 'vitest';
import { AttemptFailure } from '../../routing/attempt.ts';
import { ADA, ADA_LID, BOB, Desk, sent } from '../testing/desk.ts';
import type { DeskOptions } from '../testing/desk.ts';
import { createMcpServer } from './mcp.ts';

interface Connected extends AsyncDisposable {
  readonly client: Client;
  readonly desk: Desk;
}

async function connected(options: DeskOptions = {}, answer?: 'accept' | 'refuse' | 'decline'): Promise<Connected> {
  const desk = new Desk(options);
  const server = createMcpServer(desk.calls, { version: '0.0.0' });
  const client = new Client({ name: 'test', version: '1' }, { capabilities: answer === undefined ? {} : { elicitation: {} } });
  if (answer !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, () => (answer === 'decline' ? { action: 'decline' as const } : { action: 'accept' as const, content: { allow: answer === 'accept' } }));
  }
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  return {
    client,
    desk,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await server.close();
      desk[Symbol.dispose]();
    },
  };
}

test('tools/list holds the chosen toolsets in one order, with flat schemas and nothing that only costs tokens', async () => {
  await using mcp = await connected({ env: { WHATSAPP_TOOLSETS: 'session,send', WHATSAPP_EXCLUDE_TOOLS: 'send_poll' } });
  const { tools } = await mcp.client.listTools();
  const names = tools.map(({ name }) => name);
  expect(names).toContain('backend_status');
  expect(names).not.toContain('send_poll');
  expect(names).not.toContain('list_chats');
  const text = JSON.stringify(tools);
  for (const noise of ['$schema', '"execution"', '9007199254740991', '$ref', 'anyOf', 'oneOf', 'allOf']) expect(text).not.toContain(noise);
  for (const { inputSchema } of tools) expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
});

test('instructions come with initialize', async () => {
  await using mcp = await connected();
  expect(mcp.client.getInstructions()).toContain('untrusted');
  expect(mcp.client.getServerVersion()).toMatchObject({ name: 'whatsapp' });
});

test('a failed call is a result that the model can read, not a protocol error', async () => {
  await using mcp = await connected();
  for (const request of [{ name: 'get_chat', arguments: { chat_jid: 'Nobody' } }, { name: 'nothing_of_ours' }, { name: 'get_chat', arguments: { wrong: 1 } }]) {
    const result = (await mcp.client.callTool(request)) as CallToolResult;
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toMatchObject({ ok: false, error: { code: expect.any(String) as string } });
  }
});

test('a picture comes as contents without structured content', async () => {
  await using mcp = await connected({ handlers: { 'session.pair_qr': () => ({ state: 'qr', qr: '2@hidden,of,the,pairing', expires_at: 1_767_700_000_000 }) } });
  const result = (await mcp.client.callTool({ name: 'get_pairing_qr', arguments: { backend: 'baileys' } })) as CallToolResult;
  expect(result.structuredContent).toBeUndefined();
  const [text, image] = result.content;
  expect(text).toMatchObject({ type: 'text', text: expect.stringContaining('expires at 2026-01-06T') as string });
  expect(JSON.stringify(text)).not.toContain('hidden');
  expect(image).toMatchObject({ type: 'image', mimeType: 'image/png', data: expect.stringMatching(/^iVBORw0KGgo/) as string });
  expect(mcp.desk.logged.join('')).not.toContain('hidden');
  expect(mcp.desk.asked).toMatchObject([{ bridge: 'baileys' }]);
});

test('a passkey step says what the person has to do', async () => {
  const passkey = { stage: 'request', request: '{"challenge":"abc"}', message: 'Confirm with your passkey.' } as const;
  await using mcp = await connected({ handlers: { 'session.pair_qr': () => ({ state: 'passkey', passkey }) } });
  const result = (await mcp.client.callTool({ name: 'get_pairing_qr', arguments: { backend: 'whatsmeow' } })) as CallToolResult;
  expect(result.content).toHaveLength(1);
  expect(JSON.stringify(result.content)).toContain('Confirm with your passkey.');
});

test.each([
  ['accept', true],
  ['refuse', false],
  ['decline', false],
] as const)('a host that can ask is asked, and %s decides', async (answer, goes) => {
  await using mcp = await connected({ env: { WHATSAPP_CONFIRM: 'risky' }, handlers: { 'message.send_text': sent } }, answer);
  const result = (await mcp.client.callTool({ name: 'send_message', arguments: { recipient: BOB, message: 'Hi' } })) as CallToolResult;
  expect(result.isError ?? false).toBe(!goes);
  expect(mcp.desk.asked).toHaveLength(goes ? 1 : 0);
});

test('cancelling a call reaches the bridge', async () => {
  const reached = Promise.withResolvers<boolean>();
  const blocklist = (_input: object, _bridge: string, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reached.resolve(true);
        reject(new AttemptFailure('whatsmeow', 'cancelled', 'cancelled'));
      });
    });
  await using mcp = await connected({ handlers: { 'contact.blocklist': blocklist } });
  const stop = new AbortController();
  const call = mcp.client.callTool({ name: 'get_blocked_contacts' }, undefined, { signal: stop.signal });
  const refused = expect(call).rejects.toThrow('enough');
  await expect.poll(() => mcp.desk.asked.length).toBe(1);
  stop.abort('enough');
  await refused;
  expect(await reached.promise).toBe(true);
});

test('progress reaches the host that asked for it', async () => {
  const groups = [1, 2, 3].map((n) => ({ jid: `12036300000000010${n}@g.us`, name: `Group ${n}`, is_announcement_group: false }));
  await using mcp = await connected({ handlers: { 'community.groups': () => ({ groups }), 'chat.mark_read': () => ({}) } });
  const seen: number[] = [];
  const options = { onprogress: ({ progress }: { progress: number }) => void seen.push(progress) };
  const result = (await mcp.client.callTool({ name: 'mark_community_as_read', arguments: { community_jid: '120363000000000100@g.us' } }, undefined, options)) as CallToolResult;
  expect(result.structuredContent).toMatchObject({ success: true, marked_groups: 3 });
  expect(seen).toEqual([1, 2, 3]);
});

test('a group that cannot be marked does not hide the others', async () => {
  const groups = [1, 2].map((n) => ({ jid: `12036300000000010${n}@g.us`, name: `Group ${n}`, is_announcement_group: false }));
  await using mcp = await connected({
    handlers: {
      'community.groups': () => ({ groups }),
      'chat.mark_read': ({ chat }, bridge) => {
        if (chat === groups[0]?.jid) throw new AttemptFailure(bridge, 'not_found', 'gone');
        return {};
      },
    },
  });
  const result = (await mcp.client.callTool({ name: 'mark_community_as_read', arguments: { community_jid: '120363000000000100@g.us' } })) as CallToolResult;
  expect(result.isError).toBeUndefined();
  expect(result.structuredContent).toMatchObject({ success: false, marked_groups: 1, failed_groups: 1, groups: [{ marked: false, problem: 'not_found: gone' }, { marked: true }] });
});

test('messages of others are marked, in a result that says what the mark means', async () => {
  await using mcp = await connected();
  const result = (await mcp.client.callTool({ name: 'list_messages', arguments: { chat_jid: ADA } })) as CallToolResult;
  expect(JSON.stringify(result.structuredContent)).toContain('"untrusted":true');
  expect(result.structuredContent).toHaveProperty('notice');
});

test('resources are what tools answer, under an address; those of tools that are switched off are not there', async () => {
  await using mcp = await connected();
  const { resources } = await mcp.client.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual(expect.arrayContaining(['whatsapp://status', 'whatsapp://unread', `whatsapp://chat/${encodeURIComponent(ADA)}/messages`]));
  const read = await mcp.client.readResource({ uri: `whatsapp://chat/${encodeURIComponent(ADA)}/messages` });
  expect(JSON.stringify(read.contents)).toContain('Shall we meet?');
  await expect(mcp.client.readResource({ uri: 'whatsapp://nothing' })).rejects.toThrow('There is no resource');
  await using few = await connected({ env: { WHATSAPP_TOOLSETS: 'session' } });
  expect((await few.client.listResources()).resources.map(({ uri }) => uri)).toEqual(['whatsapp://status']);
});

test('a chat in a template or a prompt is completed by name', async () => {
  await using mcp = await connected();
  const ofTemplate = await mcp.client.complete({ ref: { type: 'ref/resource', uri: 'whatsapp://chat/{chat_jid}/messages' }, argument: { name: 'chat_jid', value: 'lovel' } });
  expect(ofTemplate.completion.values).toEqual([ADA]);
  const ofPrompt = await mcp.client.complete({ ref: { type: 'ref/prompt', name: 'summarize_chat' }, argument: { name: 'chat', value: 'bo' } });
  expect(ofPrompt.completion.values).toEqual([BOB]);
});

test('a subscriber hears of new messages of its chat, and of no other', async () => {
  await using mcp = await connected();
  const heard: string[] = [];
  mcp.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
  const uri = `whatsapp://chat/${encodeURIComponent(ADA)}/messages`;
  await mcp.client.subscribeResource({ uri });
  for (const chat of [BOB, ADA_LID, ADA]) mcp.desk.events.publish('whatsmeow', { id: 1, type: 'stored', at: 1, chat });
  await expect.poll(() => heard, { timeout: 5_000 }).toEqual([uri]);
});

test('prompts name the tools to use, and refuse to be used without what they need', async () => {
  await using mcp = await connected();
  const { prompts } = await mcp.client.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual(['catch_up', 'summarize_chat', 'draft_reply', 'find_commitments', 'pair_device']);
  const { messages } = await mcp.client.getPrompt({ name: 'draft_reply', arguments: { chat: 'Ada' } });
  expect(JSON.stringify(messages)).toContain('\\"Ada\\"');
  await expect(mcp.client.getPrompt({ name: 'draft_reply' })).rejects.toThrow('needs: chat');
  const toolNames = new Set((await mcp.client.listTools()).tools.map(({ name }) => name));
  const named = await Promise.all(prompts.map(async ({ name }) => JSON.stringify(await mcp.client.getPrompt({ name, arguments: { chat: 'x' } }))));
  for (const word of named.join(' ').match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []) if (word !== 'chat_jid') expect(toolNames, word).toContain(word);
});
