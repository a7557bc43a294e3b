import type { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { node } from '../wire/node.ts';

/** Both the code and the conflict: whatsmeow asks for the two together (connectionevents.go). */
const REMOVED = node('stream:error', { code: 401 }, [node('conflict', { type: 'device_removed' })]);

/** A linked device, as its phone shows it in "Linked devices". */
export class Companion {
  private readonly exchange: Exchange;
  private readonly device: Device;

  constructor(exchange: Exchange, device: Device) {
    this.exchange = exchange;
    this.device = device;
  }

  /** Phone-number JID with the device, e.g. `15550100:2@s.whatsapp.net`. */
  get jid(): string {
    return this.device.pn.toString();
  }

  /** Hidden-id JID with the device. */
  get lid(): string {
    return this.device.lid.toString();
  }

  get deviceId(): number {
    return this.device.id;
  }

  /** What the client calls itself, e.g. `whatsmeow` or `Mac OS`. */
  get platform(): string {
    return this.device.companion?.platform ?? '';
  }

  get connected(): boolean {
    return this.device.link !== undefined;
  }

  /** Whether it gets new stanzas at once: it has logged in and taken what waited. */
  get active(): boolean {
    return this.device.active;
  }

  /** Whether the phone has sent it its keys and all history. */
  get bootstrapped(): boolean {
    return this.device.companion?.bootstrapped ?? false;
  }

  /** Resolves when `bootstrapped` is true; rejects after `timeoutMs` (default 10 000). */
  async whenBootstrapped(options?: { timeoutMs?: number }): Promise<void> {
    if (!this.bootstrapped) await this.exchange.watch.next('bootstrapped', ({ device }) => device === this.device, options);
  }

  /** Resolves when it has acknowledged everything; rejects after `timeoutMs` (default 10 000). */
  async whenDrained(options?: { timeoutMs?: number }): Promise<void> {
    if (this.waiting > 0) await this.exchange.watch.next('drained', ({ device }) => device === this.device, options);
  }

  /** Stanzas it has not acknowledged yet. */
  get waiting(): number {
    return this.device.outbox.size;
  }

  /** Cuts its connection without a word, as a network does. */
  drop(): void {
    this.device.disconnect();
  }

  /** Lets its connection stand, but nothing crosses it any more, as with a half-open socket; the function returned lifts it. */
  freeze(): () => void {
    const { faults } = this.exchange;
    const scope = { account: this.device.account.person.id, device: this.device.id };
    const lifts = (['to_client', 'from_client'] as const).map((direction) => faults.add({ direction, ...scope }, { kind: 'drop' }));
    return () => {
      for (const lift of lifts) lift();
    };
  }

  /** Takes the link away, as "Log out" on the phone does: the client must link again. */
  logout(): void {
    this.exchange.unlink(this.device, REMOVED);
  }

  toJSON() {
    const { jid, lid, deviceId, platform, connected, active, bootstrapped, waiting } = this;
    return { jid, lid, deviceId, platform, connected, active, bootstrapped, waiting };
  }
}
