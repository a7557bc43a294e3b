import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { historyStatus, nextPending, noteFailure, noteNotification } from './notifications.ts';
import type { Notification } from './notifications.ts';
import { readPage } from './page.ts';
import { Staging } from './staging.ts';

let folder: string;
let staging: Staging;
let now = 1000;

const open = (): Staging => new Staging(join(folder, 'temp.db'), () => now);
const notification = (messageId: string, chunkOrder: number): Notification => ({ messageId, proto: new Uint8Array([1]), syncType: 3, chunkOrder, progress: 10, sessionId: undefined });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staging-'));
  staging = open();
});

afterEach(() => {
  staging.close();
  rmSync(folder, { recursive: true });
});

const chunk = (notificationId: number) => ({ notificationId, syncType: 'RECENT', chunkOrder: 1, progress: 10, sessionId: undefined, messages: 1, chats: 0 });

describe('staging', () => {
  test('a notification is noted once, and done with its chunk', () => {
    expect(noteNotification(staging, notification('A', 1), now)).toBe(true);
    expect(noteNotification(staging, notification('A', 1), now)).toBe(false);
    const pending = nextPending(staging)!;
    staging.stageChunk(chunk(pending.id), [{ kind: 'message', chat: '1@lid', proto: new Uint8Array() }]);
    expect(nextPending(staging)).toBeUndefined();
    expect(historyStatus(staging)).toMatchObject({ last_seq: 2, staged_rows: 2, pending_downloads: 0, chunk_gaps: 0 });
  });

  test('a chunk that fails leaves nothing behind', () => {
    noteNotification(staging, notification('A', 1), now);
    const { id } = nextPending(staging)!;
    expect(() => staging.stageChunk({ ...chunk(id), messages: Number.NaN }, [{ kind: 'message' }])).toThrow();
    expect(nextPending(staging)?.id).toBe(id);
    expect(staging.countRows()).toBe(0);
  });

  test('gaps between chunks, failures and retries show in the status', () => {
    for (const order of [1, 2, 5]) noteNotification(staging, notification(`N${order}`, order), now);
    const { id } = nextPending(staging)!;
    noteFailure(staging, id, 'no route', now + 50);
    expect(nextPending(staging)?.id).not.toBe(id);
    noteFailure(staging, id, 'gone', undefined);
    expect(historyStatus(staging)).toMatchObject({ chunk_gaps: 2, pending_downloads: 2, failed_downloads: 1 });
  });

  test('numbers are never given twice, not even after everything was deleted', () => {
    const last = staging.stageLive([{ kind: 'record', extra: '{}' }, { kind: 'record', extra: '{}' }]);
    staging.acknowledge(staging.sourceUuid, last);
    staging.clear(now, false);
    staging.close();
    staging = open();
    expect(staging.stageLive([{ kind: 'record', extra: '{}' }])).toBe(last + 1);
  });

  test('rows of another account are dropped, under a new name', () => {
    staging.adopt('1@s.whatsapp.net', '1@lid');
    staging.stageLive([{ kind: 'record', extra: '{}' }]);
    const first = staging.sourceUuid;
    staging.adopt('1@s.whatsapp.net', undefined);
    expect([staging.sourceUuid, staging.countRows()]).toEqual([first, 1]);
    staging.adopt('2@s.whatsapp.net', '2@lid');
    expect(staging.sourceUuid).not.toBe(first);
    expect([staging.countRows(), staging.own().lid, staging.acknowledgedSeq()]).toEqual([0, '2@lid', 0]);
  });

  test('an unreadable row goes out with its bytes, and blocks nothing', () => {
    staging.stageLive([
      { kind: 'live', chat: '1@lid', id: 'X', proto: new Uint8Array([255, 255, 255]), extra: '{}' },
      { kind: 'record', extra: '{"mapping":{"lid":"1@lid","pn":"1@s.whatsapp.net","source":"test"}}' },
      { kind: 'record', extra: '{"mapping":{"lid":"nobody"}}' },
    ]);
    const { rows, last_seq } = readPage(staging, 0, 100);
    expect(rows.map((row) => [row.unreadable !== undefined, row.mapping?.lid])).toEqual([
      [true, undefined],
      [false, '1@lid'],
      [true, undefined],
    ]);
    expect(rows[0]?.unreadable?.proto).toBe(Buffer.from([255, 255, 255]).toString('base64'));
    expect(last_seq).toBe(3);
  });

  test('time passes in rows', () => {
    now = 5000;
    staging.stageLive([{ kind: 'record', extra: '{"mapping":{"lid":"1@lid","pn":"1@s.whatsapp.net","source":"test"}}' }]);
    expect(readPage(staging, 0, 1).rows[0]).toMatchObject({ seq: 1, sync_type: 'LIVE', received_at: 5000 });
  });
});
