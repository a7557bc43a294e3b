/** A bridge dies in the middle of the import. */
import { namedWorld } from 'wa-sim';
import type { World } from 'wa-sim';
import { afterEach, expect } from 'vitest';
import { System } from '../harness/system.ts';
import { until } from '../harness/until.ts';
import { countStored, importAll } from '../harness/history-import.ts';
import { compare, expectedRows, storedRows } from '../harness/truth.ts';
import { verifies } from './verifies.ts';

let system: System | undefined;

afterEach(async () => {
  await system?.close();
  system = undefined;
});

async function startLinked(world: World): Promise<{ system: System; host: Awaited<ReturnType<System['host']>> }> {
  const started = await System.start({ world, env: { WHATSAPP_BAILEYS: 'always' } });
  system = started;
  const host = await started.host();
  await Promise.all([started.pair(host, 'whatsmeow'), started.pair(host, 'baileys')]);
  return { system: started, host };
}

verifies(['history.survives-baileys-crash'], 'the Baileys bridge is killed twice while it takes history in', async () => {
  const world = namedWorld('crowd');
  const { system: running, host } = await startLinked(world);
  const { baileys } = running.bridges;
  for (const staged of [500, 6_000]) {
    const seen = async () => ((await running.status('baileys')).history.last_seq >= staged ? true : undefined);
    await until(`${staged} staged rows`, seen, { withinMs: 60_000, everyMs: 20 });
    await baileys.crash();
    await baileys.start();
  }
  const expected = expectedRows(world);
  await importAll(running, host, expected.length);
  expect(compare(expected, storedRows(running))).toMatchObject({ missing: [], unexpected: [], different: [] });
});

verifies(['history.survives-whatsmeow-crash'], 'the whatsmeow bridge is killed twice while it takes its part in', async () => {
  const world = namedWorld('crowd');
  const { system: running, host } = await startLinked(world);
  const { whatsmeow } = running.bridges;
  for (const stored of [200, 2_000]) {
    await until(`${stored} stored messages`, () => (countStored(running) >= stored ? true : undefined), { withinMs: 60_000, everyMs: 20 });
    await whatsmeow.crash();
    await whatsmeow.start();
  }
  const expected = expectedRows(world);
  await importAll(running, host, expected.length);
  expect(compare(expected, storedRows(running))).toMatchObject({ missing: [], unexpected: [], different: [] });
  // Its own queue is worked off too, not only covered by what Baileys brought.
  const open = () => (running.query(`SELECT id FROM wm_history_queue WHERE status = 'pending'`).length === 0 ? true : undefined);
  await until('an empty history queue', open, { withinMs: 60_000 });
});
