/** A bridge dies in the middle of the import, alone: nobody else could bring what it would lose. */
import type { Bridge } from '@whatsapp-mcp/contract';
import { namedWorld } from 'wa-sim';
import { afterEach, expect } from 'vitest';
import { countStored, importAll } from '../harness/history-import.ts';
import { System } from '../harness/system.ts';
import { compare, expectedRows, storedRows } from '../harness/truth.ts';
import { until } from '../harness/until.ts';
import { verifies } from './verifies.ts';

const world = namedWorld('crowd');
const expected = expectedRows(world);
const complete = { expected: expected.length, found: expected.length, missing: [], unexpected: [], different: [] };

let system: System | undefined;

afterEach(async () => {
  await system?.close();
  system = undefined;
});

async function startLinked(bridge: Bridge): Promise<{ running: System; host: Awaited<ReturnType<System['host']>> }> {
  const running = await System.start({ world, env: { WHATSAPP_BAILEYS: 'always' } });
  system = running;
  const host = await running.host();
  await running.pair(host, bridge);
  return { running, host };
}

verifies(['history.survives-baileys-crash'], 'the Baileys bridge is killed three times while it takes history in', async () => {
  const { running, host } = await startLinked('baileys');
  const { baileys } = running.bridges;
  for (const staged of [1, 4_000, 12_000]) {
    const seen = async () => {
      const { last_seq: seq } = (await running.status('baileys')).history;
      return seq >= staged ? seq : undefined;
    };
    const seq = await until(`${staged} staged rows`, seen, { withinMs: 60_000, everyMs: 5 });
    if (staged === 1) expect(seq).toBeLessThan(expected.length / 2);
    await baileys.crash();
    await baileys.start();
  }
  await importAll(running, host, expected.length);
  expect(compare(expected, storedRows(running))).toEqual(complete);
  expect((await running.status('baileys')).history).toMatchObject({ pending_downloads: 0, failed_downloads: 0, chunk_gaps: 0 });
});

verifies(['history.survives-whatsmeow-crash'], 'the whatsmeow bridge is killed three times while it takes history in', async () => {
  const { running } = await startLinked('whatsmeow');
  const { whatsmeow } = running.bridges;
  for (const stored of [1, 4_000, 12_000]) {
    await until(`${stored} stored messages`, () => (countStored(running) >= stored ? true : undefined), { withinMs: 60_000, everyMs: 5 });
    await whatsmeow.crash();
    await whatsmeow.start();
  }
  const all = () => (countStored(running) >= expected.length ? true : undefined);
  await until(`${expected.length} messages`, all, { withinMs: 120_000, last: () => countStored(running) });
  expect(compare(expected, storedRows(running))).toEqual(complete);
  const open = () => (running.query(`SELECT id FROM wm_history_queue WHERE status = 'pending'`).length === 0 ? true : undefined);
  await until('an empty history queue', open, { withinMs: 60_000 });
});
