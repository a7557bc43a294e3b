/** The server as a process: what hosts see of it. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';

const main = new URL('../src/main.ts', import.meta.url).pathname;
const EXIT_MS = 20_000;

let folder: string;
let children: ChildProcessWithoutNullStreams[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stdio-'));
  children = [];
});

afterEach(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

interface Server {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: string[];
  readonly errors: string[];
  request(method: string, params?: object): Promise<Record<string, unknown>>;
}

function start(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Server {
  const child = spawn(process.execPath, [main, ...args], { env: { HOME: folder, WHATSAPP_DATA_DIR: join(folder, 'data'), ...env } });
  children.push(child);
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Map<number, (answer: Record<string, unknown>) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const message = JSON.parse(line) as { id?: number };
    if (message.id !== undefined) waiting.get(message.id)?.(message);
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  let count = 0;
  const request: Server['request'] = (method, params = {}) =>
    new Promise((resolve) => {
      count += 1;
      waiting.set(count, resolve);
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: count, method, params })}\n`);
    });
  return { child, lines, errors, request };
}

async function initialized(server: Server): Promise<void> {
  await server.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } });
  server.child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
}

async function exitCode(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = (await once(child, 'exit', { signal: AbortSignal.timeout(EXIT_MS) })) as [number | null];
  return code;
}

test('answers on stdout with nothing else there, logs JSON lines on stderr, and makes a folder for its owner only', async () => {
  const server = start({ WHATSAPP_LOG_LEVEL: 'debug' });
  await initialized(server);
  const answer = await server.request('tools/call', { name: 'backend_status', arguments: {} });
  expect(answer).toMatchObject({ result: { structuredContent: { whatsmeow: { reachable: false }, store: { works: true } } } });
  server.child.stdin.end();
  expect(await exitCode(server.child)).toBe(0);
  for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  for (const line of server.errors) expect(JSON.parse(line)).toHaveProperty('msg');
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
});

test('ends soon after its stdin ends, although streams and timers are open', async () => {
  const server = start();
  await initialized(server);
  server.child.stdin.end();
  expect(await exitCode(server.child)).toBe(0);
});

test.each(['SIGTERM', 'SIGINT'] as const)('ends well on %s', async (signal) => {
  const server = start();
  await initialized(server);
  server.child.kill(signal);
  expect(await exitCode(server.child)).toBe(0);
});

test('ends when the host has closed its end of stdout', async () => {
  const server = start();
  await initialized(server);
  server.child.stdout.destroy();
  server.child.stdin.write('{"jsonrpc":"2.0","id":9,"method":"tools/list"}\n');
  expect(await exitCode(server.child)).toBe(0);
});

test('several servers work on one data folder at once', async () => {
  const servers = [start(), start(), start()];
  await Promise.all(servers.map(initialized));
  const answers = await Promise.all(servers.flatMap((server) => [1, 2, 3].map(() => server.request('tools/call', { name: 'list_chats', arguments: {} }))));
  for (const answer of answers) expect(answer).not.toHaveProperty('result.isError');
  for (const { child } of servers) child.stdin.end();
  expect(await Promise.all(servers.map(({ child }) => exitCode(child)))).toEqual([0, 0, 0]);
});

test('a method that the server does not have is refused at once, and the host may go on with initialize', async () => {
  const server = start();
  expect(await server.request('server/discover')).toHaveProperty('error.code', -32601);
  await initialized(server);
  expect(await server.request('tools/list')).toHaveProperty('result.tools');
});

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['a misspelt setting', { WHATSAPP_READONLY: '1' }, /Unknown setting WHATSAPP_READONLY/],
  ['a toolset that is none', { WHATSAPP_TOOLSETS: 'sends' }, /unknown name sends.*default, all, session/],
  ['a tool that is none', { WHATSAPP_EXCLUDE_TOOLS: 'send_messages' }, /unknown name send_messages/],
])('%s ends the start with exit code 2 and one sentence', async (_what, env, sentence) => {
  const server = start(env);
  expect(await exitCode(server.child)).toBe(2);
  await expect.poll(() => server.errors).toHaveLength(1);
  expect(server.errors[0]).toMatch(sentence);
  expect(server.lines).toEqual([]);
});

test('a store of a newer version leaves the server up, and says so in every tool that needs it', async () => {
  const data = join(folder, 'data');
  const first = start();
  await initialized(first);
  await first.request('tools/call', { name: 'list_chats', arguments: {} });
  first.child.stdin.end();
  await exitCode(first.child);
  writeFileSync(join(data, 'messages.db'), 'this is no database, and longer than a header of one hundred bytes would be, so that it is read as such');
  const second = start();
  await initialized(second);
  const answer = await second.request('tools/call', { name: 'list_chats', arguments: {} });
  expect(answer).toMatchObject({ result: { isError: true, structuredContent: { error: { code: 'store_unavailable' } } } });
});

test('--version and --help answer on stdout', async () => {
  const run = async (arg: string): Promise<string> => {
    const child = spawn(process.execPath, [main, arg], { env: {} });
    children.push(child);
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    expect(await exitCode(child)).toBe(0);
    return Buffer.concat(parts).toString();
  };
  expect(await run('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(await run('--help')).toContain('WHATSAPP_ALLOWED_RECIPIENTS');
});
