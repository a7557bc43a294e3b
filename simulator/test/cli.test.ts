import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const CLI = join(import.meta.dirname, '../src/cli.ts');

let running: ChildProcessByStdio<null, Readable, Readable>;
let origin: string;
let lines: string[];

beforeEach(async () => {
  running = spawn(process.execPath, [CLI, 'serve', '--json', '--world', 'empty'], { stdio: ['ignore', 'pipe', 'pipe'] });
  lines = [];
  const output = createInterface({ input: running.stdout });
  output.on('line', (line) => lines.push(line));
  await once(output, 'line');
  ({ origin } = JSON.parse(lines[0] ?? '') as { origin: string });
});

afterEach(async () => {
  if (running.exitCode !== null || running.signalCode !== null) return;
  running.kill('SIGKILL');
  await once(running, 'exit');
});

async function control(method: string, input: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${origin}/control/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as { result?: unknown; error?: { code: string; message: string } } };
}

test('serve prints one line when it is ready and ends cleanly on SIGTERM', async () => {
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/ws\/chat$/) as string, owner: '14155550100@s.whatsapp.net' });
  running.kill('SIGTERM');
  const [code] = (await once(running, 'exit')) as [number | null];
  expect(code).toBe(0);
  expect(lines).toHaveLength(1);
});

test('the control endpoint lets phones talk and tells what they got', async () => {
  const { body } = await control('people', {});
  const [, friend] = body.result as { pn: string }[];
  const sent = await control('send', { from: friend?.pn, to: '14155550100', text: 'hello' });
  expect(sent.body.result).toMatchObject({ id: expect.stringMatching(/^AC[0-9A-F]{30}$/) as string });
  const got = await control('wait_for_message', { text: 'hello', timeout_ms: 2_000 });
  expect(got.body.result).toMatchObject({ text: 'hello', sender: `${friend?.pn ?? ''}@s.whatsapp.net`, content: { conversation: 'hello' } });
  expect((await control('inbox', {})).body.result).toMatchObject({ total: 1 });
});

test.each([
  ['scan_qr', { qr: 'nonsense' }, 409, 'link_failed'],
  ['scan_qr', {}, 400, 'invalid_input'],
  ['inbox', { account: '1', more: true }, 400, 'invalid_input'],
  ['inbox', { account: '1' }, 404, 'not_found'],
  ['send', { to: 'nobody', text: '' }, 400, 'invalid_input'],
  ['drop', { device: 3 }, 404, 'not_found'],
  ['wait_for_message', { text: 'never', timeout_ms: 20 }, 408, 'timed_out'],
  ['fly', {}, 404, 'unknown_method'],
  ['lift_fault', { id: 5 }, 404, 'not_found'],
])('%s with %j answers %i %s', async (method, input, status, code) => {
  const answer = await control(method, input);
  expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status, code });
});

test('pages of the web cannot use the control endpoint', async () => {
  expect(await control('world', {}, { origin: 'http://127.0.0.1' })).toMatchObject({ status: 403, body: { error: { code: 'not_local' } } });
  expect((await fetch(`${origin}/noise-root`)).status).toBe(200);
});

test('a wrong option is explained', async () => {
  const failing = spawn(process.execPath, [CLI, 'serve', '--port', '70000'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  failing.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = (await once(failing, 'exit')) as [number];
  expect(code).toBe(1);
  expect(told).toContain('expected a whole number from 0 to 65535, got "70000"');
});
