/** The whole history of a phone, through both libraries, into messages.db. */
import { namedWorld } from 'wa-sim';
import type { World } from 'wa-sim';
import { afterAll, beforeAll, expect } from 'vitest';
import type { McpHost } from '../harness/mcp-client.ts';
import { System } from '../harness/system.ts';
import { importAll } from '../harness/history-import.ts';
import { compare, expectedRows, storedRows } from '../harness/truth.ts';
import { verifies } from './verifies.ts';

let system: System;
let host: McpHost;
let world: World;

beforeAll(async () => {
  world = namedWorld('demo');
  system = await System.start({ world });
  host = await system.host();
});

afterAll(() => system.close());

verifies(['link.qr'], 'both bridges are linked by the pictures that the tool shows', async () => {
  for (const bridge of ['whatsmeow', 'baileys'] as const) {
    const answer = await host.raw('get_pairing_qr', { backend: bridge, wait_seconds: 30 });
    const words = answer.content.filter((part) => part.type === 'text').map((part) => part.text).join('\n');
    expect(words).not.toMatch(/2@[\w+/=]{20}/);
    await system.pair(host, bridge);
    expect(await system.status(bridge)).toMatchObject({ paired: true, simulated: true, own_pn: `${world.owner.pn}@s.whatsapp.net` });
  }
});

verifies(['history.exact'], 'messages.db holds the messages of the phone, no more and no less', async () => {
  const expected = expectedRows(world);
  expect(expected.length).toBeGreaterThanOrEqual(20_000);
  await importAll(system, host, expected.length);
  expect(compare(expected, storedRows(system))).toEqual({ expected: expected.length, found: expected.length, missing: [], unexpected: [], different: [] });
  // Both brought it: Baileys by its staging database, whatsmeow by its own queue.
  const merged = system.query<{ rows: number }>('SELECT inserted + duplicates + filled AS rows FROM merge_checkpoint');
  expect(merged[0]?.rows).toBeGreaterThanOrEqual(expected.length);
  expect(system.query<{ n: number }>(`SELECT count(*) AS n FROM wm_history_queue WHERE status = 'done'`)[0]?.n).toBeGreaterThan(3);
  expect(system.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(system.query('SELECT seq, error FROM merge_reject')).toEqual([]);
});

verifies(['history.one-chat-per-person'], 'nobody has two chats', () => {
  const mixed = [...world.chats.values()].filter(({ addressing, kind }) => kind === 'direct' && addressing !== 'pn');
  expect(mixed.length).toBeGreaterThan(0);
  const doubled = system.query<{ jid: string }>(
    `SELECT chats.jid FROM chats JOIN jid_map ON jid_map.lid = chats.jid JOIN chats AS other ON other.jid = jid_map.pn`,
  );
  expect(doubled).toEqual([]);
  const direct = system.query<{ n: number }>(`SELECT count(DISTINCT chat_jid) AS n FROM messages WHERE chat_jid LIKE '%@s.whatsapp.net' OR chat_jid LIKE '%@lid'`);
  const people = new Set(expectedRows(world).map(({ chat }) => chat).filter((chat) => /@(s\.whatsapp\.net|lid)$/.test(chat)));
  expect(direct[0]?.n).toBe(people.size);
});
