import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';

import { TimedOut } from '../exchange/events.ts';

/** A message as a phone shows it, decrypted. */
export interface Received {
  readonly id: string;
  /** The chat, as it was addressed: a person's JID, a group, or `status@broadcast`. */
  readonly chat: string;
  /** Phone-number JID of the person who wrote it, without a device. */
  readonly sender: string;
  /** Which device of theirs: 0 is the phone, others are linked. */
  readonly senderDevice: number;
  /** Written by this account on one of its other devices. */
  readonly fromMe: boolean;
  /** Epoch seconds, of the server. */
  readonly timestamp: number;
  /** Body or caption; undefined where the message has none. */
  readonly text: string | undefined;
  readonly content: proto.IMessage;
  /** `<message edit>`: 1 edit, 2 pin, 7 and 8 revoke; undefined for a new message. */
  readonly edit: string | undefined;
  /** How often a message with this id from this person arrived and decrypted; more than 1 is a repeat. */
  deliveries: number;
}

export interface WaitOptions {
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

interface Waiter {
  readonly fits: (message: Received) => boolean;
  readonly resolve: (message: Received) => void;
}

/** All messages a phone has decrypted, oldest first; a repeat is counted, not added. */
export class Inbox {
  private readonly received: Received[] = [];
  private readonly byKey = new Map<string, Received>();
  private readonly waiters = new Set<Waiter>();

  get messages(): readonly Received[] {
    return this.received;
  }

  /** Adds a message, or counts one more delivery of it. */
  add(message: Omit<Received, 'deliveries'>): void {
    const key = `${message.chat} ${message.sender} ${message.id}`;
    const known = this.byKey.get(key);
    if (known !== undefined) {
      known.deliveries += 1;
      return;
    }
    const added: Received = { ...message, deliveries: 1 };
    this.byKey.set(key, added);
    this.received.push(added);
    for (const waiter of [...this.waiters]) if (waiter.fits(added)) waiter.resolve(added);
  }

  /** The first message that fits, past or future. Rejects after the time, saying what is there instead. */
  waitFor(fits: (message: Received) => boolean, { timeoutMs = 10_000 }: WaitOptions = {}): Promise<Received> {
    const there = this.received.find(fits);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(new TimedOut(`no message that fits came within ${timeoutMs} ms; the inbox holds ${this.received.length} others`));
      }, timeoutMs);
      const waiter: Waiter = {
        fits,
        resolve: (message) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve(message);
        },
      };
      this.waiters.add(waiter);
    });
  }
}
