import { Failure } from '@whatsapp-mcp/contract';
import type { BridgeStatus } from '@whatsapp-mcp/contract';
import pino from 'pino';
import { expect, test } from 'vitest';
import { mergeWhenStaged } from './auto-merge.ts';
import { createEventHub } from './event-hub.ts';

function status(last_seq: number, acknowledged_seq: number): BridgeStatus {
  const history = { last_seq, acknowledged_seq, staged_rows: 0, pending_downloads: 0, failed_downloads: 0, chunk_gaps: 0, progress: [] };
  return { bridge: 'baileys', version: '1', library: 'x', pid: 1, simulated: true, mode: 'always', state: 'connected', paired: true, restrictions: [], history };
}

/** A bridge with staged rows, and a merge that acknowledges them all. */
function bench(first: BridgeStatus | undefined, merge?: () => Promise<number>) {
  const events = createEventHub();
  const stop = new AbortController();
  let known = first;
  let merges = 0;
  const mergeAll = (): Promise<number> => {
    merges += 1;
    const last = known?.history.last_seq ?? 0;
    known = status(last, last);
    return Promise.resolve(last);
  };
  const parts = { events, log: pino({ level: 'silent' }), status: () => known, refresh: () => Promise.resolve(undefined), merge: merge ?? mergeAll };
  const ended = mergeWhenStaged(parts, stop.signal);
  const stage = (seq: number): void => {
    known = status(seq, known?.history.acknowledged_seq ?? 0);
    events.publish('baileys', { id: seq, type: 'staged', at: 0, last_seq: seq });
  };
  return {
    stage,
    merges: () => merges,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}

test('what was staged before this server started is merged', async () => {
  const { merges, stop } = bench(status(10, 0));
  await expect.poll(merges).toBe(1);
  await stop();
});

test('rows that are acknowledged are not merged again, new ones are', async () => {
  const { merges, stage, stop } = bench(status(10, 10));
  stage(10);
  stage(12);
  await expect.poll(merges).toBe(1);
  stage(13);
  await expect.poll(merges).toBe(2);
  await stop();
});

test('a burst of chunks is merged together', async () => {
  const { merges, stage, stop } = bench(status(0, 0));
  for (let seq = 1; seq <= 50; seq += 1) stage(seq);
  await expect.poll(merges).toBe(1);
  await stop();
  expect(merges()).toBe(1);
});

test('while another process merges, this one waits and ends quietly', async () => {
  let tried = 0;
  const { stop } = bench(status(10, 0), () => {
    tried += 1;
    return Promise.reject(new Failure('locked', 'another'));
  });
  await expect.poll(() => tried).toBe(1);
  await stop();
  expect(tried).toBe(1);
});

test('without a Baileys bridge nothing is merged', async () => {
  const { merges, stop } = bench(undefined);
  await stop();
  expect(merges()).toBe(0);
});
