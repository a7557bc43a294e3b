import type { WebSocket } from 'ws';
import type { Device, Link } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Authority } from '../noise/authority.ts';
import { frame, FrameReader, STREAM_HEADER } from '../noise/frames.ts';
import { Handshake } from '../noise/handshake.ts';
import type { Transport } from '../noise/symmetric-state.ts';
import { decodeFrame } from '../wire/decoder.ts';
import { encodeNode } from '../wire/encoder.ts';
import { node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';

/** Flag byte of an uncompressed stanza. */
const PLAIN = Uint8Array.of(0);
/** A client that does not finish the handshake in this time is dropped (whatsmeow waits 20 s for it). */
const HANDSHAKE_TIMEOUT_MS = 20_000;

/**
 * How long a client has to close by itself after a last word. whatsmeow does not connect again
 * after a 515 if the socket closes before it has read it (connectionevents.go: handleStreamError).
 */
const FAREWELL_MS = 2_000;

/** Takes the stanzas of a connection after the handshake. */
export interface Conversation {
  /** The device, once the connection has logged in. */
  readonly device: Device | undefined;
  receive(stanza: BinaryNode): void;
  closed(): void;
}

/** What a connection needs from the server that accepted it. */
export interface ConnectionParts {
  readonly id: number;
  readonly exchange: Exchange;
  readonly authority: Authority;
  /** Decides from the ClientPayload what the connection is for. */
  readonly converse: (connection: Connection, payload: Uint8Array, clientKey: Uint8Array) => Conversation | undefined;
  /** Told why a connection was cut when the client broke the protocol. */
  readonly onBreach: (error: unknown) => void;
}

/** One WebSocket of a client: handshake, frames, encryption. */
export class Connection implements Link {
  readonly id: number;
  private readonly socket: WebSocket;
  private readonly parts: ConnectionParts;
  private readonly reader = new FrameReader();
  private readonly handshake: Handshake;
  private step: (frame: Uint8Array) => void = (first) => this.takeHello(first);
  private transport: Transport | undefined;
  private conversation: Conversation | undefined;

  constructor(socket: WebSocket, parts: ConnectionParts) {
    this.id = parts.id;
    this.socket = socket;
    this.parts = parts;
    this.handshake = new Handshake(parts.authority, STREAM_HEADER);
    const stopTimer = parts.exchange.clock.after(HANDSHAKE_TIMEOUT_MS, () => {
      if (this.transport === undefined) this.socket.terminate();
    });
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data) => this.take(data as Buffer));
    socket.on('error', (error) => parts.onBreach(error));
    socket.on('close', () => {
      stopTimer();
      this.conversation?.closed();
    });
  }

  send(stanza: BinaryNode): void {
    if (this.transport === undefined || this.socket.readyState !== this.socket.OPEN) return;
    this.report('out', stanza);
    this.write(this.transport.encrypt(Buffer.concat([PLAIN, encodeNode(stanza)])));
  }

  close(farewell?: BinaryNode): void {
    if (farewell !== undefined) this.send(farewell);
    if (farewell === undefined) this.socket.terminate();
    else this.parts.exchange.clock.after(FAREWELL_MS, () => this.socket.terminate());
  }

  private take(data: Buffer): void {
    try {
      for (const next of this.reader.push(data)) this.step(next);
    } catch (error) {
      this.parts.onBreach(error);
      this.socket.terminate();
    }
  }

  private takeHello(first: Uint8Array): void {
    this.write(this.handshake.hello(first));
    this.step = (second) => this.takeFinish(second);
  }

  private takeFinish(second: Uint8Array): void {
    const { transport, payload, clientKey } = this.handshake.finish(second);
    this.transport = transport;
    this.step = (next) => this.takeStanza(transport, next);
    this.conversation = this.parts.converse(this, payload, clientKey);
  }

  private takeStanza(transport: Transport, next: Uint8Array): void {
    const stanza = decodeFrame(transport.decrypt(next));
    this.report('in', stanza);
    this.conversation?.receive(stanza);
  }

  private write(payload: Uint8Array): void {
    this.socket.send(frame(payload));
  }

  private report(direction: 'in' | 'out', stanza: BinaryNode): void {
    const device = this.conversation?.device;
    this.parts.exchange.watch.emit('stanza', { direction, connection: this.id, device, stanza });
  }
}

/** `<failure>` instead of a login; the client decides by the reason what became of it. */
export function failure(reason: number, attrs: Readonly<Record<string, string>> = {}): BinaryNode {
  return node('failure', { reason, ...attrs });
}
