import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { files } from '@whatsapp-mcp/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Layout } from './layout.ts';
import { logPath, pathIn, prepare, simulatorPaths } from './layout.ts';
import { openLog } from './log-file.ts';
import { supervisorAlive, takeSupervisorLock } from './supervisor-lock.ts';

let folder: string;
const account = (simulated: boolean): Layout => ({ dataDir: join(folder, 'data'), simulated });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layout-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a data folder', () => {
  it('is for its owner only, also where it was there before', () => {
    mkdirSync(account(false).dataDir, { mode: 0o755 });
    prepare(account(false));
    for (const path of [account(false).dataDir, pathIn(account(false), 'logs')]) expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('of a real account is never used for the simulated one', () => {
    prepare(account(false));
    writeFileSync(join(account(false).dataDir, files.baileysSession), '');
    expect(() => prepare(account(true))).toThrow(/holds a real account: choose another folder/);
  });

  it('of the simulated account is never used for a real one', () => {
    prepare(account(true));
    writeFileSync(simulatorPaths(account(true)).settings, '{"port":1}');
    expect(() => prepare(account(false))).toThrow(/holds the simulated account: choose another folder in WHATSAPP_DATA_DIR/);
    expect(() => prepare(account(true))).not.toThrow();
  });

  it('has one supervisor at a time', () => {
    prepare(account(false));
    expect(supervisorAlive(account(false))).toBe(false);
    const lock = takeSupervisorLock(account(false));
    expect(lock).toBeDefined();
    expect(takeSupervisorLock(account(false))).toBeUndefined();
    expect(supervisorAlive(account(false))).toBe(true);
    lock?.release();
    expect(supervisorAlive(account(false))).toBe(false);
  });
});

describe('a log', () => {
  it('is turned over by size and keeps three old files, all for their owner only', async () => {
    prepare(account(false));
    const path = logPath(account(false), 'bridge');
    const failures: Error[] = [];
    const megabyte = `${'x'.repeat(1024 * 1024 - 1)}\n`;
    for (let round = 0; round < 5; round++) {
      const log = openLog(path, (error) => failures.push(error));
      for (let written = 0; written < 6; written++) log.write(megabyte);
      await log.close();
    }
    expect(failures).toEqual([]);
    const kept = ['', '.1', '.2', '.3', '.4'].filter((suffix) => existsSync(path + suffix));
    expect(kept).toEqual(['', '.1', '.2', '.3']);
    for (const suffix of kept) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
  });
});
