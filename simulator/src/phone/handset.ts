import { randomBytes } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../exchange/account.ts';
import { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { PreKeyPool } from '../exchange/pre-keys.ts';
import type { HistoryOptions } from '../history/index.ts';
import { keyPairFrom } from '../noise/curve.ts';
import { derive } from '../noise/derive.ts';
import { Jid } from '../wire/jid.ts';
import type { BinaryNode } from '../wire/node.ts';
import { Ciphers } from './ciphers.ts';
import { chronicle } from './chronicle.ts';
import type { Line } from './chronicle.ts';
import { Inbox } from './inbox.ts';
import type { Received } from './inbox.ts';
import { SignalStore } from './signal-store.ts';

/** A message this phone sent, kept so that it can be sent again to who could not read it. */
export interface Sent {
  readonly to: Jid;
  readonly content: proto.IMessage;
}

/** A part of the history that a linked device has not confirmed. */
interface Unconfirmed {
  readonly companion: Device;
  readonly notification: proto.Message.IHistorySyncNotification;
}

/** How many sent messages a phone remembers for retries. */
const MAX_SENT = 2_000;

/** What the parts of one phone share: its keys, its place in the exchange, its memory. */
export class Handset {
  readonly exchange: Exchange;
  readonly account: Account;
  readonly device: Device;
  readonly store: SignalStore;
  readonly ciphers: Ciphers;
  readonly inbox = new Inbox();
  readonly sent = new Map<string, Sent>();
  /** By the id of the message that announced it. */
  readonly unconfirmed = new Map<string, Unconfirmed>();
  /** What this phone hands to a newly linked device, where it differs from the usual. */
  historyOffer: Partial<HistoryOptions> = {};
  private tail: Promise<unknown> = Promise.resolve();

  constructor(exchange: Exchange, account: Account, seed: number) {
    this.exchange = exchange;
    this.account = account;
    const { id } = account.person;
    const registration = derive(seed, `registration ${id}`, 2);
    this.store = new SignalStore({
      identity: account.identity,
      registrationId: 1 + ((((registration[0] ?? 0) << 8) | (registration[1] ?? 0)) & 0x3ffe),
      signed: keyPairFrom(derive(seed, `signed pre-key ${id}`, 32)),
    });
    this.ciphers = new Ciphers(this.store);
    const { registrationId, signedPreKey } = this.store;
    const keys = new PreKeyPool({ registrationId, identity: account.identity.publicKey, signed: signedPreKey }, this.store.makePreKeys());
    this.device = new Device(account, 0, { keys });
    account.attach(this.device);
  }

  /** Hands a stanza to the server; returns its answer. */
  submit(stanza: BinaryNode): BinaryNode | undefined {
    return this.exchange.submit(this.device, stanza);
  }

  /** Runs one task after the other: sessions must not be used by two at once. */
  serially<T>(task: () => Promise<T>): Promise<T> {
    const run = this.tail.then(task, task);
    this.tail = run.catch(() => undefined);
    return run;
  }

  /** Resolves when everything that came in so far has been worked on. */
  async settled(): Promise<void> {
    await this.tail;
  }

  /** Ids of phones have 32 digits; those of linked devices start with 3EB0. */
  newMessageId(): string {
    return `AC${randomBytes(15).toString('hex').toUpperCase()}`;
  }

  /** Files a message that was decrypted. */
  show(message: Omit<Received, 'deliveries'>): void {
    this.inbox.add(message);
    const { id, chat, fromMe, timestamp, content } = message;
    this.write({ id, chat, fromMe, timestamp, content, sender: Jid.parse(message.sender).user });
  }

  /** Writes a message into the world, if this is the phone whose view the world is. */
  write(line: Line): void {
    const { world, journal } = this.exchange;
    if (this.account.person !== world.owner) return;
    journal.push(line);
    chronicle(world, line);
  }

  remember(id: string, sent: Sent): void {
    this.sent.set(id, sent);
    if (this.sent.size > MAX_SENT) this.sent.delete(this.sent.keys().next().value ?? '');
  }
}
