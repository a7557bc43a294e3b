import { attr, withAttrs } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';

/** Stanzas that must be acknowledged wait here for a device, even while it is away. */
const ACKNOWLEDGED = new Set(['message', 'receipt', 'notification', 'call']);
/** What a device may leave unread before the oldest is given up; WhatsApp drops devices that stay away. */
const MAX_WAITING = 100_000;

/** What waits for one device: everything it has not acknowledged, oldest first. */
export class Outbox {
  private waiting: BinaryNode[] = [];

  constructor(waiting: readonly BinaryNode[] = []) {
    this.waiting = [...waiting];
  }

  /** Keeps the stanza until it is acknowledged; stanzas that nobody acknowledges are not kept. */
  add(stanza: BinaryNode): void {
    if (!ACKNOWLEDGED.has(stanza.tag)) return;
    this.waiting.push(stanza);
    if (this.waiting.length > MAX_WAITING) this.waiting.shift();
  }

  /** Takes an `<ack>` of the device; false if nothing waited for it. */
  acknowledge(ack: BinaryNode): boolean {
    const [id, tag, from, type] = [attr(ack, 'id'), attr(ack, 'class'), attr(ack, 'to'), attr(ack, 'type')];
    const matches = (stanza: BinaryNode) => stanza.tag === tag && attr(stanza, 'id') === id;
    const exact = this.waiting.findIndex(
      (stanza) => matches(stanza) && attr(stanza, 'from') === from && (tag === 'message' || attr(stanza, 'type') === type),
    );
    const at = exact === -1 ? this.waiting.findIndex(matches) : exact;
    if (at === -1) return false;
    this.waiting.splice(at, 1);
    return true;
  }

  /** Takes a delivery receipt for a message, which stands for its `<ack>`; false if it did not wait. */
  delivered(id: string): boolean {
    const at = this.waiting.findIndex((stanza) => stanza.tag === 'message' && attr(stanza, 'id') === id);
    if (at === -1) return false;
    this.waiting.splice(at, 1);
    return true;
  }

  /** Whether a message waits. */
  holds(id: string): boolean {
    return this.waiting.some((stanza) => stanza.tag === 'message' && attr(stanza, 'id') === id);
  }

  /** All that waits, marked as having waited (Baileys then processes it as old). */
  offline(): BinaryNode[] {
    return this.waiting.map((stanza) => withAttrs(stanza, { offline: '0' }));
  }

  /** How many stanzas of each kind wait, for `offline_preview`. */
  counts(): Record<'count' | 'message' | 'receipt' | 'notification' | 'call', number> {
    const counts = { count: this.waiting.length, message: 0, receipt: 0, notification: 0, call: 0 };
    for (const { tag } of this.waiting) counts[tag as 'message'] += 1;
    return counts;
  }

  get size(): number {
    return this.waiting.length;
  }

  /** Keeps these stanzas and no others. */
  replace(waiting: readonly BinaryNode[]): void {
    this.waiting = [...waiting];
  }

  snapshot(): readonly BinaryNode[] {
    return this.waiting;
  }
}
