import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { seconds } from '../exchange/clock.ts';
import type { Device } from '../exchange/device.ts';
import { derive } from '../noise/derive.ts';
import type { Handset } from './handset.ts';
import { sendPeer } from './outgoing.ts';

const { Type } = proto.Message.ProtocolMessage;

/** The key that the app state of an account is encrypted with. */
export interface AppStateKey {
  /** 6 bytes. */
  readonly id: Uint8Array;
  /** 32 bytes. */
  readonly data: Uint8Array;
}

/** The app-state key of an account: every account has one, made from the seed. */
export function appStateKeyOf(seed: number, person: string): AppStateKey {
  const id = Uint8Array.of(0, 0, 0, 0, ...derive(seed, `app state key id ${person}`, 2));
  return { id, data: derive(seed, `app state key ${person}`, 32) };
}

/** Gives a linked device the app-state key; without it the device can read no collection. */
export async function shareAppStateKey(handset: Handset, companion: Device, key: AppStateKey): Promise<void> {
  const fingerprint = { rawId: handset.store.registrationId, currentIndex: companion.id, deviceIndexes: [0, companion.id] };
  const keyData = { keyData: key.data, fingerprint, timestamp: seconds(handset.exchange.clock) };
  await sendPeer(handset, companion, {
    type: Type.APP_STATE_SYNC_KEY_SHARE,
    appStateSyncKeyShare: { keys: [{ keyId: { keyId: key.id }, keyData }] },
  });
}
