import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { decryptMediaRetryData, encryptMediaRetryRequest } from '@whiskeysockets/baileys/lib/Utils/messages-media.js';
import { describe, expect, test } from 'vitest';
import { namedWorld } from '../world/named.ts';
import type { WorldMessage } from '../world/types.ts';
import { BlobStore } from './blob-store.ts';
import { answerServerError, fileOf, openServerError, sealMediaRetry, type RetryCiphertext } from './retry.ts';

const { ResultType } = proto.MediaRetryNotification;
const mediaKey = new Uint8Array(32).fill(5);
const iv = new Uint8Array(12).fill(3);

/** The `<encrypt>` of the receipt that Baileys sends. */
function baileysReceipt(id: string, key: Uint8Array): RetryCiphertext {
  const receipt = encryptMediaRetryRequest({ id, remoteJid: '1@s.whatsapp.net' }, Buffer.from(key), '2@s.whatsapp.net');
  const [encrypt] = receipt.content as { content: { tag: string; content: Uint8Array }[] }[];
  const part = (tag: string): Uint8Array => encrypt?.content.find((node) => node.tag === tag)?.content ?? new Uint8Array(0);
  return { ciphertext: part('enc_p'), iv: part('enc_iv') };
}

describe('media retry', () => {
  test('reads the receipt of Baileys', () => {
    expect(openServerError(baileysReceipt('MSG1', mediaKey), mediaKey, 'MSG1')).toBe('MSG1');
  });

  test('refuses a receipt of another message or key', () => {
    const receipt = baileysReceipt('MSG1', mediaKey);
    expect(() => openServerError(receipt, mediaKey, 'MSG2')).toThrow(/MSG2/);
    expect(() => openServerError(receipt, new Uint8Array(32), 'MSG1')).toThrow(/not encrypted with the media key/);
  });

  test.each([
    ['/v/new?x=y', ResultType.SUCCESS],
    [undefined, ResultType.NOT_FOUND],
  ])('writes an answer with path %s that Baileys reads', (directPath, result) => {
    const { ciphertext } = sealMediaRetry({ stanzaId: 'MSG1', directPath }, mediaKey, iv);
    const read = decryptMediaRetryData({ ciphertext, iv }, mediaKey, 'MSG1');
    expect(read).toMatchObject({ stanzaId: 'MSG1', result, directPath: directPath ?? null });
  });

  test('gives a generated message a new path after its file has expired', () => {
    const world = namedWorld('demo');
    const [chat] = [...world.chats.values()];
    const message = chat && [...world.messagesOf(chat)].find((candidate) => candidate.kind === 'image');
    const file = fileOf(message?.content ?? {});
    if (!message || !file) throw new Error('The first chat of the demo has a picture.');
    const store = new BlobStore({ now: () => 0, beneath: (path) => world.blob(path) });
    store.expire(file.directPath);
    expect(store.get(file.directPath).status).toBe('gone');
    const answer = answerServerError(message, baileysReceipt(message.id, file.mediaKey), { store, iv });
    const read = decryptMediaRetryData({ ciphertext: answer?.ciphertext ?? iv, iv }, file.mediaKey, message.id);
    expect(store.get(read.directPath ?? '')).toEqual({ status: 'found', blob: world.blob(file.directPath) });
  });

  test('has no answer for a message without a file', () => {
    const message = { id: 'T', content: { conversation: 'hi' } } as Partial<WorldMessage> as WorldMessage;
    expect(answerServerError(message, undefined, { store: new BlobStore({ now: () => 0 }), iv })).toBeUndefined();
  });
});
