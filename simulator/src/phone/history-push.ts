import { setImmediate } from 'node:timers/promises';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Device } from '../exchange/device.ts';
import { inlineNotification, pushHistory } from '../history/index.ts';
import type { HistoryChunk } from '../history/index.ts';
import type { Handset } from './handset.ts';
import { sendPeer } from './outgoing.ts';

const { Type } = proto.Message.ProtocolMessage;

/**
 * Sends a linked device the history of the phone, part by part, building one part at a time.
 * A world knows only what its owner's phone holds: the phones of other people have no history.
 */
export async function sendHistory(handset: Handset, companion: Device): Promise<void> {
  const { world } = handset.exchange;
  if (handset.account.person !== world.owner) return;
  const requireFullSync = companion.companion?.wantsFullHistory ?? false;
  for (const chunk of pushHistory(world, { requireFullSync })) {
    await sendChunk(handset, companion, chunk);
    // Building a part keeps the process busy; sockets get their turn in between.
    await setImmediate();
  }
}

async function sendChunk(handset: Handset, companion: Device, chunk: HistoryChunk): Promise<void> {
  await sendPeer(handset, companion, {
    type: Type.HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: inlineNotification(chunk),
  });
}
