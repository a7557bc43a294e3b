/** What a person who links this device needs to see: the QR text, and how linking ended. */
import { Failure } from '@whatsapp-mcp/contract';
import { Waiters } from './waiters.ts';

export interface ShownQr {
  readonly state: 'qr';
  /** A secret: whoever scans it owns the account's messages. */
  readonly qr: string;
  readonly expires_at: number;
}

export type Shown = ShownQr | { readonly state: 'paired' };

/** Baileys shows the first code for 60 s, later ones for 20 s (Socket/socket.ts, pair-device). */
const FIRST_QR_MS = 60_000;
const NEXT_QR_MS = 20_000;

export class PairingBoard {
  readonly #now: () => number;
  readonly #waiters = new Waiters<Shown>();
  #active = false;
  #shown: ShownQr | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Somebody is linking this device. */
  get active(): boolean {
    return this.#active;
  }

  begin(): void {
    this.#active = true;
    this.#shown = undefined;
  }

  showQr(qr: string): void {
    const lifetime = this.#shown === undefined ? FIRST_QR_MS : NEXT_QR_MS;
    this.#shown = { state: 'qr', qr, expires_at: this.#now() + lifetime };
    this.#waiters.succeed(this.#shown);
  }

  /** The code that can be scanned now, waiting for it until the signal aborts. */
  async current(signal: AbortSignal, late: () => Error): Promise<Shown> {
    return this.#shown ?? this.#waiters.wait(signal, late);
  }

  finish(): void {
    this.#active = false;
    this.#shown = undefined;
    this.#waiters.succeed({ state: 'paired' });
  }

  end(reason: string): void {
    this.#active = false;
    this.#shown = undefined;
    this.#waiters.fail(new Failure('disconnected', `Linking ended: ${reason}`));
  }

  requirePasskey(): void {
    this.#active = false;
    this.#shown = undefined;
    this.#waiters.fail(new Failure('passkey_required', 'WhatsApp asks this account for a passkey, which Baileys cannot give.'));
  }
}
