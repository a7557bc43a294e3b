import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { innerContent } from '../world/content.ts';
import type { WorldMessage } from '../world/types.ts';
import type { BlobStore } from './blob-store.ts';
import { MediaCipherError } from './cipher.ts';

/** The two parts of an `<encrypt>` element: `enc_p` and `enc_iv`. */
export interface RetryCiphertext {
  readonly ciphertext: Uint8Array;
  readonly iv: Uint8Array;
}

const TAG_LENGTH = 16;
const { ResultType } = proto.MediaRetryNotification;

const retryKey = (mediaKey: Uint8Array): Buffer => Buffer.from(hkdfSync('sha256', mediaKey, '', 'WhatsApp Media Retry Notification', 32));

/** AES-256-GCM; the message id is the associated data (whatsmeow mediaretry.go). */
function seal(plain: Uint8Array, mediaKey: Uint8Array, messageId: string, iv: Uint8Array): RetryCiphertext {
  const cipher = createCipheriv('aes-256-gcm', retryKey(mediaKey), iv).setAAD(Buffer.from(messageId));
  return { ciphertext: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]), iv };
}

/** @throws MediaCipherError if it was not encrypted with this key for this message. */
export function openRetry({ ciphertext, iv }: RetryCiphertext, mediaKey: Uint8Array, messageId: string): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', retryKey(mediaKey), iv).setAAD(Buffer.from(messageId));
    decipher.setAuthTag(ciphertext.subarray(-TAG_LENGTH));
    return Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_LENGTH)), decipher.final()]);
  } catch (cause) {
    throw new MediaCipherError(`This receipt was not encrypted with the media key of message ${messageId}.`, { cause });
  }
}

/** What a companion sends in `<receipt type=server-error>`: the id of the message whose file it cannot get. */
export function openServerError(encrypted: RetryCiphertext, mediaKey: Uint8Array, messageId: string): string {
  return proto.ServerErrorReceipt.decode(openRetry(encrypted, mediaKey, messageId)).stanzaId ?? '';
}

/** What the phone answers in `<notification type=mediaretry>`. */
export interface MediaRetryAnswer {
  readonly stanzaId: string;
  /** The new path; undefined if the phone has the file no more. */
  readonly directPath: string | undefined;
}

/** `iv`: twelve fresh bytes. */
export function sealMediaRetry({ stanzaId, directPath }: MediaRetryAnswer, mediaKey: Uint8Array, iv: Uint8Array): RetryCiphertext {
  const result = directPath === undefined ? ResultType.NOT_FOUND : ResultType.SUCCESS;
  const notification = { stanzaId, result, ...(directPath === undefined ? {} : { directPath }) };
  return seal(proto.MediaRetryNotification.encode(notification).finish(), mediaKey, stanzaId, iv);
}

const mediaKinds = ['imageMessage', 'videoMessage', 'audioMessage', 'documentMessage', 'stickerMessage'] as const satisfies readonly (keyof proto.IMessage)[];

/** Key and path of the file in a message; undefined if it has none. */
export function fileOf(content: proto.IMessage): { readonly mediaKey: Uint8Array; readonly directPath: string } | undefined {
  const inner = innerContent(content);
  for (const kind of mediaKinds) {
    const { mediaKey, directPath } = inner[kind] ?? {};
    if (mediaKey && directPath) return { mediaKey, directPath };
  }
  return undefined;
}

/**
 * The phone's whole answer to a companion that could not download the file of a message: it
 * checks the receipt, uploads the file again and tells the new path. Undefined if the message has
 * no file, which the server answers with `<error code=2/>`.
 * @throws MediaCipherError if the receipt does not belong to the message.
 */
export function answerServerError(message: WorldMessage, receipt: RetryCiphertext | undefined, phone: { readonly store: BlobStore; readonly iv: Uint8Array }): RetryCiphertext | undefined {
  const file = message.content && fileOf(message.content);
  if (!file) return undefined;
  if (receipt) openServerError(receipt, file.mediaKey, message.id);
  const directPath = phone.store.renew(file.directPath)?.directPath;
  return sealMediaRetry({ stanzaId: message.id, directPath }, file.mediaKey, phone.iv);
}
