import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StagedRow } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../src/store/open.ts';
import { createCheckpoints } from './checkpoint.ts';
import { mergeStaged } from './engine.ts';
import type { MergeEvent, MergeOptions, MergeResult } from './engine.ts';
import { takeLock } from './lock.ts';
import { nextSize } from './pace.ts';
import { NOW } from './testing/facts.ts';
import { FakeSource } from './testing/source.ts';
import { history } from './testing/store.ts';

let folder: string;
let database: Database;
let source: FakeSource;
let events: MergeEvent[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'merge-'));
  database = openStore(join(folder, 'messages.db'), { mode: 'write' });
  source = new FakeSource();
  events = [];
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const messages = (count: number, from = 0): StagedRow[] =>
  Array.from({ length: count }, (_, k) =>
    history({ message: { chat: '15550001@s.whatsapp.net', id: `M${from + k}`, from_me: false, timestamp: NOW - 1_000 * k, kind: 'text', text: `text ${from + k}` } }),
  );

const merge = (options: Partial<MergeOptions> = {}): Promise<MergeResult> =>
  mergeStaged({
    database,
    lockPath: join(folder, 'run', 'merge.lock'),
    source,
    owner: 'test',
    now: () => NOW,
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
    pageSize: 10,
    ...options,
  });

const stored = (): number => database.prepare<[], { n: number }>('SELECT count(*) AS n FROM messages').get()!.n;
const checkpoint = (uuid = 'source-1') => createCheckpoints(database).get(uuid);

test('everything staged is merged page by page, then acknowledged', async () => {
  source.stage(...messages(35));
  source.beforePage = (afterSeq) => expect(source.acknowledged).toBe(afterSeq);
  const result = await merge();
  expect(result).toMatchObject({ state: 'complete', lastSeq: 35, pages: 4, rows: 35, lost: 0, tally: { inserted: 35, duplicates: 0 } });
  expect(stored()).toBe(35);
  expect(source.acknowledged).toBe(35);
  expect(checkpoint()).toMatchObject({ last_seq: 35, acknowledged_seq: 35, inserted: 35 });
  expect(events.map(({ type }) => type)).toEqual(['started', 'page', 'page', 'page', 'page', 'ended']);
  expect(await merge()).toMatchObject({ state: 'complete', rows: 0 });
});

test('a second merger is told who merges', async () => {
  source.stage(...messages(20));
  let refused: unknown;
  source.beforePage = async (afterSeq) => {
    if (afterSeq === 10) refused = await merge({ owner: 'second' }).catch((error: unknown) => error);
  };
  expect(await merge({ owner: 'sync-checkpoint (pid 42)' })).toMatchObject({ state: 'complete' });
  expect(refused).toBeInstanceOf(Failure);
  expect(refused).toMatchObject({ code: 'locked', message: expect.stringContaining('sync-checkpoint (pid 42)') as string });
  using lock = takeLock(join(folder, 'run', 'merge.lock'));
  expect(lock).toBeDefined();
});

test('a merger that was overtaken writes nothing more', async () => {
  source.stage(...messages(20));
  source.beforePage = (afterSeq) => {
    if (afterSeq === 10) createCheckpoints(database).acquire('the other one', NOW);
  };
  await expect(merge()).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('the other one') as string });
  expect(stored()).toBe(10);
  expect(checkpoint()?.last_seq).toBe(10);
});

test('a source that fails leaves the checkpoint where it was; the next run goes on there', async () => {
  source.stage(...messages(30));
  source.beforePage = (afterSeq) => {
    if (afterSeq === 20) throw new Failure('bridge_down', 'gone');
  };
  await expect(merge()).rejects.toMatchObject({ code: 'bridge_down' });
  expect(checkpoint()?.last_seq).toBe(20);
  source.beforePage = () => undefined;
  expect(await merge()).toMatchObject({ rows: 10, tally: { inserted: 10 } });
});

test('an acknowledgement that was lost is made up for', async () => {
  source.stage(...messages(15));
  source.refuseAcknowledgements = true;
  await merge();
  expect(source.acknowledged).toBe(0);
  expect(events.filter(({ type }) => type === 'unacknowledged')).toHaveLength(2);
  source.refuseAcknowledgements = false;
  await merge();
  expect(source.acknowledged).toBe(15);
});

test('a new staging database is merged from its beginning', async () => {
  source.stage(...messages(15));
  await merge();
  source = new FakeSource('source-2').stage(...messages(5), ...messages(5, 100));
  expect(await merge()).toMatchObject({ sourceUuid: 'source-2', rows: 10, tally: { inserted: 5, duplicates: 5 } });
});

describe('stopping', () => {
  test('cancelling leaves a checkpoint', async () => {
    const controller = new AbortController();
    source.stage(...messages(30));
    source.beforePage = (afterSeq) => {
      if (afterSeq === 10) controller.abort();
    };
    expect(await merge({ signal: controller.signal })).toMatchObject({ state: 'cancelled', lastSeq: 20 });
    expect(checkpoint()).toMatchObject({ last_seq: 20, acknowledged_seq: 20 });
  });

  test('a pause holds for every process until it is lifted', async () => {
    source.stage(...messages(30));
    source.beforePage = (afterSeq) => {
      if (afterSeq === 10) createCheckpoints(database).setPaused(true);
    };
    expect(await merge()).toMatchObject({ state: 'paused', lastSeq: 20 });
    await expect(merge()).rejects.toMatchObject({ code: 'locked' });
    createCheckpoints(database).setPaused(false);
    expect(await merge()).toMatchObject({ state: 'complete', lastSeq: 30 });
  });

  test('a full disk is named, nothing is acknowledged, and nothing is lost when there is room again', async () => {
    source.stage(...messages(400).map((row) => ({ ...row, message: { ...row.message!, raw: Buffer.alloc(3_000, 7).toString('base64') } })));
    const used = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${used + 40}`);
    await expect(merge({ pageSize: 50 })).rejects.toMatchObject({ code: 'store_unavailable', message: expect.stringContaining('disk is full') as string });
    expect(source.acknowledged).toBe(checkpoint()?.last_seq ?? 0);
    database.pragma('max_page_count = 1000000');
    await merge({ pageSize: 50 });
    expect(stored()).toBe(400);
  });
});

test('what cannot be merged is kept aside', async () => {
  const unreadable = history({ unreadable: { error: 'not a message', proto: 'AAEC' } });
  source.stage(...messages(2), unreadable);
  expect(await merge()).toMatchObject({ tally: { inserted: 2, rejected: 1 } });
  expect(database.prepare('SELECT seq, error FROM merge_reject').all()).toEqual([{ seq: 3, error: 'not a message' }]);
});

test('rows that vanished unmerged are reported as lost, deleted merged ones are not', async () => {
  source.stage(...messages(20));
  source.rows.splice(0, 5);
  expect(await merge()).toMatchObject({ lost: 5 });
  createCheckpoints(database).rewind('source-1', 0);
  expect(await merge()).toMatchObject({ lost: 0, tally: { inserted: 0, duplicates: 15 } });
});

test('pages shrink while others wait and grow back', () => {
  expect(nextSize(500, 60, 500)).toBe(250);
  expect(nextSize(250, 60, 500)).toBe(200);
  expect(nextSize(200, 5, 500)).toBe(250);
  expect(nextSize(10, 60, 10)).toBe(10);
  expect(nextSize(450, 0, 500)).toBe(500);
});
