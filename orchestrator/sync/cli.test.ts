import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { files } from '@whatsapp-mcp/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../src/store/open.ts';
import { takeLock } from './lock.ts';
import { serveSource } from './testing/bridge-server.ts';
import { FakeSource } from './testing/source.ts';
import { history } from './testing/store.ts';

let folder: string;
let source: FakeSource;
let server: Server;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
  source = new FakeSource();
  const message = (k: number) => history({ message: { chat: '15550001@s.whatsapp.net', id: `M${k}`, from_me: false, timestamp: 1_700_000_000_000 + k, kind: 'text', text: `text ${k}` } });
  source.stage(...Array.from({ length: 30 }, (_, k) => message(k)), history({ unreadable: { error: 'not a message', proto: 'AAEC' } }));
  server = await serveSource(folder, source);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

async function checkpoint(...words: readonly string[]): Promise<{ exit: number | null; lines: Record<string, unknown>[]; stderr: string }> {
  const entry = fileURLToPath(new URL('cli.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, '--json', '--data-dir', folder, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exit: await ended, lines: out.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>), stderr };
}

function edit(sql: string): void {
  const database = openStore(join(folder, files.messages), { mode: 'write' });
  database.exec(sql);
  database.close();
}

test('a merge is run, looked at, verified, and found out where something was lost', async () => {
  expect(await checkpoint('status')).toMatchObject({ exit: 2, lines: [{ type: 'status', lag: 31 }] });
  const run = await checkpoint('run', '--page', '10');
  expect(run.lines.map(({ type }) => type)).toEqual(['started', 'page', 'page', 'page', 'page', 'ended']);
  expect(run).toMatchObject({ exit: 2, stderr: '' });
  expect(await checkpoint('rejects', 'list')).toMatchObject({ exit: 2, lines: [{ type: 'reject', seq: 31, error: 'not a message' }] });
  expect(await checkpoint('verify')).toMatchObject({ exit: 0, lines: [{ type: 'verified', compared: 30, missingCount: 0, sound: true }] });
  edit("DELETE FROM messages WHERE id = 'M7'");
  expect(await checkpoint('verify')).toMatchObject({ exit: 5, lines: [{ missing: [{ seq: 8, id: 'M7' }] }] });
  expect(await checkpoint('rescan')).toMatchObject({ exit: 0 });
  expect((await checkpoint('run')).lines.at(-1)).toMatchObject({ type: 'ended', result: { tally: { inserted: 1, duplicates: 29 } } });
  expect(await checkpoint('coverage')).toMatchObject({ exit: 2, lines: [{ chat_jid: '15550001@s.whatsapp.net', messages: 30, state: 'idle' }] });
});

test('a lock, a pause, another version and a wrong word have codes of their own', async () => {
  const lock = takeLock(join(folder, files.mergeLock));
  expect(await checkpoint('run')).toMatchObject({ exit: 3, stderr: expect.stringContaining('Another process is merging') as string });
  lock?.release();
  expect(await checkpoint('pause')).toMatchObject({ exit: 0 });
  expect(await checkpoint('run')).toMatchObject({ exit: 3, stderr: expect.stringContaining('paused') as string });
  expect(await checkpoint('resume')).toMatchObject({ exit: 0 });
  edit('PRAGMA user_version = 99');
  expect(await checkpoint('status')).toMatchObject({ exit: 4, stderr: expect.stringContaining('schema version 99') as string });
  expect(await checkpoint('run', '--page', 'many')).toMatchObject({ exit: 64 });
});

test("WhatsApp's own export of a chat is taken over once", async () => {
  const path = join(folder, 'chat.txt');
  writeFileSync(path, '13.05.24, 10:00 - Ann: hello\n13.05.24, 10:01 - Me: hi\n');
  const words = ['import', 'export', path, '--chat', '15550001@s.whatsapp.net', '--me', 'Me', '--time-zone', 'UTC'];
  expect(await checkpoint(...words, '--dry-run')).toMatchObject({ exit: 0, lines: [{ type: 'imported', dry_run: true, inserted: 2 }] });
  expect(await checkpoint(...words)).toMatchObject({ exit: 0, lines: [{ type: 'imported', inserted: 2, known: 0 }] });
  expect(await checkpoint(...words)).toMatchObject({ exit: 0, lines: [{ inserted: 0, known: 2 }] });
  expect(await checkpoint('import', 'export', path)).toMatchObject({ exit: 1, stderr: expect.stringContaining('--chat') as string });
});
