/** The content of a stored message, marked as forwarded. */
import { Failure } from '@whatsapp-mcp/contract';
import type { ContextInfo, MessageContent } from '../convert/protos.ts';
import { proto } from '../convert/protos.ts';
import { unwrap } from '../convert/unwrap.ts';

/** Content that is bound to its first message: it cannot be read elsewhere. */
const bound = ['protocolMessage', 'reactionMessage', 'pollUpdateMessage', 'secretEncryptedMessage', 'encReactionMessage'] as const;

/** `score`: how often it was forwarded, this time included. Own messages that were never forwarded carry no mark. */
export function forwarded(stored: MessageContent, score: number): MessageContent {
  const { messageContextInfo: _secrets, senderKeyDistributionMessage: _keys, ...content } = proto.Message.toObject(proto.Message.fromObject(unwrap(stored).content));
  const name = bound.find((field) => content[field] != null);
  if (name !== undefined) throw new Failure('invalid_argument', `"content" is a ${name}, which cannot be forwarded.`);
  const mark: ContextInfo = score > 0 ? { forwardingScore: score, isForwarded: true } : {};
  if (typeof content['conversation'] === 'string') return { extendedTextMessage: { text: content['conversation'], contextInfo: mark } };
  const field = Object.keys(content).find((key) => typeof content[key] === 'object');
  if (field === undefined) throw new Failure('invalid_argument', '"content" is an empty message.');
  return proto.Message.fromObject({ [field]: { ...(content[field] as object), contextInfo: mark } });
}
