import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeStatus, StagedRow } from '@whatsapp-mcp/contract';
import { StagedRow as StagedRowSchema } from '@whatsapp-mcp/contract';
import type { Simulator } from 'wa-sim';
import { startSimulator } from 'wa-sim';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BridgeUnderTest, link } from './harness.ts';

let simulator: Simulator;
let bridge: BridgeUnderTest;

beforeEach(async () => {
  simulator = await startSimulator({ world: 'demo' });
  bridge = new BridgeUnderTest(simulator.url);
  await bridge.start();
});

afterEach(async () => {
  await bridge.dispose();
  await simulator.close();
});

/** The last chunk may overtake others: only without gaps is all of it here. */
const complete = ({ history }: BridgeStatus): boolean =>
  history.progress.some(({ sync_type, progress }) => sync_type === 'FULL' && progress === 100) && history.pending_downloads === 0 && history.chunk_gaps === 0;

const allIn = (): Promise<unknown> => bridge.until(complete, 60_000);

const names = (rows: readonly StagedRow[]): string[] => rows.flatMap(({ message }) => (message === undefined ? [] : `${message.chat} ${message.id}`));

/** Messages as the phone has them, without those that a chunk repeats. */
const different = (rows: readonly StagedRow[]): number => new Set(names(rows)).size;

describe('history', () => {
  test('is staged completely, in order, in valid records, and by pages of any size', async () => {
    await link(bridge, simulator.owner);
    await allIn();
    const rows = await bridge.rows(0, 2000);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq).sort((one, two) => one - two));
    expect(rows.filter(({ unreadable }) => unreadable !== undefined)).toEqual([]);
    for (const row of rows) StagedRowSchema.parse(row);
    expect(different(rows)).toBeGreaterThan(simulator.world.spec.totalMessages * 0.95);
    expect((await bridge.rows(0, 333)).map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq));
    const chunks = rows.flatMap(({ chunk }) => chunk ?? []);
    expect(chunks.map(({ sync_type }) => sync_type)).toEqual(expect.arrayContaining(['INITIAL_BOOTSTRAP', 'INITIAL_STATUS_V3', 'PUSH_NAME', 'RECENT', 'FULL']));
    expect((await bridge.status()).history).toMatchObject({ chunk_gaps: 0, failed_downloads: 0 });
  }, 120_000);

  test('is the same after the process was killed in the middle of it', async () => {
    await link(bridge, simulator.owner);
    await bridge.until(({ history }) => history.staged_rows > 3000);
    for (let kill = 0; kill < 3; kill += 1) {
      await bridge.stop('SIGKILL');
      await bridge.start();
      await bridge.call('contact.blocklist', {});
      await pause(50 * kill);
    }
    await allIn();
    const rows = await bridge.rows(0, 2000);
    const order = rows.flatMap(({ chunk }) => (chunk === undefined ? [] : `${chunk.sync_type} ${chunk.chunk_order ?? ''}`));
    expect(new Set(order).size, order.join()).toBe(order.length);
    const other = new BridgeUnderTest(simulator.url);
    try {
      await other.start();
      await link(other, simulator.owner);
      await other.until(complete, 60_000);
      const whole = await other.rows(0, 2000);
      expect(names(rows).sort()).toEqual(names(whole).sort());
    } finally {
      await other.dispose();
    }
  }, 180_000);

  test('only acknowledged rows are deleted', async () => {
    await link(bridge, simulator.owner);
    await allIn();
    const first = await bridge.call('history.page', { after_seq: 0, limit: 500 });
    const lastRead = first.rows.at(-1)!.seq;
    expect(first.rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(await bridge.call('history.clear', { dry_run: false })).toMatchObject({ rows: 0 });
    expect(await bridge.ask('history.acknowledge', { source_uuid: 'another', seq: 1 })).toMatchObject({ ok: false, error: { code: 'invalid_argument' } });
    await bridge.call('history.acknowledge', { source_uuid: first.source_uuid, seq: lastRead });
    expect(await bridge.call('history.acknowledge', { source_uuid: first.source_uuid, seq: 1 })).toEqual({ acknowledged_seq: lastRead });
    const kept = (await bridge.status()).history.staged_rows - lastRead;
    expect(await bridge.call('history.clear', { dry_run: true })).toMatchObject({ rows: lastRead, kept_unmerged: kept });
    await bridge.call('history.clear', { dry_run: false });
    const next = await bridge.call('history.page', { after_seq: 0, limit: 1 });
    expect(next.rows[0]?.seq).toBe(lastRead + 1);
  }, 120_000);
});

test('older messages come when they are asked for, and an event says so', async () => {
  simulator.owner.offerHistory({ fullDays: 0, recentDays: 5 });
  await link(bridge, simulator.owner);
  await bridge.until(({ history }) => history.progress.some(({ sync_type }) => sync_type === 'PUSH_NAME') && history.pending_downloads === 0);
  const held = (await bridge.rows()).flatMap(({ message }) => message ?? []);
  const chats = new Map<string, number>();
  for (const { chat } of held) chats.set(chat, (chats.get(chat) ?? 0) + 1);
  const chat = [...chats].filter(([jid]) => jid.endsWith('@g.us')).sort((one, two) => two[1] - one[1])[0]?.[0] ?? '';
  const oldest = held.filter((message) => message.chat === chat && !message.id.startsWith('3EB0')).sort((one, two) => one.timestamp - two.timestamp)[0]!;
  const event = await bridge.event(
    ({ type }) => type === 'history_answer',
    () => bridge.call('history.request', { chat, anchor: { id: oldest.id, from_me: oldest.from_me, timestamp: oldest.timestamp }, count: 50 }),
  );
  expect(event).toMatchObject({ chat });
  expect(event.messages).toBeGreaterThan(0);
  const answer = (await bridge.rows()).filter(({ sync_type, message }) => sync_type === 'ON_DEMAND' && message !== undefined);
  expect(answer).toHaveLength(event.messages ?? -1);
}, 60_000);
