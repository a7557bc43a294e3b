import { SERVER_JID } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import { attr, child, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Handset } from './handset.ts';

/** The server refused what a simulated phone asked for; `code` is that of `<error code>`. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly code: number;

  constructor(code: number, text: string) {
    super(`the server refused with ${code} ${text}`);
    this.code = code;
  }
}

/** Where a request goes, and what kind it is. */
export interface Address {
  readonly xmlns: string;
  readonly type: 'get' | 'set';
  /** The server itself where it is left out. */
  readonly to?: Jid;
  /** `<iq target>`: whom a picture belongs to. */
  readonly target?: Jid;
}

/** Asks the server the way a client does; returns the result. Throws RequestRefused. */
export function ask(handset: Handset, { xmlns, type, to = SERVER_JID, target }: Address, content?: BinaryNode): BinaryNode {
  const iq = node('iq', { id: handset.newMessageId(), xmlns, type, to, target }, content === undefined ? undefined : [content]);
  const reply = handset.submit(iq);
  if (reply === undefined) throw new RequestRefused(0, 'no answer');
  const error = child(reply, 'error');
  if (error !== undefined) throw new RequestRefused(Number(attr(error, 'code')), attr(error, 'text') ?? '');
  return reply;
}
