import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const project = join(import.meta.dirname, '..');
const SYSTEM_PATH = '/usr/bin:/bin';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'launch ')));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A program that says it is some version of Node. */
function pretendNode(path: string, version: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`);
  chmodSync(path, 0o755);
}

/** A copy of the finder in a project of its own, where nothing is set up. */
function bareProject(): string {
  const root = join(folder, 'project');
  mkdirSync(join(root, 'scripts'), { recursive: true });
  cpSync(join(project, 'scripts/find-node.sh'), join(root, 'scripts/find-node.sh'));
  return root;
}

function find(root: string, { path = SYSTEM_PATH, args = [], env = {} }: { path?: string; args?: string[]; env?: Record<string, string> } = {}) {
  const { status, stdout, stderr } = spawnSync(join(root, 'scripts/find-node.sh'), args, { env: { PATH: path, ...env }, encoding: 'utf8' });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

describe('finding Node', () => {
  it.each([
    ['v20.20.2', false],
    ['v22.22.0', false],
    ['v24.0.0', true],
    ['v25.1.0', true],
    ['nonsense', false],
  ])('takes %s from PATH: %s', (version, taken) => {
    const node = join(folder, 'bin/node');
    pretendNode(node, version);
    const found = find(bareProject(), { path: `${join(folder, 'bin')}:${SYSTEM_PATH}` });
    expect(found.stdout === node).toBe(taken);
  });

  it('prefers the one that WHATSAPP_NODE names, and says so when that one is too old', () => {
    const node = join(folder, 'other node');
    pretendNode(node, 'v25.0.0');
    expect(find(bareProject(), { env: { WHATSAPP_NODE: node } })).toMatchObject({ status: 0, stdout: node });
    pretendNode(node, 'v18.0.0');
    const refused = find(bareProject(), { env: { WHATSAPP_NODE: node } });
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^whatsapp-mcp: WHATSAPP_NODE names .*: correct it or unset it\.$/);
  });

  it('says in one sentence how to go on when there is none', () => {
    const only = join(folder, 'tools only');
    mkdirSync(only);
    for (const tool of ['dirname', 'uname', 'sh']) symlinkSync(execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(only, tool));
    const root = bareProject();
    expect(find(root, { path: only }).stderr).toBe(
      `whatsapp-mcp: Node 24 or later is needed: run "make setup" in ${root}, which fetches one, or name one in WHATSAPP_NODE.`,
    );
    expect(find(root, { path: only, args: ['--install'] }).stderr).toMatch(/neither it nor npm is on this machine: install Node/);
  });

  it('records what setup found, so that a start needs no search', () => {
    const node = join(folder, 'bin/node');
    pretendNode(node, 'v24.0.0');
    const root = bareProject();
    find(root, { path: `${join(folder, 'bin')}:${SYSTEM_PATH}`, args: ['--install'] });
    expect(readlinkSync(join(root, '.toolchain/node'))).toBe(node);
    expect(find(root).stdout).toBe(join(root, '.toolchain/node'));
  });
});

describe('the programs in bin/', () => {
  it.each(['whatsapp-mcp', 'sync-checkpoint', 'wa-sim'])('%s starts through symlinks, from any folder, with a minimal environment', (name) => {
    const first = join(folder, 'first link');
    const second = join(folder, 'second');
    symlinkSync(join(project, 'bin', name), first);
    symlinkSync('first link', second);
    const { status, stdout, stderr } = spawnSync(second, ['--help'], { cwd: '/', env: { PATH: SYSTEM_PATH, HOME: folder }, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toBe('');
    expect(existsSync(join(folder, '.whatsapp-mcp'))).toBe(false);
  });
});
