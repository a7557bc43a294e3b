import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Device } from '../exchange/device.ts';
import { encodeHistory, inlineNotification, pushHistory, storedNotification } from '../history/index.ts';
import type { HistoryChunk } from '../history/index.ts';
import { encryptMedia } from '../media/index.ts';
import type { Handset } from './handset.ts';
import { sendPeer } from './outgoing.ts';

const { Type } = proto.Message.ProtocolMessage;
const { HistorySyncType } = proto.HistorySync;
/** The folder under which history lies on the media servers. */
const HISTORY_FOLDER = 't62.19146-24';

/**
 * Sends a linked device the history of the phone, part by part, building one part at a time.
 * A world knows only what its owner's phone holds: the phones of other people have no history.
 */
export async function sendHistory(handset: Handset, companion: Device): Promise<void> {
  const { world } = handset.exchange;
  if (handset.account.person !== world.owner) return;
  const requireFullSync = companion.companion?.wantsFullHistory ?? false;
  for (const chunk of pushHistory(world, { ...handset.historyOffer, requireFullSync })) {
    await sendChunk(handset, companion, notificationFor(handset, chunk));
    // Building a part keeps the process busy; sockets get their turn in between.
    await setImmediate();
  }
}

/** Answers a request for older messages; `request` is the id of the stanza that asked. */
export async function sendOnDemand(handset: Handset, companion: Device, { chunk, request }: { chunk: HistoryChunk; request: string }): Promise<void> {
  await sendChunk(handset, companion, notificationFor(handset, chunk, request));
}

/**
 * Sends again what left the server, but was never confirmed by a hist_sync receipt: a phone without it keeps uploading
 * (jlucaso1/whatsapp-rust src/history_sync.rs). whatsmeow answers a peer message before its handlers have run
 * (message.go:handleProtocolMessage), so a client that dies in between has only this.
 */
export async function repeatHistory(handset: Handset, companion: Device): Promise<void> {
  const open = [...handset.unconfirmed].filter(([id, entry]) => entry.companion === companion && !companion.outbox.holds(id));
  for (const [id, { notification }] of open) {
    handset.unconfirmed.delete(id);
    await sendChunk(handset, companion, notification);
  }
}

async function sendChunk(handset: Handset, companion: Device, notification: proto.Message.IHistorySyncNotification): Promise<void> {
  const id = await sendPeer(handset, companion, { type: Type.HISTORY_SYNC_NOTIFICATION, historySyncNotification: notification });
  handset.unconfirmed.set(id, { companion, notification });
}

/** Phones put the first part into the message itself and upload the others. */
function notificationFor(handset: Handset, chunk: HistoryChunk, request?: string): proto.Message.IHistorySyncNotification {
  if (chunk.syncType === HistorySyncType.INITIAL_BOOTSTRAP) return inlineNotification(chunk, request);
  const mediaKey = randomBytes(32);
  const { blob, ...hashes } = encryptMedia(encodeHistory(chunk), mediaKey, 'history');
  const { directPath, handle } = handset.exchange.blobs.put(blob, HISTORY_FOLDER);
  return storedNotification(chunk, { directPath, mediaKey, encHandle: handle, ...hashes }, request);
}
