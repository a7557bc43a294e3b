/** The programs in the background, as `make up` and its sisters run them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { files } from '@whatsapp-mcp/contract';
import { afterEach, beforeEach, expect } from 'vitest';
import { project } from '../harness/bridge-process.ts';
import { McpHost } from '../harness/mcp-client.ts';
import { until } from '../harness/until.ts';
import { verifies } from './verifies.ts';

interface State {
  readonly pid: number;
  readonly programs: Readonly<Record<string, { readonly state: string; readonly pid?: number; readonly restarts: number; readonly last_exit?: string }>>;
}

let home: string;
/** Accounts that a test started: stopped whatever happens. */
let started: string[][];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
  started = [];
});

afterEach(async () => {
  for (const account of started) await run('down', account);
  rmSync(home, { recursive: true, force: true });
});

async function run(command: string, account: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ status: unknown; output: string }> {
  const args = ['--disable-warning=ExperimentalWarning', join(project, 'orchestrator/src/up/cli.ts'), command, ...account];
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WHATSAPP_')));
  const child = spawn(process.execPath, args, { env: { ...own, HOME: home, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit') as Promise<unknown[]>]);
  return { status: exit[0], output: stdout + stderr };
}

function stateIn(folder: string): State {
  return JSON.parse(readFileSync(join(folder, files.supervisorRun), 'utf8')) as State;
}

function alive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

verifies(['up.simulated', 'up.again', 'up.restarts', 'up.down'], 'a simulated account from start to stop', async () => {
  const account = ['--simulator'];
  started.push(account);
  const folder = join(home, '.whatsapp-mcp-sim');
  const first = await run('up', account);
  expect(first).toMatchObject({ status: 0 });
  expect(first.output).toMatch(/whatsmeow bridge +is connected as \d+@s\.whatsapp\.net on the simulator/);
  expect(first.output).toMatch(/baileys bridge +is (linked|connected).* as \d+@s\.whatsapp\.net on the simulator/);
  const block = JSON.parse(/\{\n[^]*\n\}/.exec(first.output)![0]) as { mcpServers: { whatsapp: { command: string; env: Record<string, string> } } };
  expect(block.mcpServers.whatsapp).toEqual({ command: join(project, 'bin/whatsapp-mcp'), env: { WHATSAPP_DATA_DIR: folder } });

  const before = stateIn(folder);
  const second = await run('up', account);
  expect(second.output).toContain('Already running; nothing was changed.');
  expect(stateIn(folder)).toEqual(before);

  const crashed = before.programs['whatsmeow']!.pid!;
  process.kill(crashed, 'SIGKILL');
  const again = await until('the whatsmeow bridge again', () => {
    const now = stateIn(folder).programs['whatsmeow'];
    return now?.state === 'running' && now.pid !== crashed ? now : undefined;
  }, { withinMs: 20_000 });
  expect(again).toMatchObject({ restarts: 1, last_exit: 'SIGKILL' });

  const host = await McpHost.start({ dataDir: folder, env: block.mcpServers.whatsapp.env });
  try {
    interface Report {
      readonly whatsmeow: { readonly paired?: boolean };
    }
    const linked = async () => ((await host.call<Report>('backend_status')).whatsmeow.paired === true ? true : undefined);
    await until('the linked bridge, seen from an MCP host', linked, { withinMs: 30_000 });
  } finally {
    await host.close();
  }

  const pids = [before.pid, ...Object.values(stateIn(folder).programs).map(({ pid }) => pid)];
  expect(pids.every(alive)).toBe(true);
  expect(await run('down', account)).toEqual({ status: 0, output: 'Stopped.\n' });
  // The supervisor lets go of its lock as its last act, a moment before it is gone.
  await until('the end of every process', () => (pids.some(alive) ? undefined : true), { withinMs: 3_000 });
  expect(existsSync(join(folder, files.supervisorRun))).toBe(false);
  expect(await run('status', account)).toMatchObject({ status: 1 });
});

/** A loopback port where nothing listens. */
async function deadPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

verifies(['up.unreachable'], 'an account whose WhatsApp does not answer', async () => {
  const account = ['--data-dir', join(home, 'account')];
  started.push(account);
  const env = { WHATSAPP_SIMULATOR: `ws://127.0.0.1:${await deadPort()}/ws/chat`, WHATSAPP_WHATSMEOW_PORT: '0', WHATSAPP_BAILEYS_PORT: '0' };
  const { status, output } = await run('up', account, env);
  expect(output).toContain('WhatsApp cannot be reached from this machine');
  expect(output).toContain('keeps trying');
  expect(status).toBe(0);
  expect(Object.values(stateIn(join(home, 'account')).programs).map(({ state }) => state)).toEqual(['running', 'running']);
});
