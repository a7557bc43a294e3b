import { randomBytes } from 'node:crypto';
import { downloadMediaMessage } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Stage } from './fixtures/stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

/** A valid thumbnail is needed because no image library is there to make one. */
const THUMBNAIL = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z', 'base64').toString('base64');

test('files that Baileys sends reach the phone, and files of the phone reach Baileys', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const { dispatcher, socket } = baileys;
  const picture = randomBytes(50_000);
  await socket?.sendMessage(friend.pn, { image: picture, caption: 'our new door', jpegThumbnail: THUMBNAIL });
  const got = await friend.waitForMessage(({ text }) => text === 'our new door');
  expect(Buffer.from(friend.download(got))).toEqual(picture);

  const paper = randomBytes(70_000);
  await friend.sendFile({ to: sim.owner.pn, kind: 'document', bytes: paper, mimetype: 'application/pdf', fileName: 'lease.pdf', caption: 'the lease' });
  const { messages } = await baileys.hear('messages.upsert', (upsert) => upsert.messages.some(({ message }) => message?.documentMessage?.fileName === 'lease.pdf'));
  const [message] = messages;
  if (message === undefined) throw new Error('the upsert was empty');
  expect(await downloadMediaMessage(message, 'buffer', { options: { dispatcher } as unknown as RequestInit })).toEqual(paper);
});

test('files that whatsmeow sends reach the phone, and files of the phone reach whatsmeow', async () => {
  const { sim, friend } = stage;
  const whatsmeow = await stage.linkedWhatsmeow();
  const picture = randomBytes(60_000);
  await whatsmeow.do('send_image', { to: friend.pn, text: 'our old door', bytes: picture.toString('base64') });
  const got = await friend.waitForMessage(({ text }) => text === 'our old door');
  expect(Buffer.from(friend.download(got))).toEqual(picture);

  // whatsmeow checks the hashes of the file, encrypted and not, and its MAC.
  const song = randomBytes(80_000);
  const { id } = await friend.sendFile({ to: sim.owner.pn, kind: 'ptt', bytes: song, mimetype: 'audio/ogg; codecs=opus', seconds: 4 });
  await whatsmeow.hearEvent('Message', ({ message }) => (message as { id: string }).id === id);
  const { bytes } = (await whatsmeow.do('download', { id })) as { bytes: string };
  expect(Buffer.from(bytes, 'base64')).toEqual(song);
});
