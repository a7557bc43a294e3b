import { randomBytes } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { seconds } from '../exchange/clock.ts';
import { decryptMedia, encryptMedia, fileOf } from '../media/index.ts';
import type { MediaType } from '../media/index.ts';
import { unwrap } from './content.ts';
import type { Handset } from './handset.ts';

export type FileKind = 'image' | 'video' | 'audio' | 'ptt' | 'document' | 'sticker';

/** A file to send. */
export interface FileDraft {
  /** A person (digits, PN or LID) or a group. */
  readonly to: string;
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  readonly mimetype: string;
  readonly caption?: string;
  /** For documents. */
  readonly fileName?: string;
  /** Length of audio and video. */
  readonly seconds?: number;
}

/** A message has no file, or its file is on the media servers no more. */
export class FileFailure extends Error {
  override readonly name = 'FileFailure';
}

/** Where a kind of file is kept, what its keys are derived for, and which field of a message holds it. */
const KINDS = {
  image: { folder: 't62.7118-24', media: 'image', field: 'imageMessage' },
  video: { folder: 't62.7161-24', media: 'video', field: 'videoMessage' },
  audio: { folder: 't62.7114-24', media: 'audio', field: 'audioMessage' },
  ptt: { folder: 't62.7117-24', media: 'audio', field: 'audioMessage' },
  document: { folder: 't62.7119-24', media: 'document', field: 'documentMessage' },
  sticker: { folder: 't62.15575-24', media: 'sticker', field: 'stickerMessage' },
} as const satisfies Record<FileKind, { folder: string; media: MediaType; field: keyof proto.IMessage }>;

/** Encrypts and uploads a file; returns the message that refers to it. */
export function uploadFile({ exchange }: Handset, draft: FileDraft): proto.IMessage {
  const { folder, media, field } = KINDS[draft.kind];
  const mediaKey = randomBytes(32);
  const { blob, ...hashes } = encryptMedia(draft.bytes, mediaKey, media);
  const { directPath } = exchange.blobs.put(blob, folder);
  const file = {
    ...hashes,
    mediaKey,
    directPath,
    url: `https://mmg.whatsapp.net${directPath}`,
    mimetype: draft.mimetype,
    mediaKeyTimestamp: seconds(exchange.clock),
    ...(draft.caption === undefined ? {} : { caption: draft.caption }),
    ...(draft.fileName === undefined ? {} : { fileName: draft.fileName }),
    ...(draft.seconds === undefined ? {} : { seconds: draft.seconds }),
    ...(draft.kind === 'ptt' ? { ptt: true } : {}),
  };
  return { [field]: file };
}

/** The file of a message, decrypted. Throws a FileFailure, or a MediaCipherError where its key is wrong. */
export function downloadFile({ exchange }: Handset, content: proto.IMessage): Uint8Array {
  const file = fileOf(content);
  const kind = Object.values(KINDS).find(({ field }) => unwrap(content)[field] != null);
  if (file === undefined || kind === undefined) throw new FileFailure('the message has no file');
  const found = exchange.blobs.get(file.directPath);
  if (found.status !== 'found') throw new FileFailure(`the file of the message is ${found.status}`);
  return decryptMedia(found.blob, file.mediaKey, kind.media);
}
