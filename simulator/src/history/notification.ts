import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { BlobStore } from '../media/blob-store.ts';
import { encryptMedia } from '../media/cipher.ts';
import { encodeHistory, type HistoryChunk } from './push.ts';

/** Where an encrypted chunk was put; see `encryptMedia` and the blob store. */
export interface StoredChunk {
  readonly directPath: string;
  readonly mediaKey: Uint8Array;
  readonly fileSha256: Uint8Array;
  readonly fileEncSha256: Uint8Array;
  /** Length of the plaintext, i.e. of the zlib bytes. */
  readonly fileLength: number;
  /** What a client names when it deletes the blob. */
  readonly encHandle: string;
}

/** Encrypts a chunk with a media key (32 fresh bytes) and puts it where companions can download it. */
export function storeChunk(chunk: HistoryChunk, blobs: BlobStore, mediaKey: Uint8Array): StoredChunk {
  const { blob, fileSha256, fileEncSha256, fileLength } = encryptMedia(encodeHistory(chunk), mediaKey, 'history');
  const { directPath, handle } = blobs.put(blob, 't62.19146-24');
  return { directPath, mediaKey, fileSha256, fileEncSha256, fileLength, encHandle: handle };
}

function described(chunk: HistoryChunk, sessionId: string | undefined): proto.Message.IHistorySyncNotification {
  return {
    // The same names in two enumerations, one for the notification and one for what it brings.
    syncType: proto.Message.HistorySyncType[proto.HistorySync.HistorySyncType[chunk.syncType] as keyof typeof proto.Message.HistorySyncType],
    chunkOrder: chunk.chunkOrder,
    progress: chunk.progress,
    ...(chunk.oldestTimestamp === undefined ? {} : { oldestMsgInChunkTimestampSec: chunk.oldestTimestamp }),
    ...(sessionId === undefined ? {} : { peerDataRequestSessionId: sessionId }),
  };
}

/** Carries the chunk itself. Real phones do so for the bootstrap only; clients accept it for every type. */
export function inlineNotification(chunk: HistoryChunk, sessionId?: string): proto.Message.IHistorySyncNotification {
  return { ...described(chunk, sessionId), initialHistBootstrapInlinePayload: encodeHistory(chunk) };
}

/** Points to the blob that holds the chunk. */
export function storedNotification(chunk: HistoryChunk, stored: StoredChunk, sessionId?: string): proto.Message.IHistorySyncNotification {
  return { ...described(chunk, sessionId), ...stored };
}
