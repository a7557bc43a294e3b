import { createHash } from 'node:crypto';
import type { Jid } from '../wire/jid.ts';
import { node } from '../wire/node.ts';
import { seconds } from './clock.ts';
import type { Device } from './device.ts';
import type { Exchange } from './exchange.ts';
import { notify } from './notify.ts';

/** Bytes of the digest that stand for a list of devices. */
const HASH_BYTES = 6;

/** The hash of a device list, by which clients see whether theirs is right (whatsmeow send.go: participantListHashV2). */
export function deviceListHash(devices: readonly Jid[]): string {
  const sorted = devices.map(({ user, device, server }) => `${user}.0:${device}@${server}`).sort();
  const digest = createHash('sha256').update(sorted.join('')).digest();
  return `2:${digest.subarray(0, HASH_BYTES).toString('base64').replaceAll('=', '')}`;
}

/** Tells all linked devices, of this account and of others, that a device was added or removed. */
export function announceDevice(exchange: Exchange, changed: Device, change: 'add' | 'remove'): void {
  const { account } = changed;
  for (const known of exchange.directory.known()) {
    for (const device of known.companions.filter((other) => other !== changed)) {
      announceChange(exchange, device, { changed, change });
      if (known === account) announceOwnList(exchange, device);
    }
  }
  exchange.watch.emit('devices', { account });
}

function announceChange(exchange: Exchange, device: Device, { changed, change }: { changed: Device; change: 'add' | 'remove' }): void {
  const { account } = changed;
  const all = [...account.devices.values()];
  const hashes = { device_hash: deviceListHash(all.map(({ pn }) => pn)), device_lid_hash: deviceListHash(all.map(({ lid }) => lid)) };
  const entry = node('device', { jid: changed.pn, lid: changed.lid, 'key-index': changed.companion?.keyIndex });
  const content = [node(change, hashes, [entry, node('key-index-list', { ts: seconds(exchange.clock) })])];
  notify(exchange, device, { type: 'devices', from: account.pn, attrs: { lid: account.lid }, content });
}

function announceOwnList(exchange: Exchange, device: Device): void {
  const jids = [...device.account.devices.values()].map(({ pn }) => pn);
  const content = [node('devices', { dhash: deviceListHash(jids) }, jids.map((jid) => node('device', { jid })))];
  notify(exchange, device, { type: 'account_sync', from: device.account.pn, content });
}
