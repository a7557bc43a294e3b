import { SERVER_JID } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import type { BinaryNode } from '../wire/node.ts';
import { attr, bytesOf, descend, node } from '../wire/node.ts';
import type { Link } from './device.ts';

/** What a client that wants to be linked says about itself (ClientPayload.devicePairingData). */
export interface Applicant {
  /** Noise static key it connected with; 32 bytes. */
  readonly noiseKey: Uint8Array;
  /** Signal identity; 32 bytes. */
  readonly identity: Uint8Array;
  readonly registrationId: number;
  readonly signed: { readonly id: number; readonly publicKey: Uint8Array; readonly signature: Uint8Array };
  /** DeviceProps.os. */
  readonly platform: string;
  readonly wantsFullHistory: boolean;
}

/** What a phone hands in to link an applicant. */
export interface Approval {
  /** ADVSignedDeviceIdentityHMAC, protobuf. */
  readonly identity: Uint8Array;
  readonly pn: Jid;
  readonly lid: Jid;
  /** Epoch seconds. */
  readonly at: number;
}

/** Why linking failed, in words; thrown to the phone that tried. */
export class LinkFailure extends Error {
  override readonly name = 'LinkFailure';
}

/** How long a client may take to countersign before the phone gives up. */
const SIGN_TIMEOUT_MS = 20_000;

/** One client that waits to be linked. */
export class Registration {
  readonly applicant: Applicant;
  readonly refs: readonly string[];
  readonly connection: number;
  private readonly link: Link;
  private pending: { id: string; settle: (reply: BinaryNode | Error) => void } | undefined;

  constructor(connection: number, link: Link, parts: { applicant: Applicant; refs: readonly string[] }) {
    this.connection = connection;
    this.link = link;
    this.applicant = parts.applicant;
    this.refs = parts.refs;
  }

  /** Shows the client the refs that its QR codes are made of. whatsmeow wants exactly this one child. */
  offerRefs(id: string): void {
    const refs = this.refs.map((ref) => node('ref', {}, ref));
    this.link.send(node('iq', { from: SERVER_JID, type: 'set', id, xmlns: 'md' }, [node('pair-device', {}, refs)]));
  }

  send(stanza: BinaryNode): void {
    this.link.send(stanza);
  }

  /** Sends `pair-success`; resolves with the client's countersigned identity. Throws a LinkFailure. */
  async approve(id: string, { identity, pn, lid, at }: Approval): Promise<Uint8Array> {
    const success = node('pair-success', {}, [
      node('device-identity', {}, identity),
      node('device', { jid: pn, lid }),
      node('platform', { name: 'android' }),
    ]);
    const reply = this.replyTo(id);
    this.link.send(node('iq', { from: SERVER_JID, type: 'set', id, xmlns: 'md', t: at }, [success]));
    return signedIdentityIn(await reply);
  }

  /** Takes the client's answer to a request of the server; false if none was open. */
  takeReply(reply: BinaryNode): boolean {
    if (this.pending === undefined || reply.attrs['id'] !== this.pending.id) return false;
    this.pending.settle(reply);
    return true;
  }

  /** The client has gone. */
  abandon(): void {
    this.pending?.settle(new LinkFailure('the client closed its connection before it countersigned'));
  }

  /** Linked: the client must connect again, as a device. */
  restart(): void {
    this.link.close(node('stream:error', { code: 515 }));
  }

  private replyTo(id: string): Promise<BinaryNode> {
    return new Promise((resolve, reject) => {
      const settle = (reply: BinaryNode | Error) => {
        clearTimeout(timer);
        this.pending = undefined;
        if (reply instanceof Error) reject(reply);
        else resolve(reply);
      };
      const timer = setTimeout(() => settle(new LinkFailure(`the client did not countersign within ${SIGN_TIMEOUT_MS} ms`)), SIGN_TIMEOUT_MS);
      this.pending = { id, settle };
    });
  }
}

function signedIdentityIn(reply: BinaryNode): Uint8Array {
  const error = descend(reply, 'error');
  if (error !== undefined) throw new LinkFailure(`the client refused: ${attr(error, 'code') ?? ''} ${attr(error, 'text') ?? ''}`);
  const signed = bytesOf(descend(reply, 'pair-device-sign', 'device-identity'));
  if (signed.length === 0) throw new LinkFailure('expected pair-device-sign with a device-identity, got none');
  return signed;
}

/** The clients that wait, by their refs. */
export class Registrations {
  private readonly waiting = new Set<Registration>();

  add(registration: Registration): void {
    this.waiting.add(registration);
  }

  remove(registration: Registration): void {
    this.waiting.delete(registration);
    registration.abandon();
  }

  /** Throws a LinkFailure where no waiting client has shown this ref. */
  byRef(ref: string): Registration {
    for (const registration of this.waiting) if (registration.refs.includes(ref)) return registration;
    throw new LinkFailure('this code is of no client that waits here: it has expired, or belongs to another server');
  }

  all(): readonly Registration[] {
    return [...this.waiting];
  }
}
