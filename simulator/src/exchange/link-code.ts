import { resultOf } from '../topics/iq.ts';
import { SERVER_JID } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import { attr, bytesOf, child, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';

/** A client shows a code that is typed on the phone of this account. */
export interface CodeHello {
  readonly account: Jid;
  /** The client's ephemeral key, encrypted with the code; 80 bytes. */
  readonly wrappedEphemeral: Uint8Array;
  /** Names this attempt; the client checks that it gets it back. */
  readonly ref: string;
}

/** What the phone answers to a `CodeHello`. */
export interface CodeAnswer {
  /** The phone's ephemeral key, encrypted with the code; 80 bytes. */
  readonly wrappedEphemeral: Uint8Array;
  /** The account's identity; 32 bytes. */
  readonly identity: Uint8Array;
}

/** Reads `companion_hello`; undefined where the request is another. */
export function readHello(iq: BinaryNode, ref: string): CodeHello | undefined {
  const request = child(iq, 'link_code_companion_reg');
  const account = jidAttr(request, 'jid');
  if (attr(request, 'stage') !== 'companion_hello' || account === undefined) return undefined;
  return { account: account.bare, wrappedEphemeral: bytesOf(child(request, 'link_code_pairing_wrapped_companion_ephemeral_pub')), ref };
}

/** Reads the key bundle of `companion_finish`; undefined where the request is another. */
export function readFinish(iq: BinaryNode): Uint8Array | undefined {
  const request = child(iq, 'link_code_companion_reg');
  if (attr(request, 'stage') !== 'companion_finish') return undefined;
  return bytesOf(child(request, 'link_code_pairing_wrapped_key_bundle'));
}

/** The answer to `companion_hello`: whatsmeow wants the ref as bytes. */
export function helloResult(iq: BinaryNode, { ref }: CodeHello): BinaryNode {
  return resultOf(iq, [node('link_code_companion_reg', {}, [node('link_code_pairing_ref', {}, ref)])]);
}

/** Tells the client that its code was typed. */
export function primaryHello(id: string, { ref }: CodeHello, { wrappedEphemeral, identity }: CodeAnswer): BinaryNode {
  const content = [
    node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrappedEphemeral),
    node('primary_identity_pub', {}, identity),
    node('link_code_pairing_ref', {}, ref),
  ];
  const attrs = { from: SERVER_JID, type: 'link_code_companion_reg', id };
  return node('notification', attrs, [node('link_code_companion_reg', { stage: 'primary_hello' }, content)]);
}
