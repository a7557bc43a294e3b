import { afterEach, beforeEach, expect, test } from 'vitest';
import { Stage } from './fixtures/stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

test('whatsmeow links by QR code and talks both ways', async () => {
  const { sim, friend } = stage;
  const client = await stage.linkedWhatsmeow();
  expect(sim.owner.companions).toMatchObject([{ deviceId: 1, platform: 'whatsmeow', connected: true, bootstrapped: true }]);
  expect(await client.do('identity')).toEqual({ jid: sim.owner.companions[0]?.jid, lid: sim.owner.companions[0]?.lid });

  const sent = await friend.send({ to: sim.owner.pn, text: 'Are you there?' });
  expect(await client.hearText('Are you there?')).toMatchObject({ id: sent.id, from_me: false });

  await client.do('send', { to: friend.pn, text: 'Yes, I am.' });
  const got = await friend.waitForMessage((message) => message.text === 'Yes, I am.');
  expect(got).toMatchObject({ sender: sim.owner.pn, senderDevice: 1, fromMe: false, deliveries: 1 });
  expect(await sim.owner.waitForMessage((message) => message.id === got.id)).toMatchObject({ fromMe: true, text: 'Yes, I am.' });
  await client.hearEvent('Receipt', (line) => JSON.stringify(line).includes(got.id));
  expect(client.log).toBe('');
});

test('whatsmeow links by a code that is typed on the phone', async () => {
  const client = stage.whatsmeow();
  await client.do('connect');
  await client.hearEvent('QR');
  const code = await client.do('link_code', { phone: stage.sim.world.owner.pn });
  const companion = await stage.sim.owner.enterPairingCode(String(code));
  await client.hearEvent('Connected');
  expect(companion).toMatchObject({ deviceId: 1, platform: 'whatsmeow' });
});

test('what was sent while whatsmeow was away arrives once when it is back', async () => {
  const { sim, friend } = stage;
  const client = await stage.linkedWhatsmeow();
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

test('a device that is logged out on the phone is told so', async () => {
  const client = await stage.linkedWhatsmeow();
  stage.sim.owner.companions[0]?.logout();
  await client.hearEvent('LoggedOut');
  expect(stage.sim.owner.companions).toHaveLength(0);
});

test('whatsmeow logs itself out', async () => {
  const client = await stage.linkedWhatsmeow();
  const unlinked = stage.sim.waitFor('unlinked');
  await client.do('logout');
  await unlinked;
  expect(stage.sim.owner.companions).toHaveLength(0);
});

test('whatsmeow connects again when the connection drops', async () => {
  const client = await stage.linkedWhatsmeow();
  const again = stage.sim.waitFor('active', ({ device }) => device.id === 1, { timeoutMs: 20_000 });
  stage.sim.owner.companions[0]?.drop();
  await again;
  await stage.friend.send({ to: stage.sim.owner.pn, text: 'still here' });
  await client.hearText('still here');
});
