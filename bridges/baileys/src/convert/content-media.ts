/** Rules K-image to K-sticker, K-album and M1. */
import type { Content, Readers } from './content.ts';
import type { ContextInfo } from './protos.ts';
import type { Bytes, Numeric } from './values.ts';
import { base64, filled, filledOrNothing, numberOf, positive, textOf } from './values.ts';

/** Fields that the media messages have in common; each has some. */
interface Media {
  readonly url?: string | null;
  readonly directPath?: string | null;
  readonly mediaKey?: Bytes;
  readonly fileSha256?: Bytes;
  readonly fileEncSha256?: Bytes;
  readonly fileLength?: Numeric;
  readonly mimetype?: string | null;
  readonly caption?: string | null;
  readonly contextInfo?: ContextInfo | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly seconds?: number | null;
  readonly jpegThumbnail?: Bytes;
  readonly viewOnce?: boolean | null;
}

type Kind = 'image' | 'video' | 'gif' | 'ptv' | 'audio' | 'ptt' | 'document' | 'sticker';

function media(kind: Kind, message: Media, filename?: string | null): Content {
  return {
    kind,
    text: message.caption,
    context: message.contextInfo,
    viewOnce: message.viewOnce,
    width: positive(message.width),
    height: positive(message.height),
    duration_seconds: positive(message.seconds),
    thumbnail: base64(message.jpegThumbnail),
    media: filled({
      kind,
      mimetype: textOf(message.mimetype, 255),
      filename: textOf(filename, 1024),
      url: message.url,
      direct_path: message.directPath,
      media_key: base64(message.mediaKey),
      file_sha256: base64(message.fileSha256),
      file_enc_sha256: base64(message.fileEncSha256),
      file_length: numberOf(message.fileLength),
    }),
  };
}

export const mediaReaders = {
  imageMessage: (message) => media('image', message),
  videoMessage: (message) => media(message.gifPlayback ? 'gif' : 'video', message),
  ptvMessage: (message) => media('ptv', message),
  audioMessage: (message) => media(message.ptt ? 'ptt' : 'audio', message),
  documentMessage: (message) => media('document', message, textOf(message.fileName) ?? message.title),
  stickerMessage: (message) => ({
    ...media('sticker', message),
    thumbnail: base64(message.pngThumbnail),
    payload: message.isAnimated ? { animated: true } : undefined,
  }),
  albumMessage: (message) => ({
    kind: 'album',
    context: message.contextInfo,
    payload: filledOrNothing({ expected_images: positive(message.expectedImageCount), expected_videos: positive(message.expectedVideoCount) }),
  }),
} satisfies Readers;
