/** Stanzas of WhatsApp, for questions that Baileys has no function for. */
import type { BinaryNode } from '@whiskeysockets/baileys';
import { getBinaryNodeChild, getBinaryNodeChildren, S_WHATSAPP_NET } from '@whiskeysockets/baileys';

import type { Socket } from './socket.ts';

export type { BinaryNode };

export const WHATSAPP = S_WHATSAPP_NET;
export const child = getBinaryNodeChild;
export const children = getBinaryNodeChildren;

/** Asks one thing in an IQ. Rejects with a Boom where WhatsApp answers with an error. */
export async function inquire(socket: Socket, attrs: Record<string, string>, question: BinaryNode): Promise<BinaryNode> {
  return socket.query({ tag: 'iq', attrs, content: [question] }) as Promise<BinaryNode>;
}

/** Text of a node that carries bytes or text; undefined where it is empty. */
export function textIn(node: BinaryNode | undefined): string | undefined {
  const content = node?.content;
  if (content === undefined || Array.isArray(content)) return undefined;
  const text = Buffer.from(content as Uint8Array).toString('utf8');
  return text === '' ? undefined : text;
}
