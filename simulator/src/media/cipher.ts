import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a media key is for; decides the HKDF info and so the four derived keys. */
export type MediaType = 'image' | 'video' | 'audio' | 'document' | 'sticker' | 'history' | 'app-state' | 'link-thumbnail';

const info = {
  image: 'WhatsApp Image Keys',
  sticker: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
  history: 'WhatsApp History Keys',
  'app-state': 'WhatsApp App State Keys',
  'link-thumbnail': 'WhatsApp Link Thumbnail Keys',
} as const satisfies Record<MediaType, string>;

/** Bytes of HMAC-SHA256 that follow the ciphertext (whatsmeow download.go:mediaHMACLength). */
export const MEDIA_MAC_LENGTH = 10;

export interface EncryptedMedia {
  /** Ciphertext followed by the MAC: the bytes that are uploaded. */
  readonly blob: Buffer;
  /** SHA-256 of the plaintext. */
  readonly fileSha256: Buffer;
  /** SHA-256 of `blob`. */
  readonly fileEncSha256: Buffer;
  /** Length of the plaintext. */
  readonly fileLength: number;
}

/** Thrown when a blob does not open with the key it is said to belong to. */
export class MediaCipherError extends Error {
  override readonly name = 'MediaCipherError';
}

/** @throws RangeError if the media key is not 32 bytes long. */
export function mediaKeys(mediaKey: Uint8Array, type: MediaType): { iv: Buffer; cipher: Buffer; mac: Buffer } {
  if (mediaKey.length !== 32) throw new RangeError(`A media key has 32 bytes, this one has ${mediaKey.length}.`);
  const expanded = Buffer.from(hkdfSync('sha256', mediaKey, '', info[type], 112));
  return { iv: expanded.subarray(0, 16), cipher: expanded.subarray(16, 48), mac: expanded.subarray(48, 80) };
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** AES-256-CBC, then HMAC-SHA256(iv ‖ ciphertext) cut to ten bytes. Deterministic for one key. */
export function encryptMedia(plain: Uint8Array, mediaKey: Uint8Array, type: MediaType): EncryptedMedia {
  const keys = mediaKeys(mediaKey, type);
  const cipher = createCipheriv('aes-256-cbc', keys.cipher, keys.iv);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  const mac = createHmac('sha256', keys.mac).update(keys.iv).update(encrypted).digest().subarray(0, MEDIA_MAC_LENGTH);
  const blob = Buffer.concat([encrypted, mac]);
  return { blob, fileSha256: sha256(plain), fileEncSha256: sha256(blob), fileLength: plain.length };
}

/** @throws MediaCipherError if the MAC does not match or the padding is broken. */
export function decryptMedia(blob: Uint8Array, mediaKey: Uint8Array, type: MediaType): Buffer {
  if (blob.length <= MEDIA_MAC_LENGTH) throw new MediaCipherError(`A blob has more than ${MEDIA_MAC_LENGTH} bytes, this one has ${blob.length}.`);
  const keys = mediaKeys(mediaKey, type);
  const encrypted = blob.subarray(0, -MEDIA_MAC_LENGTH);
  const mac = createHmac('sha256', keys.mac).update(keys.iv).update(encrypted).digest().subarray(0, MEDIA_MAC_LENGTH);
  if (!timingSafeEqual(mac, blob.subarray(-MEDIA_MAC_LENGTH))) {
    throw new MediaCipherError(`The MAC of this blob does not match: it was not encrypted with this key as ${type}.`);
  }
  try {
    const decipher = createDecipheriv('aes-256-cbc', keys.cipher, keys.iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch (cause) {
    throw new MediaCipherError('The MAC matches but the ciphertext does not end in valid padding.', { cause });
  }
}
