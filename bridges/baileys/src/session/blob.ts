/** Blobs on WhatsApp's media servers: history, and the files of messages. */
import { Boom } from '@hapi/boom';
import type { DownloadableMessage, MediaType } from '@whiskeysockets/baileys';
import { downloadContentFromMessage, proto } from '@whiskeysockets/baileys';
import type { Blob } from '../history/download.ts';
import { BlobGone } from '../history/download.ts';
import type { Redirect } from './redirect.ts';

/** 404 and 410: deleted; 403: the address has expired. */
const goneCodes = new Set([403, 404, 410]);

/** Decrypted bytes, as they come. Throws BlobGone where the server no longer has it. */
export async function* openBlob(source: DownloadableMessage, type: MediaType, redirect: Redirect | undefined): AsyncGenerator<Buffer> {
  try {
    const options = redirect === undefined ? {} : ({ dispatcher: redirect.dispatcher } as object);
    for await (const piece of await downloadContentFromMessage(source, type, { options })) yield piece as Buffer;
  } catch (error) {
    if (error instanceof Boom && goneCodes.has(error.output.statusCode)) throw new BlobGone(`the media server answers ${error.output.statusCode}`);
    throw error;
  }
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
      const pieces: Buffer[] = [];
      for await (const piece of openBlob({ mediaKey, directPath, url: null }, 'md-msg-hist', redirect)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}
