import { inflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlobStore } from '../media/blob-store.ts';
import { decryptMedia } from '../media/cipher.ts';
import { lidJid, pnJid } from '../world/jids.ts';
import { namedWorld } from '../world/named.ts';
import type { Chat, Person, World, WorldMessage } from '../world/types.ts';
import { inlineNotification, storeChunk, storedNotification } from './notification.ts';
import { answerOnDemand, resendPlaceholder, type OnDemandRequest } from './on-demand.ts';
import { pushHistory, type HistoryChunk } from './push.ts';

const world: World = namedWorld('crowd', { people: 24, directChats: 20, groups: 6, communities: 1, totalMessages: 3000 });
const chats = [...world.chats.values()].filter((chat) => world.messagesOf(chat).length > 120 && chat.kind !== 'status' && chat.kind !== 'newsletter');

const ask = (chat: Chat, anchor: WorldMessage, count: number): OnDemandRequest => ({
  chatJid: chat.jid,
  oldestMsgId: anchor.id,
  oldestMsgFromMe: anchor.fromMe,
  oldestMsgTimestamp: anchor.timestamp,
  count,
});

function pageOf(request: OnDemandRequest): { ids: string[]; end: number | null | undefined; chunk: HistoryChunk } {
  const answer = answerOnDemand(world, request);
  if (!('chunk' in answer)) throw new Error(`The phone was silent: ${answer.silence}`);
  const [conversation] = answer.chunk.history.conversations ?? [];
  const ids = (conversation?.messages ?? []).map((entry) => entry.message?.message?.editedMessage?.message?.protocolMessage?.key?.id ?? entry.message?.key?.id ?? '');
  return { ids, end: conversation?.endOfHistoryTransferType, chunk: answer.chunk };
}

describe('an on-demand request', () => {
  test('walks a chat exactly once, whatever the page size', () => {
    fc.assert(
      fc.property(fc.constantFrom(...chats), fc.integer({ min: 1, max: 70 }), (chat, count) => {
        const all = [...world.messagesOf(chat)];
        const phoneIds = all.filter((message) => !message.id.startsWith('3EB0'));
        const seen: string[] = all.slice(0, all.indexOf(phoneIds[0] as WorldMessage) + 1).map(({ id }) => id);
        for (let page = { ids: ['start'], end: 2 as number | null | undefined }; page.end !== 1; ) {
          // A client takes the oldest message it has that a phone has sent; newer ones it knows already.
          const anchor = all.slice(0, seen.length).findLast((message) => !message.id.startsWith('3EB0')) as WorldMessage;
          page = pageOf(ask(chat, anchor, count));
          const fresh = page.ids.filter((id) => !seen.includes(id));
          if (fresh.length === 0 && page.end !== 1) count += 1;
          seen.push(...fresh);
        }
        expect(seen).toEqual(all.map(({ id }) => id));
      }),
      { numRuns: 25 },
    );
  });

  test('never gets more than fifty', () => {
    const [chat] = chats as [Chat];
    const anchor = [...world.messagesOf(chat)].find(({ id }) => !id.startsWith('3EB0')) as WorldMessage;
    expect(pageOf(ask(chat, anchor, 5000)).ids).toHaveLength(50);
    expect(pageOf(ask(chat, anchor, 0)).ids).toHaveLength(1);
  });

  test('at the oldest message gets nothing and is told that there is nothing', () => {
    const chat = chats.find((candidate) => !world.messagesOf(candidate).at(world.messagesOf(candidate).length - 1)?.id.startsWith('3EB0')) as Chat;
    const oldest = [...world.messagesOf(chat)].at(-1) as WorldMessage;
    expect(pageOf(ask(chat, oldest, 50))).toMatchObject({ ids: [], end: 1 });
  });

  const [chat] = chats as [Chat];
  const anchor = [...world.messagesOf(chat)].find(({ id }) => !id.startsWith('3EB0')) as WorldMessage;
  const own = [...world.messagesOf(chat)].find(({ id }) => id.startsWith('3EB0')) as WorldMessage;
  test.each<[string, Partial<OnDemandRequest>]>([
    ['unknown_chat', { chatJid: '1@s.whatsapp.net' }],
    ['companion_anchor', { oldestMsgId: own.id, oldestMsgFromMe: own.fromMe, oldestMsgTimestamp: own.timestamp }],
    ['unknown_anchor', { oldestMsgId: 'AC00000000000000000000000000000000' }],
    ['anchor_mismatch', { oldestMsgTimestamp: anchor.timestamp * 1000 }],
    ['anchor_mismatch', { oldestMsgFromMe: !anchor.fromMe }],
  ])('is met with silence: %s', (silence, change) => {
    expect(answerOnDemand(world, { ...ask(chat, anchor, 50), ...change })).toEqual({ silence });
  });

  test('for a mixed chat is answered under the other address', () => {
    const mixed = [...world.chats.values()].find((candidate) => candidate.addressing === 'mixed' && world.messagesOf(candidate).length > 20) as Chat;
    const person = world.people.get(mixed.person ?? '') as Person;
    const from = [...world.messagesOf(mixed)].find(({ id }) => !id.startsWith('3EB0')) as WorldMessage;
    for (const [asked, answered] of [[pnJid(person), lidJid(person)], [lidJid(person), pnJid(person)]] as const) {
      const { chunk } = pageOf({ ...ask(mixed, from, 5), chatJid: asked });
      expect(chunk.history.conversations?.[0]?.id).toBe(answered);
      expect(chunk.history.conversations?.[0]?.messages?.[0]?.message?.key?.remoteJid).toBe(answered);
    }
  });
});

describe('a placeholder request', () => {
  test('gets the bytes of the message', () => {
    const [chat] = chats as [Chat];
    const message = world.messagesOf(chat).at(3) as WorldMessage;
    const bytes = resendPlaceholder(world, { remoteJid: chat.jid, id: message.id, fromMe: message.fromMe });
    const decoded = proto.WebMessageInfo.decode(bytes ?? new Uint8Array(0));
    expect(decoded.key?.id).toBe(message.editForm === 'wrapped' ? (message.edits.at(-1)?.id ?? message.id) : message.id);
    expect(Number(decoded.messageTimestamp)).toBe(message.timestamp);
  });

  test.each([{}, { remoteJid: '1@s.whatsapp.net', id: 'x' }, { remoteJid: (chats[0] as Chat).jid, id: 'AC00000000000000000000000000000000' }])('for %j gets nothing', (key) => {
    expect(resendPlaceholder(world, key)).toBeUndefined();
  });
});

describe('notifications', () => {
  const [chunk] = pushHistory(world);
  if (!chunk) throw new Error('There is always a bootstrap.');
  const plain = (bytes: Uint8Array): number => proto.HistorySync.decode(inflateSync(bytes)).conversations.length;

  test('carry a chunk inline', () => {
    const notification = inlineNotification(chunk, 'SESSION');
    expect(notification).toMatchObject({ chunkOrder: 1, progress: 100, peerDataRequestSessionId: 'SESSION', oldestMsgInChunkTimestampSec: chunk.oldestTimestamp });
    expect(plain(notification.initialHistBootstrapInlinePayload ?? new Uint8Array(0))).toBe(chunk.history.conversations?.length);
  });

  test('point to a stored chunk', () => {
    const blobs = new BlobStore({ now: () => 0 });
    const mediaKey = new Uint8Array(32).fill(7);
    const notification = storedNotification(chunk, storeChunk(chunk, blobs, mediaKey));
    const found = blobs.get(notification.directPath ?? '');
    expect(found.status).toBe('found');
    if (found.status === 'found') expect(plain(decryptMedia(found.blob, mediaKey, 'history'))).toBe(chunk.history.conversations?.length);
    expect(notification.initialHistBootstrapInlinePayload).toBeUndefined();
  });
});
