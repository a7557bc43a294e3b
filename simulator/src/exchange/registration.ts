import { resultOf } from '../topics/iq.ts';
import { SERVER_JID } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import type { BinaryNode } from '../wire/node.ts';
import { attr, bytesOf, descend, node } from '../wire/node.ts';
import type { Link } from './device.ts';
import { helloResult, primaryHello, readFinish, readHello } from './link-code.ts';
import type { CodeAnswer, CodeHello } from './link-code.ts';

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

/** How long a client may take over each step before the phone gives up. */
const ANSWER_TIMEOUT_MS = 20_000;

/** One client that waits to be linked. */
export class Registration {
  readonly applicant: Applicant;
  readonly refs: readonly string[];
  readonly connection: number;
  /** Set once the client shows a code to be typed, beside its QR codes. */
  codeHello: CodeHello | undefined;
  private readonly link: Link;
  private readonly signed = new Owed<BinaryNode>();
  private readonly bundle = new Owed<Uint8Array>();
  private approvalId = '';

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

  /** Answers a request of the client: the two steps of linking by code, or an empty result. */
  answer(iq: BinaryNode, { newRef, onCode }: { newRef: () => string; onCode: (account: Jid) => void }): BinaryNode {
    const hello = readHello(iq, newRef());
    if (hello !== undefined) {
      this.codeHello = hello;
      onCode(hello.account);
      return helloResult(iq, hello);
    }
    const bundle = readFinish(iq);
    if (bundle !== undefined) this.bundle.settle(bundle);
    return resultOf(iq, []);
  }

  /** Tells the client that its code was typed; resolves with its key bundle. Throws a LinkFailure. */
  askForBundle(id: string, answer: CodeAnswer): Promise<Uint8Array> {
    if (this.codeHello === undefined) throw new LinkFailure('the client does not show a code');
    const reply = this.bundle.next('send its key bundle');
    this.link.send(primaryHello(id, this.codeHello, answer));
    return reply;
  }

  /** Sends `pair-success`; resolves with the client's countersigned identity. Throws a LinkFailure. */
  async approve(id: string, { identity, pn, lid, at }: Approval): Promise<Uint8Array> {
    const success = node('pair-success', {}, [
      node('device-identity', {}, identity),
      node('device', { jid: pn, lid }),
      node('platform', { name: 'android' }),
    ]);
    this.approvalId = id;
    const reply = this.signed.next('countersign');
    this.link.send(node('iq', { from: SERVER_JID, type: 'set', id, xmlns: 'md', t: at }, [success]));
    return signedIdentityIn(await reply);
  }

  /** Takes the client's answer to a request of the server; false if none was open. */
  takeReply(reply: BinaryNode): boolean {
    return reply.attrs['id'] === this.approvalId && this.signed.settle(reply);
  }

  /** The client has gone. */
  abandon(): void {
    const gone = new LinkFailure('the client closed its connection while it was being linked');
    this.signed.settle(gone);
    this.bundle.settle(gone);
  }

  /** Linked: the client must connect again, as a device. */
  restart(): void {
    this.link.close(node('stream:error', { code: 515 }));
  }
}

/** One answer that a client owes, with a time limit. */
class Owed<Answer> {
  private pending: ((answer: Answer | LinkFailure) => void) | undefined;

  /** Waits for the answer; `what` completes "the client did not …". Throws a LinkFailure. */
  next(what: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.settle(new LinkFailure(`the client did not ${what} within ${ANSWER_TIMEOUT_MS} ms`));
      }, ANSWER_TIMEOUT_MS);
      this.pending = (answer) => {
        clearTimeout(timer);
        this.pending = undefined;
        if (answer instanceof LinkFailure) reject(answer);
        else resolve(answer);
      };
    });
  }

  /** Hands the answer, or a failure, to who waits; false if nobody does. */
  settle(answer: Answer | LinkFailure): boolean {
    const { pending } = this;
    pending?.(answer);
    return pending !== undefined;
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

  /** The client that shows a code for this account, the last one if there are several. Throws a LinkFailure. */
  byAccount(account: Jid): Registration {
    const found = [...this.waiting].reverse().find(({ codeHello }) => codeHello?.account.equals(account) === true);
    if (found === undefined) throw new LinkFailure(`no client shows a code for ${account.user}: it must ask for one first`);
    return found;
  }

  all(): readonly Registration[] {
    return [...this.waiting];
  }
}
