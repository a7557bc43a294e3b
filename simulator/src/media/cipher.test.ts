import { getMediaKeys } from '@whiskeysockets/baileys/lib/Utils/messages-media.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decryptMedia, encryptMedia, MediaCipherError, mediaKeys, sha256, type MediaType } from './cipher.ts';

const types: MediaType[] = ['image', 'video', 'audio', 'document', 'sticker', 'history', 'app-state', 'link-thumbnail'];
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('what is encrypted can be decrypted, and the hashes are those of both sides', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), key, fc.constantFrom(...types), (plain, mediaKey, type) => {
      const media = encryptMedia(plain, mediaKey, type);
      expect(Buffer.compare(decryptMedia(media.blob, mediaKey, type), plain)).toBe(0);
      expect(media.fileLength).toBe(plain.length);
      expect(media.fileSha256).toEqual(sha256(plain));
      expect(media.fileEncSha256).toEqual(sha256(media.blob));
      expect(media.blob.length % 16).toBe(10);
    }),
  );
});

test('another key, another type or a changed byte opens nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), key, fc.nat(), (plain, mediaKey, position) => {
      const { blob } = encryptMedia(plain, mediaKey, 'image');
      const changed = Buffer.from(blob);
      const index = position % blob.length;
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      const other = Uint8Array.from(mediaKey, (byte) => byte ^ 1);
      expect(() => decryptMedia(changed, mediaKey, 'image')).toThrow(MediaCipherError);
      expect(() => decryptMedia(blob, other, 'image')).toThrow(MediaCipherError);
      expect(() => decryptMedia(blob, mediaKey, 'video')).toThrow(MediaCipherError);
    }),
  );
});

test.each<[MediaType, Parameters<typeof getMediaKeys>[1]]>([
  ['image', 'image'],
  ['sticker', 'sticker'],
  ['video', 'video'],
  ['audio', 'ptt'],
  ['document', 'document'],
  ['history', 'md-msg-hist'],
  ['app-state', 'md-app-state'],
  ['link-thumbnail', 'thumbnail-link'],
])('the keys of %s are those of Baileys', async (type, theirs) => {
  const mediaKey = new Uint8Array(32).fill(9);
  const expected = await getMediaKeys(mediaKey, theirs);
  expect(mediaKeys(mediaKey, type)).toEqual({ iv: Buffer.from(expected.iv), cipher: Buffer.from(expected.cipherKey), mac: Buffer.from(expected.macKey ?? []) });
});

test.each([0, 31, 33])('a media key of %d bytes is refused', (length) => {
  expect(() => mediaKeys(new Uint8Array(length), 'image')).toThrow(/32 bytes/);
});

test('a blob shorter than its MAC is refused', () => {
  expect(() => decryptMedia(new Uint8Array(10), new Uint8Array(32), 'image')).toThrow(/more than 10/);
});
