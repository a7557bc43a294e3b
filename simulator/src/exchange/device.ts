import { lidJid, pnJid } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Account } from './account.ts';
import { Outbox } from './outbox.ts';
import type { PreKeyPool } from './pre-keys.ts';

/** The way to a device that is there: a socket, or a simulated phone in this process. */
export interface Link {
  send(stanza: BinaryNode): void;
  /** Ends the connection; `farewell` is sent first if there is one. */
  close(farewell?: BinaryNode): void;
}

/** What a linked device registered with, and what its phone signed. */
export interface CompanionRecord {
  /** Its Noise static key: how it logs in; 32 bytes. */
  readonly noiseKey: Uint8Array;
  /** ADVSignedDeviceIdentity with both signatures, protobuf. */
  readonly signedIdentity: Uint8Array;
  /** DeviceProps.os: the name the phone shows. */
  readonly platform: string;
  readonly keyIndex: number;
  /** DeviceProps.requireFullSync: whether it wants all history. */
  readonly wantsFullHistory: boolean;
  /** Epoch seconds. */
  readonly linkedAt: number;
  /** Whether its phone has sent it keys and history. */
  bootstrapped: boolean;
}

/** One device of an account: 0 is the phone, the others are linked. */
export class Device {
  readonly account: Account;
  readonly id: number;
  readonly keys: PreKeyPool;
  readonly outbox: Outbox;
  /** Undefined for the phone. */
  readonly companion: CompanionRecord | undefined;
  /** Undefined while the device is away. */
  link: Link | undefined;
  /** From `passive active` on: what waited has been handed over, new stanzas go out at once. */
  active = false;
  /** Last `<presence type>`: only an available device gives delivery receipts that show. */
  available = false;

  constructor(account: Account, id: number, parts: { keys: PreKeyPool; companion?: CompanionRecord; outbox?: Outbox }) {
    this.account = account;
    this.id = id;
    this.keys = parts.keys;
    this.companion = parts.companion;
    this.outbox = parts.outbox ?? new Outbox();
  }

  get pn(): Jid {
    return pnJid(this.account.person.pn, this.id);
  }

  get lid(): Jid {
    return lidJid(this.account.person.lid, this.id);
  }

  /** Keeps the stanza until it is acknowledged, and sends it now if the device is there. */
  deliver(stanza: BinaryNode): void {
    this.outbox.add(stanza);
    if (this.active) this.link?.send(stanza);
  }

  /** Cuts the connection, if there is one. */
  disconnect(farewell?: BinaryNode): void {
    const link = this.link;
    this.link = undefined;
    this.active = false;
    this.available = false;
    link?.close(farewell);
  }
}
