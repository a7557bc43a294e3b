import { randomBytes } from 'node:crypto';
import { seconds } from '../exchange/clock.ts';
import type { Device, Link } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Registration } from '../exchange/registration.ts';
import type { Applicant } from '../exchange/registration.ts';
import { errorOf } from '../topics/iq.ts';
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
    const refusal = exchange.refusals.meet(intent.kind === 'login' ? intent.user : undefined);
    if (refusal !== undefined) {
      connection.close(failure(refusal.reason, refusal.attrs));
      return undefined;
    }
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

/** How the server says no to a stanza: requests get an error, the rest an ack with a code. */
function refusalOf(stanza: BinaryNode, code: number, text: string): BinaryNode {
  if (stanza.tag === 'iq') return errorOf(stanza, code, text);
  return node('ack', { class: stanza.tag, id: attr(stanza, 'id'), from: stanza.attrs['to'], error: code });
}

/** A linked device. */
class LoggedIn implements Conversation {
  readonly device: Device;
  private readonly exchange: Exchange;
  private readonly connection: Connection;
  private readonly link: Link;

  constructor(exchange: Exchange, connection: Connection, device: Device) {
    this.exchange = exchange;
    this.connection = connection;
    this.device = device;
    const pass = (stanza: BinaryNode) => connection.send(stanza);
    this.link = {
      send: (stanza) => exchange.faults.cross(stanza, { direction: 'to_client', device, pass }),
      close: (farewell) => connection.close(farewell),
    };
  }

  /** Says success; a client that logs in passive gets its stanzas only after `<active/>`. */
  start(passive: boolean): this {
    this.device.disconnect(REPLACED);
    this.device.link = this.link;
    this.connection.send(node('success', { t: seconds(this.exchange.clock), lid: this.device.lid, location: 'sim' }));
    this.exchange.watch.emit('connected', { device: this.device });
    if (!passive) this.exchange.activate(this.device);
    return this;
  }

  receive(stanza: BinaryNode): void {
    const { exchange, device } = this;
    const pass = (arrived: BinaryNode) => this.answer(arrived);
    const refuse = (refused: BinaryNode, { code, text }: { code: number; text: string }) => this.reply(refusalOf(refused, code, text));
    exchange.faults.cross(stanza, { direction: 'from_client', device, pass, refuse });
  }

  private answer(stanza: BinaryNode): void {
    if (this.device.link === this.link) this.reply(this.exchange.submit(this.device, stanza));
  }

  private reply(stanza: BinaryNode | undefined): void {
    if (stanza !== undefined) this.device.link?.send(stanza);
  }

  closed(): void {
    if (this.device.link === this.link) this.device.disconnect();
    this.exchange.watch.emit('disconnected', { device: this.device });
  }
}
