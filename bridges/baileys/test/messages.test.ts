import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StagedRow } from '@whatsapp-mcp/contract';
import type { Phone, Simulator } from 'wa-sim';
import { startSimulator } from 'wa-sim';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BridgeUnderTest, link } from './harness.ts';

let simulator: Simulator;
let bridge: BridgeUnderTest;
let friend: Phone;
let group: string;
const folder = mkdtempSync(join(tmpdir(), 'baileys-files-'));

const newId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;

beforeAll(async () => {
  simulator = await startSimulator({ world: 'demo' });
  const { world } = simulator;
  const direct = [...world.people.values()].find(({ id, mapping, name }) => id !== world.owner.id && mapping === 'known' && name !== undefined)!;
  friend = simulator.phone(direct.pn);
  group = [...world.groups.values()].find(({ kind, announce, members }) => kind === 'group' && !announce && members.some(({ person }) => person === direct.id))?.jid ?? '';
  bridge = new BridgeUnderTest(simulator.url);
  await bridge.start();
  await link(bridge, simulator.owner);
});

afterAll(async () => {
  await bridge.dispose();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('sending', () => {
  test('a text: acknowledged, received once, and staged at once', async () => {
    const id = newId();
    const sent = await bridge.call('message.send_text', { to: friend.pn, id, text: 'Good morning' });
    expect(sent).toMatchObject({ id, chat: friend.pn, stored: false });
    expect(Math.abs(sent.timestamp - Date.now())).toBeLessThan(120_000);
    const received = await friend.waitForMessage((message) => message.id === id);
    expect(received).toMatchObject({ text: 'Good morning', deliveries: 1 });
    const row = await bridge.row(({ message }) => message?.id === id);
    expect(row.message).toMatchObject({ chat: friend.pn, from_me: true, kind: 'text', text: 'Good morning', status: 2, sender: simulator.owner.pn });
  });

  test('a reply with a mention, to a LID', async () => {
    const question = await friend.send({ to: simulator.owner.pn, text: 'Where?' });
    const id = newId();
    const quoted = { key: { chat: friend.lid, id: question.id, from_me: false }, text: 'Where?' };
    await bridge.call('message.send_text', { to: friend.lid, id, text: 'Here', quoted, mentions: [friend.lid] });
    const { content } = await friend.waitForMessage((message) => message.id === id);
    expect(content.extendedTextMessage?.contextInfo).toMatchObject({ stanzaId: question.id, quotedMessage: { conversation: 'Where?' }, mentionedJid: [friend.lid] });
  });

  test('to a group', async () => {
    const id = newId();
    await bridge.call('message.send_text', { to: group, id, text: 'Hello all' });
    expect(await friend.waitForMessage((message) => message.id === id)).toMatchObject({ chat: group, text: 'Hello all' });
  });

  test('a disappearing location, a contact, a poll', async () => {
    const ids = [newId(), newId(), newId()] as const;
    await bridge.call('message.send_location', { to: friend.pn, id: ids[0], latitude: 52.5, longitude: 13.4, name: 'Here', ephemeral_seconds: 86_400 });
    await bridge.call('message.send_contact', { to: friend.pn, id: ids[1], display_name: 'Ann', vcard: 'BEGIN:VCARD\nFN:Ann\nEND:VCARD' });
    await bridge.call('message.send_poll', { to: friend.pn, id: ids[2], question: 'When?', options: ['Now', 'Later'], selectable_count: 1 });
    const [place, card, poll] = await Promise.all(ids.map((id) => friend.waitForMessage((message) => message.id === id)));
    expect(place?.content.locationMessage).toMatchObject({ degreesLatitude: 52.5, name: 'Here', contextInfo: { expiration: 86_400 } });
    expect(card?.content.contactMessage).toMatchObject({ displayName: 'Ann' });
    const row = await bridge.row(({ message }) => message?.id === ids[2]);
    expect(JSON.parse(row.message?.payload ?? '')).toEqual({ question: 'When?', options: ['Now', 'Later'], selectable_count: 1 });
    expect(poll?.content.pollCreationMessageV3?.name ?? poll?.content.pollCreationMessage?.name).toBe('When?');
  });

  test('a file, which can be downloaded again', async () => {
    const path = join(folder, 'note.pdf');
    const content = randomBytes(100_000);
    writeFileSync(path, content);
    const id = newId();
    await bridge.call('message.send_media', { to: friend.pn, id, path, kind: 'document', mimetype: 'application/pdf', filename: 'note.pdf', caption: 'As promised' });
    expect((await friend.waitForMessage((message) => message.id === id)).text).toBe('As promised');
    const { message } = await bridge.row((row) => row.message?.id === id);
    expect(message).toMatchObject({ kind: 'document', media: { kind: 'document', filename: 'note.pdf', file_length: content.length } });
    const save_to = join(folder, 'again.pdf');
    const key = { chat: friend.pn, id, from_me: true };
    const saved = await bridge.call('media.download', { key, source: message!.media!, save_to, max_bytes: 1_000_000 });
    expect(saved).toMatchObject({ bytes: content.length });
    expect(readFileSync(save_to).equals(content)).toBe(true);
    const small = await bridge.ask('media.download', { key, source: message!.media!, save_to: join(folder, 'small.pdf'), max_bytes: 1000 });
    expect(small).toMatchObject({ ok: false, error: { code: 'too_large' } });
  });

  test('a file whose address has expired is sent again by the phone', async () => {
    const row = await bridge.row(({ message }) => message?.kind === 'image' && message.media?.direct_path !== undefined && !message.from_me && message.view_once === undefined);
    const { chat, id, sender_raw, media } = row.message!;
    const key = { chat, id, from_me: false, ...(chat.endsWith('@g.us') && { sender: sender_raw! }) };
    const source = { ...media!, direct_path: '/v/t62.7118-24/0000_gone.enc?ccb=11-4', url: 'https://mmg.whatsapp.net/v/t62.7118-24/0000_gone.enc' };
    const saved = await bridge.call('media.download', { key, source, save_to: join(folder, 'expired.jpg'), max_bytes: 1_000_000 });
    expect(saved.direct_path).toBeDefined();
    expect(saved.bytes).toBe(media?.file_length);
  });

  test('a file that is not there', async () => {
    const reply = await bridge.ask('message.send_media', { to: friend.pn, id: newId(), path: join(folder, 'none.pdf'), kind: 'document', mimetype: 'application/pdf' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('a reaction, an edit, a forward and a revoke', async () => {
    const id = newId();
    await bridge.call('message.send_text', { to: friend.pn, id, text: 'Helo' });
    const key = { chat: friend.pn, id, from_me: true };
    const edit = newId();
    await bridge.call('message.edit', { key, id: edit, text: 'Hello' });
    // Not by the attribute `edit` of the stanza: where a device asks for the message again, Baileys sends it without.
    expect((await friend.waitForMessage((message) => message.id === edit)).content.protocolMessage).toMatchObject({ key: { id }, editedMessage: {} });
    const reaction = newId();
    await bridge.call('message.react', { key, id: reaction, emoji: '👍' });
    expect((await friend.waitForMessage((message) => message.id === reaction)).content.reactionMessage).toMatchObject({ text: '👍', key: { id } });
    const forward = newId();
    const content = Buffer.from([0x0a, 5, ...Buffer.from('again')]).toString('base64');
    await bridge.call('message.forward', { to: friend.pn, id: forward, content, forwarding_score: 2 });
    expect((await friend.waitForMessage((message) => message.id === forward)).content.extendedTextMessage).toMatchObject({ text: 'again', contextInfo: { forwardingScore: 2, isForwarded: true } });
    const revoke = newId();
    await bridge.call('message.revoke', { key, id: revoke });
    expect((await friend.waitForMessage((message) => message.id === revoke)).content.protocolMessage).toMatchObject({ key: { id }, type: 0 });
    const ops = (await bridge.rows()).flatMap((row) => row.ops ?? []).filter(({ target_id }) => target_id === id);
    expect(ops.map(({ type }) => type)).toEqual(expect.arrayContaining(['edit', 'reaction', 'revoke']));
  });
});

describe('receiving', () => {
  test('a message from a person: staged once, with both forms of its sender', async () => {
    const { id } = await friend.send({ to: simulator.owner.pn, text: 'Are you there?' });
    // Where both sides have just begun a session, the first message may need a second try.
    const told = (row: StagedRow): boolean => row.message?.id === id && row.message.kind === 'text';
    const { message, sync_type } = await bridge.row(told);
    expect(sync_type).toBe('LIVE');
    expect(message).toMatchObject({ from_me: false, kind: 'text', text: 'Are you there?', push_name: friend.name });
    expect([message?.chat, message?.chat_alt].sort()).toEqual([friend.lid, friend.pn].sort());
    expect((await bridge.rows()).filter(told)).toHaveLength(1);
  });

  test('a message in a group, and a receipt of an own one', async () => {
    const { id } = await friend.send({ to: group, text: 'Hi group' });
    const { message } = await bridge.row((row) => row.message?.id === id);
    expect(message).toMatchObject({ chat: group, from_me: false, text: 'Hi group' });
    expect([friend.pn, friend.lid]).toContain(message?.sender);
    const own = newId();
    await bridge.call('message.send_text', { to: friend.pn, id: own, text: 'Read me' });
    await friend.waitForMessage((received) => received.id === own);
    friend.markRead(simulator.owner.pn, [own]);
    const { ops } = await bridge.row((row) => row.ops?.some(({ target_id, payload }) => target_id === own && payload === '{"kind":"read"}') ?? false);
    expect(ops?.[0]).toMatchObject({ type: 'receipt', from_me: false });
  });

  test('what the phone sent itself', async () => {
    const { id } = await simulator.owner.send({ to: friend.pn, text: 'From my phone' });
    const { message } = await bridge.row((row) => row.message?.id === id);
    expect(message).toMatchObject({ from_me: true, text: 'From my phone' });
    expect([friend.pn, friend.lid]).toContain(message?.chat);
  });

  test('what was sent while the bridge was away', async () => {
    await bridge.stop('SIGKILL');
    const { id } = await friend.send({ to: simulator.owner.pn, text: 'While you were out' });
    await bridge.start();
    await bridge.call('contact.blocklist', {});
    expect((await bridge.row((row) => row.message?.id === id)).message).toMatchObject({ text: 'While you were out' });
  });
});

describe('settings of chats', () => {
  test('archive, pin and mute reach the phone', async () => {
    const last = await bridge.row(({ message }) => message?.text === 'Good morning');
    const last_message = { key: { chat: friend.pn, id: last.message!.id, from_me: true }, timestamp: last.message!.timestamp };
    await bridge.call('chat.archive', { chat: friend.pn, archived: true, last_message });
    await bridge.call('chat.pin', { chat: friend.pn, pinned: true });
    await bridge.call('chat.mute', { chat: friend.pn, muted: true });
    await simulator.owner.settled();
    expect(simulator.owner.setting('regular_low', ['archive', friend.pn])?.archiveChatAction?.archived).toBe(true);
    expect(simulator.owner.setting('regular_low', ['pin_v1', friend.pn])?.pinAction?.pinned).toBe(true);
    expect(simulator.owner.setting('regular_high', ['mute', friend.pn])?.muteAction?.muted).toBe(true);
  });

  test('messages are marked read and deleted for me', async () => {
    const { id, timestamp } = await friend.send({ to: simulator.owner.pn, text: 'Read this' });
    await bridge.row((row) => row.message?.id === id);
    const receipt = simulator.waitFor('receipt', (told) => told.id === id && told.type.startsWith('read'));
    await bridge.call('chat.mark_read', { chat: friend.pn, messages: [{ id }], whole_chat: false });
    await receipt;
    await bridge.call('message.delete_for_me', { key: { chat: friend.pn, id, from_me: false }, timestamp: timestamp * 1000 });
    await simulator.owner.settled();
    expect(simulator.owner.setting('regular_high', ['deleteMessageForMe', friend.pn, id, '0', '0'])).toBeDefined();
  });
});

test('people', async () => {
  const { contacts } = await bridge.call('contact.info', { jids: [friend.pn] });
  expect(contacts).toMatchObject([{ jid: friend.pn, lid: friend.lid }]);
  const digits = friend.pn.replace(/@.*/, '');
  const { results } = await bridge.call('contact.check', { phone_numbers: [digits, '19995550199'] });
  expect(results).toMatchObject([{ phone_number: digits, on_whatsapp: true, jid: friend.pn }, { on_whatsapp: false }]);
});
