import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
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

function described(chunk: HistoryChunk, sessionId: string | undefined): proto.Message.IHistorySyncNotification {
  return {
    // HistorySync.HistorySyncType and Message.HistorySyncType have the same numbers.
    syncType: chunk.syncType as number as proto.Message.HistorySyncType,
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
