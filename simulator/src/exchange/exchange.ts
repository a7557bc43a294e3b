import { randomInt } from 'node:crypto';
import type { BlobStore } from '../media/index.ts';
import { derive } from '../noise/derive.ts';
import { IqRouter } from '../topics/iq.ts';
import { IQ_ROWS } from '../topics/table.ts';
import { routeMessage } from './message.ts';
import { routeReceipt } from './receipt.ts';
import { SERVER_JID } from '../wire/jid.ts';
import { attr, child, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { WorldState } from '../world-state/index.ts';
import type { Line } from '../phone/chronicle.ts';
import type { World } from '../world/types.ts';
import type { Account } from './account.ts';
import type { Clock } from './clock.ts';
import type { Device } from './device.ts';
import { announceDevice } from './device-lists.ts';
import type { Directory } from './directory.ts';
import { Watch } from './events.ts';
import { Faults } from './faults.ts';
import { LoginRefusals } from './login-refusals.ts';
import { routeCall } from './call.ts';
import { notePresenceGone, takeChatState, takePresence } from './presence.ts';
import { Registrations } from './registration.ts';

type StanzaHandler = (exchange: Exchange, from: Device, stanza: BinaryNode) => BinaryNode | undefined;

/** What the server does with a stanza of a linked device or a phone; other tags are taken in silence. */
const HANDLERS: Readonly<Record<string, StanzaHandler>> = {
  iq: answerIq,
  message: routeMessage,
  receipt: routeReceipt,
  ack: takeAck,
  presence: takePresence,
  chatstate: takeChatState,
  call: routeCall,
};

/** The server itself: it takes stanzas of devices, answers them, and carries them to other devices. */
export class Exchange {
  readonly directory: Directory;
  readonly clock: Clock;
  readonly watch = new Watch();
  readonly registrations = new Registrations();
  readonly router = new IqRouter(IQ_ROWS);
  /** What goes wrong between the server and clients. */
  readonly faults: Faults;
  /** What the owner sent and received since the world was made, oldest first. */
  readonly journal: Line[] = [];
  /** Who may not log in. */
  readonly refusals = new LoginRefusals();
  /** What accounts set and what the server keeps beside the world. */
  readonly state: WorldState;

  /** Files on the media servers; those of the generated past are there without having been uploaded. */
  readonly blobs: BlobStore;
  private readonly audiences = new WeakMap<Device, Set<Account>>();
  /** What clients show when they upload. */
  readonly mediaAuth: string;

  constructor(directory: Directory, { clock, seed, blobs }: { clock: Clock; seed: number; blobs: BlobStore }) {
    this.directory = directory;
    this.clock = clock;
    this.mediaAuth = Buffer.from(derive(seed, 'media auth', 32)).toString('base64url');
    this.faults = new Faults(clock);
    this.blobs = blobs;
    this.state = new WorldState(directory.world, this.blobs);
    this.watch.on('disconnected', ({ device }) => notePresenceGone(this, device));
  }

  /** Who gets the status posts of a device: clients send its key to each of them once only. */
  statusAudience(sender: Device): Set<Account> {
    const audience = this.audiences.get(sender) ?? new Set([sender.account]);
    this.audiences.set(sender, audience);
    return audience;
  }

  /** Id of a stanza that the server makes itself. */
  newId(): string {
    return randomInt(2 ** 47).toString();
  }

  get world(): World {
    return this.directory.world;
  }

  /** Takes one stanza of a device; returns what answers it at once: an IQ result or an ack. */
  submit(from: Device, stanza: BinaryNode): BinaryNode | undefined {
    return HANDLERS[stanza.tag]?.(this, from, stanza);
  }

  /** Hands over what waited while the device was away, and lets new stanzas through. */
  activate(device: Device): void {
    if (device.active) return;
    const waiting = device.outbox.offline();
    const { count, message, receipt, notification, call } = device.outbox.counts();
    if (waiting.length > 0 && device.id !== 0) {
      device.link?.send(info([node('offline_preview', { count, message, receipt, notification, appdata: 0, call })]));
    }
    for (const stanza of waiting) device.link?.send(stanza);
    device.active = true;
    if (device.id !== 0) device.link?.send(info([node('offline', { count })]));
    this.watch.emit('active', { device });
  }

  /** To be called when a device has acknowledged something. */
  noteDrained(device: Device): void {
    if (device.outbox.size === 0) this.watch.emit('drained', { device });
  }

  /** Takes a linked device away from its account; `farewell` is the last thing it hears. */
  unlink(device: Device, farewell: BinaryNode): void {
    device.disconnect(farewell);
    device.account.detach(device);
    this.watch.emit('unlinked', { device });
    announceDevice(this, device, 'remove');
  }
}

function info(content: readonly BinaryNode[]): BinaryNode {
  return node('ib', { from: SERVER_JID }, content);
}

function answerIq(exchange: Exchange, from: Device, iq: BinaryNode): BinaryNode | undefined {
  const type = attr(iq, 'type');
  if (type !== 'get' && type !== 'set') return undefined;
  return exchange.router.answer({ exchange, from, iq, child: child(iq) });
}

function takeAck(exchange: Exchange, from: Device, ack: BinaryNode): undefined {
  if (from.outbox.acknowledge(ack)) exchange.noteDrained(from);
}
