import { SERVER_JID } from '../wire/jid.ts';
import { node } from '../wire/node.ts';
import type { Attribute, BinaryNode } from '../wire/node.ts';
import type { Account } from './account.ts';
import { seconds } from './clock.ts';
import type { Device } from './device.ts';
import type { Exchange } from './exchange.ts';

/** What a notification says: its kind, who it is from (the server if nobody), and its parts. */
export interface Notice {
  readonly type: string;
  readonly from?: Attribute | undefined;
  readonly attrs?: Readonly<Record<string, Attribute | undefined>>;
  readonly content: readonly BinaryNode[];
  /** Left out, each device gets one of its own. */
  readonly id?: string;
}

/** Tells a device something; it waits until the device has acknowledged it. */
export function notify(exchange: Exchange, device: Device, { type, from, attrs, content, id = exchange.newId() }: Notice): void {
  device.deliver(node('notification', { from: from ?? SERVER_JID, type, id, t: seconds(exchange.clock), ...attrs }, content));
}

/** A collection of app state and the version it has now. */
export interface CollectionVersion {
  readonly name: string;
  readonly version: number;
}

/** Tells the other devices of an account that collections have changed. */
export function notifyAppState(exchange: Exchange, account: Account, change: { author: Device; collections: readonly CollectionVersion[] }): void {
  const content = change.collections.map(({ name, version }) => node('collection', { name, version }));
  for (const device of account.devices.values()) {
    if (device !== change.author) notify(exchange, device, { type: 'server_sync', content });
  }
  for (const { name, version } of change.collections) {
    exchange.watch.emit('appState', { account, author: change.author, collection: name, version });
  }
}
