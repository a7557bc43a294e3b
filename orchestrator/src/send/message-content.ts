/** waE2E.Message of a stored message, for sending it on. */
import { Failure } from '@whatsapp-mcp/contract';
import type { StoredMessage } from '../stored-message.ts';

/** Field 1 of waE2E.Message, `conversation`, as protobuf writes it: number 1, wire type 2. */
const CONVERSATION_TAG = 0x0a;

/** Base64. Plain text is stored without its protobuf, which is then made again. Throws Failure for what cannot be sent on. */
export function contentOf(message: StoredMessage): string {
  if (message.revoked === 1) throw new Failure('expired', `The message ${message.id} was deleted for everyone.`);
  if (message.viewOnce === 1) throw new Failure('not_allowed', `The message ${message.id} is view-once: it may not be forwarded.`);
  if (message.raw !== null) return message.raw.toString('base64');
  if (message.kind === 'text' && message.content !== null) return textContent(message.content).toString('base64');
  throw new Failure('not_found', `The content of the message ${message.id} (${message.kind}) is not stored, so it cannot be forwarded.`);
}

export function textContent(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from([CONVERSATION_TAG, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
