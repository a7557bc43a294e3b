import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Stage } from './fixtures/stage.ts';

const { READ } = proto.WebMessageInfo.Status;

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

test('Baileys links by QR code and talks both ways', async () => {
  const { sim, friend } = stage;
  const client = await stage.linkedBaileys();
  expect(sim.owner.companions).toMatchObject([{ deviceId: 1, platform: 'Mac OS', connected: true, bootstrapped: true }]);

  const sent = await friend.send({ to: sim.owner.pn, text: 'Are you there?' });
  await client.hearText('Are you there?');
  expect(client.texts().filter(({ id }) => id === sent.id)).toHaveLength(1);

  await client.socket?.sendMessage(friend.pn, { text: 'Yes, I am.' });
  const got = await friend.waitForMessage((message) => message.text === 'Yes, I am.');
  expect(got).toMatchObject({ sender: sim.owner.pn, senderDevice: 1, fromMe: false, deliveries: 1 });
  const copy = await sim.owner.waitForMessage((message) => message.id === got.id);
  expect(copy).toMatchObject({ fromMe: true, text: 'Yes, I am.' });
  // A receipt that overtakes Baileys' own event about the message is folded into it (Utils/event-buffer.js).
  await client.hearText('Yes, I am.');
  friend.markRead(sim.owner.pn, [got.id]);
  await client.hear('messages.update', (updates) => updates.some(({ key, update }) => key.id === got.id && update.status === READ));
});

test('Baileys links by a code that is typed on the phone', async () => {
  const client = stage.baileys();
  await client.connect();
  await client.qr();
  const shown = stage.sim.waitFor('codeShown');
  const code = await client.socket?.requestPairingCode(stage.sim.world.owner.pn);
  await shown;
  await expect(stage.sim.owner.enterPairingCode('AAAA-AAAA')).rejects.toThrow('wrong code');
  const companion = await stage.sim.owner.enterPairingCode(code ?? '');
  await client.opened();
  expect(companion).toMatchObject({ deviceId: 1 });
});

test('what was sent while Baileys was away arrives once when it is back', async () => {
  const { sim, friend } = stage;
  const client = await stage.linkedBaileys();
  await friend.send({ to: sim.owner.pn, text: 'first' });
  await client.hearText('first');
  await sim.owner.companions[0]?.whenDrained();
  const gone = sim.waitFor('disconnected');
  client.stop();
  await gone;
  await friend.send({ to: sim.owner.pn, text: 'second' });
  await friend.send({ to: sim.owner.pn, text: 'third' });
  expect(sim.owner.companions[0]?.waiting).toBe(2);
  client.forget();
  await client.connect();
  await client.hearText('third');
  expect(client.texts().map(({ text }) => text)).toEqual(['second', 'third']);
});

test('a device that is logged out on the phone is told so and cannot log in again', async () => {
  const client = await stage.linkedBaileys();
  stage.sim.owner.companions[0]?.logout();
  await client.closedWith(401);
  expect(stage.sim.owner.companions).toHaveLength(0);
  client.forget();
  await client.connect();
  await client.closedWith(401);
});

test('Baileys logs itself out', async () => {
  const client = await stage.linkedBaileys();
  const unlinked = stage.sim.waitFor('unlinked');
  await client.socket?.logout();
  await unlinked;
  expect(stage.sim.owner.companions).toHaveLength(0);
});
