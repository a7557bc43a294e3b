import { inflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { processHistoryMessage } from '@whiskeysockets/baileys/lib/Utils/history.js';
import { describe, expect, test } from 'vitest';
import { canonicalJid } from '../world/jids.ts';
import { namedWorld } from '../world/named.ts';
import type { World } from '../world/types.ts';
import type { HistoryOptions } from './plan.ts';
import { encodeHistory, pushHistory, type HistoryChunk } from './push.ts';

const { HistorySyncType } = proto.HistorySync;
const { StubType } = proto.WebMessageInfo;
const phoneOrder = ['INITIAL_BOOTSTRAP', 'INITIAL_STATUS_V3', 'PUSH_NAME', 'NON_BLOCKING_DATA', 'RECENT', 'FULL'];

const small = (): World => namedWorld('crowd', { people: 24, directChats: 20, groups: 6, communities: 1, totalMessages: 3000, overlap: 0 });

/** What a client gets: encoded and decoded again. */
const received = (chunk: HistoryChunk): proto.HistorySync => proto.HistorySync.decode(inflateSync(encodeHistory(chunk)));

const push = (world: World, options: Partial<HistoryOptions> = {}): HistoryChunk[] => [...pushHistory(world, { chunkMessages: 400, ...options })];

const historyMessages = (world: World): number => {
  const carried = [...world.chats.values()].filter((chat) => chat.kind !== 'status' && chat.kind !== 'newsletter');
  return carried.reduce((sum, chat) => sum + world.messagesOf(chat).length, 0);
};

const messagesIn = (chunks: readonly HistoryChunk[]): proto.IWebMessageInfo[] =>
  chunks.flatMap((chunk) => received(chunk).conversations.flatMap((conversation) => (conversation.messages ?? []).map((entry) => entry.message ?? {})));

/** The id that a reader has to file a message under: that of the original, for an edit. */
function targetOf(message: proto.IWebMessageInfo): string {
  const edit = message.message?.editedMessage?.message?.protocolMessage;
  return edit?.key?.id ?? message.key?.id ?? '';
}

describe('the push after pairing', () => {
  test('comes in the order in which phones send it', () => {
    const order = push(small()).map((chunk) => HistorySyncType[chunk.syncType]);
    expect([...new Set(order)]).toEqual(phoneOrder);
    expect(order.slice(0, 4)).toEqual(phoneOrder.slice(0, 4));
  });

  test('carries every message exactly once', () => {
    const world = small();
    const ids = messagesIn(push(world)).map((message) => `${message.key?.remoteJid} ${targetOf(message)}`);
    expect(ids).toHaveLength(historyMessages(world));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('repeats the asked number of messages at each seam', () => {
    const world = small();
    const chunks = push(world, { overlap: 3 });
    const conversations = chunks.flatMap((chunk) => chunk.history.conversations ?? []);
    const types = new Map([...Map.groupBy(chunks, (chunk) => chunk.syncType)].map(([type, group]) => [type, group.flatMap((chunk) => chunk.history.conversations ?? [])]));
    // A seam lies between two sync types, not between two chunks of one.
    const chatsIn = (type: proto.HistorySync.HistorySyncType): number =>
      new Set((types.get(type) ?? []).map(({ id }) => world.chat(id ?? '')?.jid)).size;
    const seams = chatsIn(HistorySyncType.RECENT) + chatsIn(HistorySyncType.FULL);
    const sent = conversations.flatMap(({ messages }) => messages ?? []).length;
    expect(sent).toBe(historyMessages(world) + 3 * seams);
    expect(new Set(messagesIn(chunks).map(targetOf)).size).toBe(historyMessages(world));
  });

  test('is newest first in each conversation', () => {
    for (const chunk of push(small())) {
      for (const { messages } of received(chunk).conversations) {
        const times = (messages ?? []).map((entry) => Number(entry.message?.messageTimestamp));
        expect(times).toEqual([...times].sort((left, right) => right - left));
        const orders = (messages ?? []).map((entry) => Number(entry.msgOrderId));
        expect(orders).toEqual([...orders].sort((left, right) => right - left));
      }
    }
  });

  test('counts its chunks and its progress up to a hundred, per type', () => {
    for (const [, chunks] of Map.groupBy(push(small()), (chunk) => chunk.syncType)) {
      expect(chunks.map((chunk) => chunk.chunkOrder)).toEqual(chunks.map((_, index) => index + 1));
      expect(chunks.map((chunk) => chunk.progress)).toEqual(chunks.map((chunk) => chunk.progress).sort((left, right) => left - right));
      expect(chunks.at(-1)?.progress).toBe(100);
    }
  });

  test('keeps chunks at the asked size and says what is in them', () => {
    for (const chunk of push(small()).slice(4)) {
      const times = messagesIn([chunk]).map((message) => Number(message.messageTimestamp));
      expect(chunk.messages).toBe(times.length);
      expect(chunk.messages).toBeLessThanOrEqual(400);
      expect(chunk.oldestTimestamp).toBe(Math.min(...times));
    }
  });

  test.each([
    [true, 1],
    [false, 0],
  ])('with full sync %s ends every chat once', (requireFullSync, endOfLongChats) => {
    const world = small();
    const ends = new Map<string, number[]>();
    for (const chunk of push(world, { requireFullSync })) {
      for (const { id, endOfHistoryTransferType: type } of received(chunk).conversations) {
        const chat = world.chat(id ?? '');
        if (chat && type !== null && type !== undefined) ends.set(chat.jid, [...(ends.get(chat.jid) ?? []), type]);
      }
    }
    expect(ends.size).toBe([...world.chats.values()].filter((chat) => chat.kind !== 'status' && chat.kind !== 'newsletter').length);
    expect([...ends.values()].every((types) => types.length === 1)).toBe(true);
    expect([...ends.values()].flat()).toContain(endOfLongChats);
    if (requireFullSync) expect(new Set([...ends.values()].flat())).toEqual(new Set([1]));
  });

  test('without full sync is the recent part of the same messages', () => {
    const world = small();
    const since = world.spec.baseTime - 90 * 86_400;
    const recent = push(world, { requireFullSync: false });
    expect(recent.some((chunk) => chunk.syncType === HistorySyncType.FULL)).toBe(false);
    const ids = new Set(messagesIn(recent).map(targetOf));
    const all = [...world.truth()].filter((row) => !row.chat.endsWith('@newsletter') && row.chat !== 'status@broadcast');
    for (const row of all) if (row.timestamp >= since) expect(ids).toContain(row.id);
    expect(ids.size).toBeLessThan(all.length);
  });

  test('of an empty world still says that it is over', () => {
    const chunks = push(namedWorld('empty'));
    expect(chunks.map((chunk) => chunk.messages)).toEqual([0, 0, 0, 0, 0]);
    expect(chunks.at(-1)).toMatchObject({ syncType: HistorySyncType.RECENT, progress: 100 });
  });

  test('is the same bytes each time', () => {
    const bytes = (): string => push(small()).map((chunk) => encodeHistory(chunk).toString('base64')).join();
    expect(bytes() === bytes()).toBe(true);
  });
});

describe('identities', () => {
  const world = small();
  const chunks = push(world);
  const late = [...world.people.values()].filter((person) => person.mapping === 'late');
  const never = [...world.people.values()].filter((person) => person.mapping === 'never');

  test('known mappings come first, late ones last, and no others ever', () => {
    const told = chunks.map((chunk) => received(chunk).phoneNumberToLidMappings.map(({ pnJid }) => world.person(pnJid ?? '')?.mapping));
    expect(new Set(told[0])).toEqual(new Set(['known']));
    expect(told.at(-1)).toEqual(late.map(() => 'late'));
    expect(told.slice(1, -1).flat()).toEqual([]);
    expect(late.length).toBeGreaterThan(1);
  });

  test('a late person is a LID in the newest part and a number in the older ones, with nothing in between', () => {
    for (const person of late.filter((candidate) => world.chats.has(`${candidate.pn}@s.whatsapp.net`))) {
      const conversations = chunks.flatMap((chunk) => received(chunk).conversations).filter(({ id }) => world.person(id ?? '') === person);
      expect(conversations.map(({ id }) => id?.endsWith('@lid'))).toEqual(conversations.map((_, index) => index === 0));
      for (const { pnJid, lidJid } of conversations) expect([pnJid, lidJid]).toEqual([null, null]);
    }
  });

  test('a number that must never be known is in no byte of the history', () => {
    const bytes = Buffer.concat(chunks.map((chunk) => inflateSync(encodeHistory(chunk)))).toString('latin1');
    expect(never.length).toBeGreaterThan(1);
    for (const person of never) {
      expect(bytes).not.toContain(person.pn);
      expect(bytes).toContain(person.lid);
    }
  });
});

describe('messages, read back', () => {
  const world = small();
  const truth = new Map([...world.truth()].map((row) => [row.id, row]));
  const sent = messagesIn(push(world));
  const voters = (message: proto.IWebMessageInfo): number => message.pollUpdates?.length ?? 0;

  test('have author, time and direction', () => {
    for (const message of sent) {
      const row = truth.get(targetOf(message));
      const group = message.key?.remoteJid?.endsWith('@g.us');
      const author = message.key?.fromMe ? world.owner : world.person(message.participant ?? message.key?.participant ?? (group ? '' : message.key?.remoteJid ?? ''));
      expect(Number(message.messageTimestamp)).toBe(row?.timestamp);
      expect(message.key?.fromMe).toBe(row?.fromMe);
      expect(author && canonicalJid(author)).toBe(row?.sender);
    }
  });

  test('are addressed by number and by LID in groups that have moved', () => {
    const participants = sent.filter((message) => message.key?.remoteJid?.endsWith('@g.us')).map((message) => message.participant ?? message.key?.participant ?? '');
    expect(participants.some((jid) => jid.endsWith('@lid'))).toBe(true);
    expect(participants.some((jid) => jid.endsWith('@s.whatsapp.net'))).toBe(true);
  });

  test('name their group author in three ways', () => {
    const group = sent.filter((message) => message.key?.remoteJid?.endsWith('@g.us') && !message.key.fromMe);
    const forms = new Set(group.map((message) => `${Boolean(message.participant)} ${Boolean(message.key?.participant)}`));
    expect([...forms].sort()).toEqual(['false true', 'true false', 'true true']);
  });

  test('are a stub without content where revoked', () => {
    const revoked = sent.filter((message) => truth.get(targetOf(message))?.revoked);
    expect(revoked.length).toBeGreaterThan(5);
    for (const message of revoked) {
      expect(message.messageStubType).toBe(StubType.REVOKE);
      expect(message.message).toBeNull();
    }
  });

  test('carry the last version of an edit, in both forms', () => {
    const edited = sent.filter((message) => truth.get(targetOf(message))?.edited);
    const wrapped = edited.filter((message) => message.message?.editedMessage);
    expect(wrapped.length).toBeGreaterThan(3);
    expect(edited.length - wrapped.length).toBeGreaterThan(3);
    for (const message of wrapped) expect(message.key?.id).not.toBe(targetOf(message));
    for (const message of edited) {
      const text = truth.get(targetOf(message))?.text ?? '';
      expect(JSON.stringify(message.message)).toContain(JSON.stringify(text).slice(1, -1));
    }
  });

  test('carry reactions and open votes', () => {
    for (const message of sent) {
      const row = truth.get(targetOf(message));
      expect(message.reactions?.length ?? 0).toBe(row?.reactions.length);
      expect(voters(message)).toBe(row?.votes.length);
    }
    expect(sent.some((message) => voters(message) > 1)).toBe(true);
  });

  test('have a secret of 32 bytes unless the phone itself wrote them', () => {
    for (const message of sent) {
      if (message.messageStubType) continue;
      expect(message.messageSecret).toHaveLength(32);
    }
  });
});

test('Baileys reads the same messages, chats and mappings out of it', () => {
  const world = small();
  const read = push(world).map((chunk) => processHistoryMessage(received(chunk)));
  expect(read.flatMap(({ messages }) => messages)).toHaveLength(historyMessages(world));
  const mapped = new Set(read.flatMap(({ lidPnMappings }) => lidPnMappings).map(({ pn }) => world.person(pn)?.id));
  const tellable = [...world.people.values()].filter((person) => person.mapping !== 'never');
  expect(mapped.size).toBe(tellable.length);
  expect(read.flatMap(({ contacts }) => contacts).filter(({ notify }) => notify)).toHaveLength(world.people.size);
});
