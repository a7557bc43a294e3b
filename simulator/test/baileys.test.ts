import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSimulator } from '../src/index.ts';
import type { Simulator } from '../src/index.ts';
import { BaileysClient } from './baileys-client.ts';

let sim: Simulator;
let client: BaileysClient;

beforeEach(async () => {
  sim = await startSimulator({ world: 'empty' });
  client = new BaileysClient(sim);
});

afterEach(async () => {
  client.stop();
  await sim.close();
});

test('Baileys links by QR code, gets history, and talks both ways', async () => {
  const bootstrapped = sim.waitFor('bootstrapped');
  await client.link(sim.owner);
  const [companion] = sim.owner.companions;
  expect(companion?.deviceId).toBe(1);
  await bootstrapped;
  await client.hear('messaging-history.set');

  const friend = sim.phone(firstFriend(sim));
  const sent = await friend.send({ to: sim.owner.pn, text: 'Are you there?' });
  await client.hearText('Are you there?');
  expect(client.texts().filter(({ id }) => id === sent.id)).toHaveLength(1);

  await client.socket?.sendMessage(friend.pn, { text: 'Yes, I am.' });
  const got = await friend.waitForMessage((message) => message.text === 'Yes, I am.');
  expect(got).toMatchObject({ sender: sim.owner.pn, senderDevice: 1, fromMe: false, deliveries: 1 });
  const copy = await sim.owner.waitForMessage((message) => message.id === got.id);
  expect(copy).toMatchObject({ fromMe: true, text: 'Yes, I am.' });
});

test('what was sent while Baileys was away arrives once when it is back', async () => {
  const bootstrapped = sim.waitFor('bootstrapped');
  await client.link(sim.owner);
  await bootstrapped;
  const friend = sim.phone(firstFriend(sim));
  await friend.send({ to: sim.owner.pn, text: 'first' });
  await client.hearText('first');
  await sim.owner.companions[0]?.whenDrained();
  client.stop();
  await sim.waitFor('disconnected');
  await friend.send({ to: sim.owner.pn, text: 'second' });
  await friend.send({ to: sim.owner.pn, text: 'third' });
  expect(sim.owner.companions[0]?.waiting).toBeGreaterThanOrEqual(2);
  client.forget();
  await client.connect();
  await client.hearText('third');
  expect(client.texts().map(({ text }) => text)).toEqual(['second', 'third']);
});

function firstFriend(simulator: Simulator): string {
  const friend = [...simulator.world.people.values()].find((person) => person !== simulator.world.owner);
  return friend?.pn ?? '';
}
