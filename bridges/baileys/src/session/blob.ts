/** Blobs on WhatsApp's media servers: history, and the files of messages. */
import { Boom } from '@hapi/boom';
import type { DownloadableMessage, MediaType } from '@whiskeysockets/baileys';
import { downloadContentFromMessage, proto } from '@whiskeysockets/baileys';
import type { Input } from '@whatsapp-mcp/contract';
import type { Blob } from '../history/download.ts';
import { BlobGone } from '../history/download.ts';
import type { Redirect } from './redirect.ts';
import { libraryKey } from './sending.ts';
import type { Socket } from './socket.ts';

type Source = Input<'media.download'>['source'];

/** 404 and 410: deleted; 403: the address has expired. */
const goneCodes = new Set([403, 404, 410]);

/** Whose key derivation and path a kind of file uses (Defaults/index.ts:MEDIA_HKDF_KEY_MAPPING). */
const types: Readonly<Record<Source['kind'], MediaType>> = {
  image: 'image',
  video: 'video',
  gif: 'video',
  ptv: 'ptv',
  audio: 'audio',
  ptt: 'ptt',
  document: 'document',
  sticker: 'sticker',
};

/** Decrypted bytes, as they come. Throws BlobGone where the server no longer has it. */
async function* pieces(source: DownloadableMessage, type: MediaType, redirect: Redirect | undefined): AsyncGenerator<Buffer> {
  try {
    const options = redirect === undefined ? {} : ({ dispatcher: redirect.dispatcher } as object);
    for await (const piece of await downloadContentFromMessage(source, type, { options })) yield piece as Buffer;
  } catch (error) {
    if (error instanceof Boom && goneCodes.has(error.output.statusCode)) throw new BlobGone(`the media server answers ${error.output.statusCode}`);
    throw error;
  }
}

/** The file of a message; its source has a media key and an address. */
export function openBlob(source: Source, redirect: Redirect | undefined): AsyncGenerator<Buffer> {
  const mediaKey = Buffer.from(source.media_key ?? '', 'base64');
  return pieces({ mediaKey, directPath: source.direct_path ?? null, url: source.url ?? null }, types[source.kind], redirect);
}

/** The blob of a HistorySyncNotification. */
export function historyBlob(notification: Uint8Array, redirect: Redirect | undefined): Blob {
  const told = proto.Message.HistorySyncNotification.decode(notification);
  const inline = told.initialHistBootstrapInlinePayload;
  return {
    inline: inline == null || inline.length === 0 ? undefined : inline,
    sha256: told.fileSha256 == null || told.fileSha256.length === 0 ? undefined : told.fileSha256,
    fetch: async () => {
      const { mediaKey, directPath } = told;
      if (mediaKey == null || directPath == null) throw new BlobGone('the notification has neither payload nor address');
      const all: Buffer[] = [];
      for await (const piece of pieces({ mediaKey, directPath, url: null }, 'md-msg-hist', redirect)) all.push(piece);
      return Buffer.concat(all);
    },
  };
}

/** Asks the phone to upload a file again. Its new direct path; undefined where the phone has it no more. */
export async function reuploaded(socket: Socket, key: Input<'media.download'>['key'], source: Source): Promise<string | undefined> {
  const content = { mediaKey: Buffer.from(source.media_key ?? '', 'base64'), directPath: source.direct_path ?? null, url: source.url ?? null };
  try {
    // Which kind of message holds the content does not matter: only its key and its path are used.
    const updated = await socket.updateMediaMessage({ key: libraryKey(key), message: { documentMessage: content } });
    return updated.message?.documentMessage?.directPath ?? undefined;
  } catch (error) {
    if (error instanceof Boom && [404, 412].includes(error.output.statusCode)) return undefined;
    throw error;
  }
}
