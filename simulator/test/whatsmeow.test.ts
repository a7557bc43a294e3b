import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { startSimulator } from '../src/index.ts';
import type { Simulator } from '../src/index.ts';
import { WhatsmeowClient } from './whatsmeow-client.ts';

let sim: Simulator;
let client: WhatsmeowClient;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wa-sim-test-'));
  sim = await startSimulator({ world: 'empty' });
  client = new WhatsmeowClient(inject('whatsmeowBinary'), sim, folder);
});

afterEach(async () => {
  await client.stop();
  await sim.close();
  await rm(folder, { recursive: true });
});

test('whatsmeow links by QR code, gets history, and talks both ways', async () => {
  const bootstrapped = sim.waitFor('bootstrapped');
  await client.link(sim.owner);
  expect(sim.owner.companions[0]).toMatchObject({ deviceId: 1, platform: 'whatsmeow' });
  await bootstrapped;
  const { history } = (await client.hearEvent('HistorySync')) as { history?: unknown };
  expect(history).toMatchObject({ type: 'INITIAL_BOOTSTRAP' });

  const friend = sim.phone(firstFriend(sim));
  const sent = await friend.send({ to: sim.owner.pn, text: 'Are you there?' });
  expect(await client.hearText('Are you there?')).toMatchObject({ id: sent.id, from_me: false });

  await client.do('send', { to: friend.pn, text: 'Yes, I am.' });
  const got = await friend.waitForMessage((message) => message.text === 'Yes, I am.');
  expect(got).toMatchObject({ sender: sim.owner.pn, senderDevice: 1, fromMe: false, deliveries: 1 });
  expect(await sim.owner.waitForMessage((message) => message.id === got.id)).toMatchObject({ fromMe: true, text: 'Yes, I am.' });
  await client.hearEvent('Receipt', (line) => JSON.stringify(line).includes(got.id));
});

test('what was sent while whatsmeow was away arrives once when it is back', async () => {
  const bootstrapped = sim.waitFor('bootstrapped');
  await client.link(sim.owner);
  await bootstrapped;
  const friend = sim.phone(firstFriend(sim));
  await friend.send({ to: sim.owner.pn, text: 'first' });
  await client.hearText('first');
  await sim.owner.companions[0]?.whenDrained();
  const gone = sim.waitFor('disconnected');
  await client.do('disconnect');
  await gone;
  await friend.send({ to: sim.owner.pn, text: 'second' });
  await friend.send({ to: sim.owner.pn, text: 'third' });
  client.forget();
  await client.do('connect');
  await client.hearText('third');
  await client.hearEvent('OfflineSyncCompleted');
  expect(client.messages().map(({ text }) => text)).toEqual(['second', 'third']);
});

function firstFriend(simulator: Simulator): string {
  const friend = [...simulator.world.people.values()].find((person) => person !== simulator.world.owner);
  return friend?.pn ?? '';
}
