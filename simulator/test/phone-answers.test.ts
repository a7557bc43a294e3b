import { downloadMediaMessage } from '@whiskeysockets/baileys';
import type { WAMessage } from '@whiskeysockets/baileys';
import { afterEach, expect, test } from 'vitest';
import { Stage } from './fixtures/stage.ts';

let stage: Stage;

afterEach(() => stage.close());

test('both clients get a message from the phone that came to them without content', async () => {
  stage = await Stage.open();
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const sent = await friend.send({ to: sim.owner.pn, text: 'for your phone only', phonesOnly: true });
  await sim.owner.waitForMessage(({ id }) => id === sent.id);
  expect(await whatsmeow.hearText('for your phone only')).toMatchObject({ id: sent.id, from_me: false });
  await baileys.hearText('for your phone only');
});

test('an expired file is uploaded again when a client asks the phone for it', async () => {
  stage = await Stage.open({ world: 'demo' });
  const baileys = await stage.linkedBaileys();
  const isImage = ({ message }: WAMessage) => typeof message?.imageMessage?.directPath === 'string';
  const { messages } = await baileys.hear('messaging-history.set', (history) => history.messages.some(isImage));
  const message = messages.find(isImage);
  const path = message?.message?.imageMessage?.directPath ?? '';
  const { dispatcher, socket } = baileys;
  if (message === undefined || socket === undefined) throw new Error('the history of the demo world has no image');
  const download = (of: WAMessage) => downloadMediaMessage(of, 'buffer', { options: { dispatcher } as unknown as RequestInit });

  const bytes = await download(message);
  stage.sim.exchange.blobs.expire(path);
  await expect(download(message)).rejects.toThrow();
  const renewed = await socket.updateMediaMessage(message);
  expect(renewed.message?.imageMessage?.directPath).not.toBe(path);
  expect(await download(renewed)).toEqual(bytes);
});
