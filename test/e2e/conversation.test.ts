/** Messages out and in, and what still works when bridges are stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { specOf, worldOf } from 'wa-sim';
import { afterAll, beforeAll, expect } from 'vitest';
import { project } from '../harness/bridge-process.ts';
import type { McpHost } from '../harness/mcp-client.ts';
import { ToolError } from '../harness/mcp-client.ts';
import { System } from '../harness/system.ts';
import { until } from '../harness/until.ts';
import { verifies } from './verifies.ts';

const ARRIVES_WITHIN_MS = 20_000;

let system: System;
let host: McpHost;
let alice: string;

interface Listed {
  readonly messages: readonly { readonly id: string; readonly content?: string }[];
}

beforeAll(async () => {
  const world = worldOf(specOf('demo', { totalMessages: 1_000 }));
  alice = [...world.people.values()].find(({ pushName }) => pushName === 'Emma')!.pn;
  system = await System.start({ world, env: { WHATSAPP_BAILEYS: 'always' } });
  host = await system.host();
  await system.pair(host, 'whatsmeow');
  await system.pair(host, 'baileys');
});

afterAll(() => system.close());

/** The devices that a text came from, one entry for each time it arrived. */
async function arrivals(text: string): Promise<number[]> {
  const phone = system.simulator.phone(alice);
  await phone.waitForMessage((message) => message.text === text, { timeoutMs: ARRIVES_WITHIN_MS });
  return phone.inbox.filter((message) => message.text === text).flatMap(({ senderDevice, deliveries }) => Array<number>(deliveries).fill(senderDevice));
}

async function sendAndArrive(text: string): Promise<number[]> {
  await host.call('send_message', { recipient: alice, message: text });
  return arrivals(text);
}

function stored(text: string): readonly { readonly id: string; readonly is_from_me: number; readonly chat_jid: string }[] {
  return system.query(`SELECT id, is_from_me, chat_jid FROM messages WHERE content = ?`, text);
}

verifies(['message.send'], 'a message arrives once, and is kept', async () => {
  const text = 'Shall we meet at seven? 🥘';
  await host.call('send_message', { recipient: alice, message: text });
  expect(await arrivals(text)).toHaveLength(1);
  await until('the sent message in messages.db', () => (stored(text).length > 0 ? true : undefined), { withinMs: ARRIVES_WITHIN_MS });
  expect(stored(text)).toEqual([{ id: expect.any(String) as string, is_from_me: 1, chat_jid: `${alice}@s.whatsapp.net` }]);
});

verifies(['message.receive'], 'an answer is kept and listed', async () => {
  const text = 'Sieben passt, ich bringe Brot mit';
  const sent = await system.simulator.phone(alice).send({ to: system.simulator.owner.pn, text });
  await until('the answer in messages.db', () => (stored(text).length > 0 ? true : undefined), { withinMs: ARRIVES_WITHIN_MS });
  expect(stored(text)).toEqual([{ id: sent.id, is_from_me: 0, chat_jid: `${alice}@s.whatsapp.net` }]);
  const listed = await host.call<Listed>('list_messages', { chat_jid: `${alice}@s.whatsapp.net`, limit: 5 });
  expect(listed.messages.map(({ id }) => id)).toContain(sent.id);
});

verifies(['server.several'], 'three servers answer at once', async () => {
  const hosts = await Promise.all([system.host(), system.host(), system.host()]);
  const answers = await Promise.all(hosts.flatMap((one) => [one.call('list_chats', { limit: 3 }), one.call('backend_status')]));
  expect(answers).toHaveLength(6);
  const texts = hosts.map((_, index) => `from host ${index}`);
  await Promise.all(hosts.map((one, index) => one.call('send_message', { recipient: alice, message: texts[index] })));
  expect((await Promise.all(texts.map(arrivals))).map((devices) => devices.length)).toEqual([1, 1, 1]);
  await Promise.all(hosts.map((one) => one.close()));
});

verifies(['server.stdin-end', 'server.stdout'], 'a server ends with its stdin, and prints protocol only', async () => {
  const server = spawn(join(project, 'bin/whatsapp-mcp'), { env: { ...process.env, WHATSAPP_DATA_DIR: system.dataDir }, stdio: ['pipe', 'pipe', 'ignore'] });
  let printed = '';
  server.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'probe', version: '1' } } };
  server.stdin.write(`${JSON.stringify(hello)}\n`);
  await once(server.stdout, 'data');
  server.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  const exit = once(server, 'exit', { signal: AbortSignal.timeout(20_000) });
  server.stdin.end('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"backend_status","arguments":{}}}\n');
  expect(await exit).toEqual([0, null]);
  const lines = printed.trim().split('\n').map((line) => JSON.parse(line) as { jsonrpc: string });
  expect(lines.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
});

verifies(['degraded.send-other-bridge'], 'without whatsmeow, Baileys sends, once', async () => {
  const [first] = await sendAndArrive('Sent while both were there');
  await system.bridges.whatsmeow.stop();
  const devices = await sendAndArrive('Sent while the first bridge was away');
  expect(devices).toHaveLength(1);
  expect(devices[0]).not.toBe(first);
});

verifies(['degraded.reads', 'degraded.send-says-why'], 'without both, reads answer and a send says why not', async () => {
  await system.bridges.baileys.stop();
  const chats = await host.call<{ chats: readonly unknown[] }>('list_chats', { limit: 5 });
  expect(chats.chats).toHaveLength(5);
  await host.call('list_messages', { chat_jid: `${alice}@s.whatsapp.net` });
  const refused = host.call('send_message', { recipient: alice, message: 'never' });
  await expect(refused).rejects.toThrow(ToolError);
  await expect(refused).rejects.toMatchObject({ code: 'bridge_down', message: expect.stringContaining('make up') as string });
});
