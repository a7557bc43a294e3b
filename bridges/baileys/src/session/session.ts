/**
 * The connection of the linked device: opened while something needs it, kept alive, closed when idle, and its state
 * named. Operations go through `use`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { BaileysEventMap } from '@whiskeysockets/baileys';
import type { BridgeStatus, ConnectionState } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import type { Log } from '../log.ts';
import type { Config } from '../config.ts';
import type { Staging } from '../history/staging.ts';
import type { Capture } from './capture.ts';
import type { Verdict } from './closing.ts';
import { judge, pauseBefore } from './closing.ts';
import { endingOf } from './faults.ts';
import type { KeyStore } from './keys.ts';
import { Needs } from './needs.ts';
import { PairingBoard } from './pairing-board.ts';
import type { Redirect } from './redirect.ts';
import { trustNoiseRoot } from './redirect.ts';
import type { Socket } from './socket.ts';
import { openSocket, ownOf } from './socket.ts';
import { Waiters } from './waiters.ts';

export interface SessionParts {
  readonly config: Config;
  readonly keys: KeyStore;
  readonly staging: Staging;
  readonly capture: Capture;
  readonly redirect: Redirect | undefined;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  readonly onStatus: () => void;
  readonly onStaged: (lastSeq: number) => void;
}

/** A socket that hears nothing for so long is dead: WhatsApp answers a ping every 30 s. */
const SILENCE_MS = 75_000;
/** From dialling to open; while a person scans, nobody hurries. */
const OPEN_WITHIN_MS = 60_000;
const WATCH_MS = 5000;
/** Before a ban without an end is tested again. */
const BAN_UNKNOWN_MS = 3_600_000;
/** More restarts in a row are a fault, which backs off. */
const MAX_RESTARTS = 3;
const STOP_WITHIN_MS = 3000;

type Connection = Pick<BridgeStatus, 'state' | 'reason' | 'connected_since' | 'last_event_at' | 'next_attempt_at' | 'restrictions'>;

export class Session {
  readonly pairing: PairingBoard;
  readonly #parts: SessionParts;
  readonly #needs: Needs;
  readonly #redirect: Redirect | undefined;
  readonly #waiters = new Waiters<Socket>();
  #socket: Socket | undefined;
  #state: ConnectionState = 'starting';
  #reason: string | undefined;
  #openedAt = 0;
  #closedAt = 0;
  #connectedSince: number | undefined;
  #lastFrameAt: number | undefined;
  #nextAttemptAt: number | undefined;
  #bannedUntil: number | undefined;
  #restriction: BridgeStatus['restrictions'][number] | undefined;
  #attempt = 0;
  #retry: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #opening = false;
  /** WhatsApp said no: nothing is tried again until somebody asks for it. */
  #halted = false;
  /** New connections in a row that WhatsApp asked for at once. */
  #restarts = 0;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.pairing = new PairingBoard(parts.now);
    this.#needs = new Needs(parts.config.idleMs, parts.now);
    this.#redirect = parts.redirect;
  }

  get paired(): boolean {
    return this.#parts.keys.paired;
  }

  /** Begins life: connects where the mode or unfinished work asks for it. */
  start(): void {
    this.#watch = setInterval(() => this.#look(), WATCH_MS);
    this.#rest();
    this.#reconsider();
  }

  connection(): Connection {
    return {
      state: this.#state,
      restrictions: this.#restriction === undefined || (this.#restriction.until ?? Infinity) < this.#parts.now() ? [] : [this.#restriction],
      ...(this.#reason !== undefined && { reason: this.#reason }),
      ...(this.#connectedSince !== undefined && { connected_since: this.#connectedSince }),
      ...(this.#lastFrameAt !== undefined && { last_event_at: this.#lastFrameAt }),
      ...(this.#nextAttemptAt !== undefined && { next_attempt_at: this.#nextAttemptAt }),
    };
  }

  /** More is expected to come on this connection within `forMs`; it is not idle until then. */
  expect(forMs: number): void {
    this.#needs.touch();
    this.#needs.expect(forMs);
  }

  noteRestriction(restriction: BridgeStatus['restrictions'][number] | undefined): void {
    this.#restriction = restriction;
    this.#parts.onStatus();
  }

  /** Runs `work` on an open connection, connecting first where needed. Rejects with a Failure that says why there is none. */
  async use<Result>(signal: AbortSignal, work: (socket: Socket) => Promise<Result>): Promise<Result> {
    this.#requirePaired();
    const release = this.#needs.hold();
    try {
      return await work(await this.#connected(signal));
    } finally {
      release();
    }
  }

  #requirePaired(): void {
    this.requireOn();
    if (!this.paired) throw new Failure('not_paired', this.#state === 'logged_out' ? (this.#reason ?? 'This device was unlinked.') : 'The Baileys bridge is not linked to an account.');
    if (this.#state === 'client_outdated') throw new Failure('client_outdated', this.#reason ?? 'WhatsApp refuses this version.');
    if (this.#state === 'banned' && (this.#bannedUntil ?? this.#closedAt + BAN_UNKNOWN_MS) > this.#parts.now()) {
      throw new Failure('banned', this.#reason ?? 'The account is banned.', this.#bannedUntil === undefined ? undefined : { until: this.#bannedUntil });
    }
  }

  requireOn(): void {
    if (this.#parts.config.mode === 'off') throw new Failure('bridge_off', 'The Baileys bridge is switched off.');
  }

  async #connected(signal: AbortSignal): Promise<Socket> {
    if (this.#socket !== undefined && this.#state === 'connected') return this.#socket;
    const waiting = this.#waiters.wait(signal, () => new Failure('disconnected', `No connection to WhatsApp${this.#reason === undefined ? '' : `: ${this.#reason}`}`));
    this.#halted = false;
    // Somebody waits: the pause of the back-off is over for the first try.
    if (this.#socket === undefined) this.#dial();
    return waiting;
  }

  /** Opens a connection on which a person may link this device. The board tells how it goes. */
  startPairing(): void {
    this.requireOn();
    if (this.paired || this.pairing.active) return;
    // A code that was asked for and never typed leaves an account that signed nothing: such a device cannot be linked.
    if (this.#socket === undefined) this.#parts.keys.forget();
    this.#halted = false;
    this.pairing.begin();
    if (this.#socket === undefined) this.#dial();
  }

  /** The socket that waits for a phone, for asking a pairing code on it. */
  get pairingSocket(): Socket | undefined {
    return this.pairing.active ? this.#socket : undefined;
  }

  /** Unlinks the device at WhatsApp, then forgets it. */
  async logout(signal: AbortSignal): Promise<void> {
    if (!this.paired) {
      await this.#drop();
      this.#forget();
      return;
    }
    await this.use(signal, async (socket) => socket.logout());
    this.#closed(socket401());
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    this.#set('stopping');
    this.#waiters.fail(new Failure('disconnected', 'The bridge stops.'));
    this.pairing.end('The bridge stops.');
    await Promise.race([this.#drop(), pause(STOP_WITHIN_MS, undefined, { ref: false })]);
    await this.#redirect?.dispatcher.destroy();
  }

  // --- the life of a connection ---

  get #wanted(): boolean {
    const { config } = this.#parts;
    if (config.mode === 'off' || this.#state === 'stopping' || this.#halted) return false;
    if (this.pairing.active || this.#waiters.some) return true;
    return this.paired && (config.mode === 'always' || this.#needs.some);
  }

  #reconsider(): void {
    if (this.#wanted && this.#socket === undefined && this.#retry === undefined && !this.#opening) this.#dial();
  }

  #dial(): void {
    if (this.#opening || this.#socket !== undefined) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#nextAttemptAt = undefined;
    this.#opening = true;
    this.#set(this.paired ? 'connecting' : 'pairing');
    void this.#open().finally(() => {
      this.#opening = false;
    });
  }

  async #open(): Promise<void> {
    const { config, log, now, redirect, ...parts } = this.#parts;
    try {
      if (config.simulator !== undefined) await trustNoiseRoot(config.simulator);
    } catch (error) {
      this.#closed(judge({ code: undefined, message: `The simulator does not answer: ${(error as Error).message}`, attributes: {} }, now()));
      return;
    }
    if (this.#state === 'stopping') return;
    this.#openedAt = now();
    const socket = openSocket({ ...parts, log, now, simulator: config.simulator, redirect });
    this.#socket = socket;
    socket.ev.on('connection.update', (update) => {
      if (this.#socket === socket) this.#updated(socket, update);
    });
    socket.ws.on('frame', () => {
      this.#lastFrameAt = now();
    });
    for (const type of ['passkey_prologue_request', 'crsc_continuation']) {
      socket.ws.on(`CB:notification,type:${type}`, () => this.#passkey());
    }
  }

  #updated(socket: Socket, update: BaileysEventMap['connection.update']): void {
    if (update.qr !== undefined) this.pairing.showQr(update.qr);
    if (update.connection === 'open') this.#opened(socket);
    if (update.connection === 'close') this.#closed(judge(endingOf(update.lastDisconnect?.error), this.#parts.now()));
    if (update.reachoutTimeLock?.isActive === false) this.noteRestriction(undefined);
    if (update.reachoutTimeLock?.isActive === true) {
      const until = update.reachoutTimeLock.timeEnforcementEnds?.getTime();
      this.noteRestriction({ kind: 'reachout_timelock', ...(until !== undefined && { until }), reason: 'WhatsApp does not let this account write to new contacts.' });
    }
  }

  #opened(socket: Socket): void {
    const { keys, staging, now, log } = this.#parts;
    const own = ownOf(keys);
    staging.adopt(own.pn, own.lid);
    this.#attempt = 0;
    this.#restarts = 0;
    this.#reason = undefined;
    this.#bannedUntil = undefined;
    this.#connectedSince = now();
    this.pairing.finish();
    this.#needs.touch();
    this.#set('connected');
    log.info('connected');
    this.#waiters.succeed(socket);
  }

  #passkey(): void {
    this.pairing.requirePasskey();
    this.#set('passkey');
  }

  #closed(verdict: Verdict): void {
    const { log, now, random } = this.#parts;
    const wasPairing = this.pairing.active && !this.paired;
    this.#socket = undefined;
    this.#closedAt = now();
    this.#connectedSince = undefined;
    this.#reason = verdict.again === 'now' ? undefined : verdict.reason;
    this.#bannedUntil = verdict.bannedUntil;
    log.info({ state: verdict.state, reason: verdict.reason, again: verdict.again }, 'connection closed');
    if (verdict.forget || wasPairing) this.#forget();
    if (wasPairing) this.pairing.end(verdict.reason);
    this.#set(wasPairing ? 'unpaired' : verdict.state);
    if (verdict.again === 'never' || wasPairing) {
      this.#halted = true;
      this.#waiters.fail(new Failure(verdict.state === 'logged_out' ? 'not_paired' : 'disconnected', verdict.reason));
      return;
    }
    if (!this.#wanted) {
      this.#rest();
      return;
    }
    const atOnce = verdict.again === 'now' && this.#restarts < MAX_RESTARTS;
    const pause = atOnce ? 0 : pauseBefore(this.#attempt, random());
    if (atOnce) this.#restarts += 1;
    else this.#attempt += 1;
    this.#nextAttemptAt = now() + pause;
    this.#retry = setTimeout(() => this.#dial(), pause);
  }

  #forget(): void {
    this.#parts.keys.forget();
    if (this.#state === 'stopping') return;
    this.#set('unpaired');
  }

  /** Every few seconds: is it dead, stuck, or no longer needed? */
  #look(): void {
    const { now, log, config } = this.#parts;
    const socket = this.#socket;
    if (socket === undefined) {
      this.#reconsider();
      return;
    }
    const heardAt = Math.max(this.#lastFrameAt ?? 0, this.#openedAt);
    const stuck = this.#state === 'connecting' && now() - this.#openedAt > OPEN_WITHIN_MS;
    if (stuck || now() - heardAt > SILENCE_MS) {
      log.warn({ stuck, silent_ms: now() - heardAt }, 'the connection is dead');
      void socket.end(new Error(stuck ? 'it did not open in time' : 'it was silent for too long'));
    } else if (config.mode === 'on-demand' && this.#state === 'connected' && !this.#wanted) {
      log.info('idle');
      void this.#drop().then(() => this.#rest());
    }
  }

  /** Closes the socket, if any, without judging its end. */
  async #drop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#connectedSince = undefined;
    await socket?.end(undefined);
  }

  /** The state without a connection. */
  #rest(): void {
    const { config } = this.#parts;
    if (config.mode === 'off') this.#set('off');
    else if (!this.paired) this.#set('unpaired');
    else if (config.mode === 'on-demand') this.#set('idle');
    else this.#set('disconnected');
  }

  #set(state: ConnectionState): void {
    if (this.#state === state || this.#state === 'stopping') return;
    this.#state = state;
    this.#parts.onStatus();
  }
}

const socket401 = (): Verdict => ({ state: 'unpaired', reason: 'This device was unlinked.', again: 'never', forget: true });
