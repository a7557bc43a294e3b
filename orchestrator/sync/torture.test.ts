import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { torture } from './torture/harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torture-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('processes killed at any moment lose and double nothing', { timeout: 120_000 }, async () => {
  const result = await torture({ folder, messages: 15_000, kills: 6, shortest: 100, longest: 400, random: Math.random });
  expect(result.kills).toBeGreaterThanOrEqual(6);
  expect(result).toMatchObject({ expected: 15_000, missing: 0, doubled: 0, wrong: 0, waiting: 0, defects: [] });
});

test('acknowledging before the commit is found out', { timeout: 120_000 }, async () => {
  const result = await torture({ folder, messages: 2_000, kills: 0, shortest: 1, longest: 2, random: Math.random, acknowledgeFirst: true });
  expect(result.missing).toBeGreaterThan(0);
});
