import { randomBytes } from 'node:crypto';
import { seconds } from '../exchange/clock.ts';
import type { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Registration } from '../exchange/registration.ts';
import type { Applicant } from '../exchange/registration.ts';
import { pnJid } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import { attr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { BadClientPayload, parseClientPayload } from './client-payload.ts';
import { failure } from './connection.ts';
import type { Connection, Conversation } from './connection.ts';

/** Reasons of `<failure>` (whatsmeow types/events/events.go: ConnectFailureReason). */
const FAILURE = { loggedOut: 401, badPayload: 409 } as const;
/** QR codes a client gets before it must connect again. */
const REF_COUNT = 6;
const REPLACED = node('stream:error', {}, [node('conflict', { type: 'replaced' })]);

/** Decides what a new connection is for; undefined where it was refused. */
export function converse(exchange: Exchange, connection: Connection, payload: Uint8Array, clientKey: Uint8Array): Conversation | undefined {
  try {
    const intent = parseClientPayload(payload, clientKey);
    if (intent.kind === 'register') return new Registering(exchange, connection, intent.applicant);
    const device = exchange.directory.companionByNoiseKey(clientKey);
    const named = exchange.directory.device(pnJid(intent.user, intent.device));
    if (device === undefined || device !== named) {
      connection.close(failure(FAILURE.loggedOut, { location: 'sim' }));
      return undefined;
    }
    return new LoggedIn(exchange, connection, device).start(intent.passive);
  } catch (error) {
    if (!(error instanceof BadClientPayload)) throw error;
    connection.close(failure(FAILURE.badPayload));
    return undefined;
  }
}

/** Names one code; like the real ones, and without the comma that parts a QR code. */
function newRef(): string {
  return `2@${randomBytes(24).toString('base64')}`;
}

/** A client that shows a code and waits for a phone. */
class Registering implements Conversation {
  readonly device = undefined;
  private readonly exchange: Exchange;
  private readonly connection: Connection;
  private readonly registration: Registration;

  constructor(exchange: Exchange, connection: Connection, applicant: Applicant) {
    this.exchange = exchange;
    this.connection = connection;
    const refs = Array.from({ length: REF_COUNT }, newRef);
    this.registration = new Registration(connection.id, connection, { applicant, refs });
    exchange.registrations.add(this.registration);
    this.registration.offerRefs(`pair-${connection.id}`);
    exchange.watch.emit('registering', { connection: connection.id, refs });
  }

  receive(stanza: BinaryNode): void {
    if (stanza.tag !== 'iq') return;
    const type = attr(stanza, 'type');
    if (type === 'result' || type === 'error') this.registration.takeReply(stanza);
    else this.connection.send(this.registration.answer(stanza, { newRef, onCode: (account) => this.reportCode(account) }));
  }

  closed(): void {
    this.exchange.registrations.remove(this.registration);
  }

  private reportCode(account: Jid): void {
    this.exchange.watch.emit('codeShown', { connection: this.connection.id, account: account.toString() });
  }
}

/** A linked device. */
class LoggedIn implements Conversation {
  readonly device: Device;
  private readonly exchange: Exchange;
  private readonly connection: Connection;

  constructor(exchange: Exchange, connection: Connection, device: Device) {
    this.exchange = exchange;
    this.connection = connection;
    this.device = device;
  }

  /** Says success; a client that logs in passive gets its stanzas only after `<active/>`. */
  start(passive: boolean): this {
    this.device.disconnect(REPLACED);
    this.device.link = this.connection;
    this.connection.send(node('success', { t: seconds(this.exchange.clock), lid: this.device.lid, location: 'sim' }));
    this.exchange.watch.emit('connected', { device: this.device });
    if (!passive) this.exchange.activate(this.device);
    return this;
  }

  receive(stanza: BinaryNode): void {
    if (this.device.link !== this.connection) return;
    const reply = this.exchange.submit(this.device, stanza);
    if (reply !== undefined) this.connection.send(reply);
  }

  closed(): void {
    if (this.device.link === this.connection) this.device.disconnect();
    this.exchange.watch.emit('disconnected', { device: this.device });
  }
}
