/** Toolset send: what leaves is decrypted by the phone of the recipient, once, and is kept in messages.db. */
import { sampleOf } from 'wa-sim';
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage();

interface Sent {
  readonly message_id: string;
  readonly chat_jid: string;
}

const emma = () => stage.phone('Emma');

/** A text from Emma that is stored, to be acted on. */
const fromEmma = (text: string): Promise<string> => stage.receive(emma(), { text });

async function sent(text: string): Promise<Sent> {
  const answer = await stage.call<Sent>('send_message', { recipient: emma().pn, message: text });
  await stage.arrives(emma(), answer.message_id);
  await stage.row(answer.message_id);
  return answer;
}

tool('send_message', 'a text with a reply and a mention', async () => {
  const asked = await fromEmma('Who brings the bread?');
  const tom = stage.phone('Tom 🎸').pn;
  const digits = tom.replace(/@.*/, '');
  const { message_id: id, chat_jid: chat } = await stage.call<Sent>('send_message', { recipient: 'Emma Walker', message: `@${digits} does`, reply_to_message_id: asked, mentions: [digits] });
  const got = await stage.arrives(emma(), id);
  const { text, contextInfo } = got.content.extendedTextMessage!;
  expect(text).toMatch(/^@\d+ does$/);
  expect(contextInfo).toMatchObject({ stanzaId: asked, quotedMessage: { conversation: 'Who brings the bread?' } });
  expect(contextInfo?.mentionedJid).toHaveLength(1);
  expect([tom, stage.phone('Tom 🎸').lid]).toContain(contextInfo?.mentionedJid?.[0]);
  expect(await stage.row(id)).toMatchObject({ chat_jid: chat, is_from_me: 1, content: text });
});

tool('send_message', 'a group gets it, every member once', async () => {
  const jid = stage.group('Dinner club');
  const { message_id: id } = await stage.call<Sent>('send_message', { recipient: jid, message: 'Soup on Friday' });
  const members = stage.world.groups.get(jid)!.members.filter(({ person }) => person !== stage.world.owner.id);
  expect(members.length).toBeGreaterThan(3);
  for (const { person } of members) expect(await stage.arrives(stage.sim.phone(person), id)).toMatchObject({ chat: jid, text: 'Soup on Friday' });
});

tool('send_message', 'the same idempotency key sends nothing again', async () => {
  const args = { recipient: emma().pn, message: 'Only once, please', idempotency_key: 'once-1' };
  const first = await stage.call<Sent>('send_message', args);
  const again = await stage.call<Sent>('send_message', args);
  expect(again).toMatchObject({ message_id: first.message_id, repeated: true });
  await stage.arrives(emma(), first.message_id);
  await sent('The next one');
  expect(emma().inbox.filter(({ text }) => text === args.message).map(({ deliveries }) => deliveries)).toEqual([1]);
  expect(await stage.failure('send_message', { ...args, message: 'Another text' })).toMatchObject({ code: 'invalid_argument' });
});

tool('send_file', 'an image with its caption arrives, byte for byte', async () => {
  const { bytes } = sampleOf('image', 1);
  const path = stage.outgoing('harbour.jpg', bytes);
  const { message_id: id } = await stage.call<Sent>('send_file', { recipient: emma().pn, media_path: path, caption: 'The harbour' });
  const image = (await stage.arrives(emma(), id)).content.imageMessage!;
  expect(image).toMatchObject({ mimetype: 'image/jpeg', caption: 'The harbour' });
  expect(stage.file(image, 'image')).toEqual(Buffer.from(bytes));
  expect(await stage.row(id)).toMatchObject({ kind: 'image', content: 'The harbour' });
});

tool('send_file', 'documents and stickers keep their kind', async () => {
  const pdf = stage.outgoing('plan.pdf', sampleOf('document', 0).bytes);
  const webp = stage.sticker();
  const document = await stage.call<Sent>('send_file', { recipient: emma().pn, media_path: pdf });
  const sticker = await stage.call<Sent>('send_file', { recipient: emma().pn, media_path: webp, send_as: 'sticker' });
  expect((await stage.arrives(emma(), document.message_id)).content).toMatchObject({ documentMessage: { fileName: 'plan.pdf', mimetype: 'application/pdf' } });
  expect((await stage.arrives(emma(), sticker.message_id)).content).toMatchObject({ stickerMessage: { mimetype: 'image/webp' } });
});

tool('send_audio_message', 'Ogg Opus arrives as a voice note', async () => {
  const path = stage.outgoing('note.ogg', sampleOf('ptt', 0).bytes);
  const { message_id: id } = await stage.call<Sent>('send_audio_message', { recipient: emma().pn, media_path: path });
  const { audioMessage } = (await stage.arrives(emma(), id)).content;
  expect(audioMessage).toMatchObject({ ptt: true, mimetype: expect.stringContaining('opus') as string });
  expect(audioMessage?.seconds).toBeGreaterThan(0);
});

tool('send_location', 'the place arrives', async () => {
  const place = { latitude: 52.5163, longitude: 13.3777, name: 'Brandenburg Gate', address: 'Pariser Platz' };
  const { message_id: id } = await stage.call<Sent>('send_location', { recipient: emma().pn, ...place });
  const { locationMessage } = (await stage.arrives(emma(), id)).content;
  expect(locationMessage).toMatchObject({ name: place.name, address: place.address });
  expect([locationMessage?.degreesLatitude, locationMessage?.degreesLongitude]).toEqual([place.latitude, place.longitude]);
});

tool('send_contact', 'the card holds name and number', async () => {
  const tom = stage.phone('Tom 🎸').pn;
  const { message_id: id } = await stage.call<Sent>('send_contact', { recipient: emma().pn, contact: tom });
  const { contactMessage } = (await stage.arrives(emma(), id)).content;
  expect(contactMessage?.vcard).toContain(`waid=${tom.replace(/@.*/, '')}`);
  expect(contactMessage?.displayName).toMatch(/Tom/);
});

tool('send_poll', 'the poll arrives with its options, and its votes are counted', async () => {
  const jid = stage.group('Dinner club');
  const { message_id: id } = await stage.call<Sent>('send_poll', { recipient: jid, question: 'Which day?', options: ['Friday', 'Saturday', 'Sunday'], selectable_count: 2 });
  const [member] = stage.world.groups.get(jid)!.members.filter(({ person }) => person !== stage.world.owner.id);
  const { content } = await stage.arrives(stage.sim.phone(member!.person), id);
  const poll = content.pollCreationMessageV3 ?? content.pollCreationMessageV2 ?? content.pollCreationMessage;
  expect(poll).toMatchObject({ name: 'Which day?', selectableOptionsCount: 2 });
  expect(poll?.options?.map(({ optionName }) => optionName)).toEqual(['Friday', 'Saturday', 'Sunday']);
  await stage.row(id);
  expect(await stage.call('get_poll_results', { chat_jid: jid, message_id: id })).toMatchObject({ question: 'Which day?', voters: 0 });
});

tool('send_reaction', 'set and taken back, on the phone and in messages.db', async () => {
  const id = await fromEmma('We got the flat!');
  const target = { chat_jid: emma().pn, message_id: id };
  await stage.call('send_reaction', { ...target, emoji: '🎉' });
  const got = await emma().waitForMessage(({ content }) => content.reactionMessage?.key?.id === id, { timeoutMs: 20_000 });
  expect(got.content.reactionMessage).toMatchObject({ text: '🎉', key: { fromMe: false } });
  const stored = () => stage.system.query<{ emoji: string }>('SELECT emoji FROM reactions JOIN messages USING (mid) WHERE id = ?', id).map(({ emoji }) => emoji);
  await stage.eventually('the reaction in messages.db', () => (stored()[0] === '🎉' ? true : undefined), stored);
  await stage.call('send_reaction', { ...target, emoji: '' });
  await emma().waitForMessage(({ content }) => content.reactionMessage?.key?.id === id && (content.reactionMessage.text ?? '') === '', { timeoutMs: 20_000 });
  await stage.eventually('the reaction gone', () => ((stored()[0] ?? '') === '' ? true : undefined), stored);
});

tool('edit_message', 'the new text is on the phone and in messages.db', async () => {
  const { message_id: id, chat_jid } = await sent('See you at sevn');
  await stage.call('edit_message', { chat_jid, message_id: id, new_text: 'See you at seven' });
  const got = await emma().waitForMessage(({ text }) => text === 'See you at seven', { timeoutMs: 20_000 });
  expect(got.edit).toBe('1');
  await stage.row(id, ({ content }) => content === 'See you at seven');
  const theirs = await fromEmma('Mine');
  expect(await stage.failure('edit_message', { chat_jid, message_id: theirs, new_text: 'Yours' })).toMatchObject({ code: 'not_allowed' });
});

tool('delete_message', 'for everyone: the phone is told to take it away', async () => {
  const { message_id: id, chat_jid } = await sent('Wrong chat, sorry');
  await stage.call('delete_message', { chat_jid, message_id: id });
  const got = await emma().waitForMessage(({ content }) => content.protocolMessage?.key?.id === id, { timeoutMs: 20_000 });
  expect(got.edit).toMatch(/^[78]$/);
  await stage.row(id, ({ revoked }) => revoked === 1);
});

tool('delete_message', 'for me: the account forgets it, the other phone hears nothing', async () => {
  const id = await fromEmma('A secret plan');
  const heard = emma().inbox.length;
  await stage.call('delete_message', { chat_jid: emma().pn, message_id: id, scope: 'me' });
  const index = (jid: string) => ['deleteMessageForMe', jid, id, '0', '0'];
  await stage.eventually('the deletion on the phone', () => stage.sim.owner.setting('regular_high', index(emma().pn)) ?? stage.sim.owner.setting('regular_high', index(emma().lid)));
  await stage.row(id, ({ deleted_for_me_at: at }) => at !== null);
  expect(emma().inbox.length).toBe(heard);
});

tool('forward_message', 'the recipient sees the text, marked as forwarded', async () => {
  const id = await fromEmma('The train leaves at 9:14 from platform 3');
  const priya = stage.phone('Priya');
  const { message_id: copy } = await stage.call<Sent>('forward_message', { chat_jid: emma().pn, message_id: id, recipient: priya.pn });
  const got = await stage.arrives(priya, copy);
  expect(got.text).toBe('The train leaves at 9:14 from platform 3');
  expect(got.content.extendedTextMessage?.contextInfo).toMatchObject({ isForwarded: true, forwardingScore: 1 });
});
