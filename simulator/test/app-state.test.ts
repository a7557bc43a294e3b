import { afterEach, beforeEach, expect, test } from 'vitest';
import { actions } from '../src/index.ts';
import { Stage } from './fixtures/stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

const now = () => Math.floor(Date.now() / 1000);

test('what the phone or one client does to a chat reaches the others, with all MACs right', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys({ appStateMacVerification: { patch: true, snapshot: true } });
  const whatsmeow = await stage.linkedWhatsmeow();
  await whatsmeow.hearEvent('AppStateSyncComplete', ({ name }) => name === 'regular_low');

  sim.owner.change(actions.archive(friend.pn, true, { lastTimestamp: now() }));
  await baileys.hear('chats.update', (chats) => chats.some(({ id, archived }) => id === friend.pn && archived === true));
  await whatsmeow.hearEvent('Archive', ({ chat, archived }) => chat === friend.pn && archived === true);

  whatsmeow.forget();
  await whatsmeow.do('archive', { to: stage.friends()[1]?.pn, time: now() });
  const other = stage.friends()[1]?.pn ?? '';
  await baileys.hear('chats.update', (chats) => chats.some(({ id, archived }) => id === other && archived === true));
  expect(sim.owner.setting('regular_low', ['archive', other])?.archiveChatAction?.archived).toBe(true);

  const third = stage.friends()[2]?.pn ?? '';
  await baileys.socket?.chatModify({ pin: true }, third);
  await whatsmeow.hearEvent('Pin', ({ chat }) => chat === third);
  expect(sim.owner.setting('regular_low', ['pin_v1', third])?.pinAction?.pinned).toBe(true);
  expect(whatsmeow.log).toBe('');
});

test('whatsmeow that writes on an old version gets what it missed, and its change is taken', async () => {
  const { sim, friend } = stage;
  const whatsmeow = await stage.linkedWhatsmeow();
  await whatsmeow.hearEvent('AppStateSyncComplete', ({ name }) => name === 'regular_low');
  await sim.owner.companions[0]?.whenDrained();
  // It does not hear of the pin, so its own change is made on the version before.
  sim.faults.add({ direction: 'to_client', tag: 'notification', type: 'server_sync', times: 1 }, { kind: 'drop' });
  sim.owner.change(actions.pin(friend.pn, true));
  await whatsmeow.do('archive', { to: friend.pn, time: now() });
  await whatsmeow.hearEvent('Pin', ({ chat, pinned }) => chat === friend.pn && pinned === true);
  expect(sim.owner.setting('regular_low', ['archive', friend.pn])?.archiveChatAction?.archived).toBe(true);
  expect(sim.owner.setting('regular_low', ['pin_v1', friend.pn])?.pinAction?.pinned).toBe(false);
});
