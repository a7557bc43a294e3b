import { afterEach, beforeEach, expect, test } from 'vitest';
import { Stage } from './fixtures/stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

test('people other than the owner can link devices too, and write to each other', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = stage.whatsmeow();
  await whatsmeow.link(friend);
  await friend.companions[0]?.whenBootstrapped();

  await baileys.socket?.sendMessage(friend.pn, { text: 'to all your devices' });
  expect(await whatsmeow.hearText('to all your devices')).toMatchObject({ from_me: false });
  await friend.waitForMessage(({ text }) => text === 'to all your devices');
  await whatsmeow.do('send', { to: sim.owner.pn, text: 'to all of yours' });
  await baileys.hearText('to all of yours');
  expect(await sim.owner.waitForMessage(({ text }) => text === 'to all of yours')).toMatchObject({ sender: friend.pn, senderDevice: 1 });
});

test('status posts reach the other side', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  await friend.send({ to: 'status@broadcast', text: 'off to the sea' });
  await baileys.hearText('off to the sea');
  expect(await whatsmeow.hearText('off to the sea')).toMatchObject({ chat: 'status@broadcast' });
  const statusJidList = stage.friends().map(({ pn }) => pn);
  await baileys.socket?.sendMessage('status@broadcast', { text: 'back home' }, { statusJidList });
  expect(await friend.waitForMessage(({ text }) => text === 'back home')).toMatchObject({ chat: 'status@broadcast', sender: sim.owner.pn });
  await baileys.socket?.sendMessage('status@broadcast', { text: 'and hungry' }, { statusJidList });
  await friend.waitForMessage(({ text }) => text === 'and hungry');
});

test('a fifth device is refused, and a device that logs out makes room', async () => {
  const { sim } = stage;
  for (const _device of [1, 2, 3, 4]) await stage.baileys().link(sim.owner);
  const fifth = stage.baileys();
  await fifth.connect();
  await expect(sim.owner.scanQr(await fifth.qr())).rejects.toThrow('has 4 linked devices');
  sim.owner.companions[0]?.logout();
  expect(await sim.owner.scanQr(await fifth.qr())).toMatchObject({ deviceId: 5 });
});

test('an old code, or one of another server, links nothing', async () => {
  const client = stage.baileys();
  await client.connect();
  const [, noise = '', identity = '', secret = ''] = (await client.qr()).split(',');
  const codes = [['nobody', noise, identity, secret], ['', noise, identity, secret], ['2@x', noise, 'AAAA', secret]];
  for (const parts of codes) await expect(stage.sim.owner.scanQr(parts.join(','))).rejects.toThrow();
  expect(stage.sim.owner.companions).toHaveLength(0);
});
