/** What happened to messages: rules O-*. */
import type { Content } from './content.ts';
import { mentionsIn, readContent, textIn } from './content.ts';
import { canonicalUser } from './jid.ts';
import { proto } from './protos.ts';
import type { MessageContent, WebMessageInfo } from './protos.ts';
import type { Own, Sender } from './source.ts';
import { actorOf } from './source.ts';
import { unwrap } from './unwrap.ts';
import { base64, filled, filledOrNothing, millis, secondsToMillis } from './values.ts';

/** An OpRecord before it is checked. */
export type OpDraft = Record<string, unknown>;

export interface OpContext {
  /** Stanza id of what is converted. */
  readonly id: string;
  readonly timestamp: number;
  readonly who: Sender;
  readonly own: Own;
}

const byWhom = ({ chat, chat_alt, from_me, sender, sender_alt }: Sender): OpDraft => ({
  chat,
  from_me,
  ...filled({ chat_alt, actor: sender, actor_alt: sender_alt }),
});

const { Type } = proto.Message.ProtocolMessage;

function encoded(message: MessageContent): string | undefined {
  return base64(proto.Message.encode(message).finish());
}

function edit(message: proto.Message.IProtocolMessage): OpDraft {
  const content: Content | undefined = message.editedMessage == null ? undefined : readContent(unwrap(message.editedMessage).content);
  const mentions = mentionsIn(content?.context);
  const payload = mentions.length === 0 ? undefined : JSON.stringify({ mentions });
  return { type: 'edit', target_id: message.key?.id, timestamp: millis(message.timestampMs), ...filled({ text: textIn(message.editedMessage), payload }) };
}

function pin(message: proto.Message.IPinInChatMessage): OpDraft | undefined {
  const type = { 1: 'pin', 2: 'unpin' }[Number(message.type)];
  return type === undefined ? undefined : { type, target_id: message.key?.id, timestamp: millis(message.senderTimestampMs) };
}

function vote(message: proto.Message.IPollUpdateMessage): OpDraft {
  return {
    type: 'poll_vote',
    target_id: message.pollCreationMessageKey?.id,
    timestamp: millis(message.senderTimestampMs),
    raw: encoded({ pollUpdateMessage: message }),
  };
}

function secret(message: proto.Message.ISecretEncryptedMessage): OpDraft | undefined {
  if (message.secretEncType !== proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT) return undefined;
  return { type: 'edit', target_id: message.targetMessageKey?.id, raw: encoded({ secretEncryptedMessage: message }) };
}

/** The operation that a message is; undefined where it is none. `content` is unwrapped. */
export function operationIn(content: MessageContent, context: OpContext): OpDraft | undefined {
  const protocol = content.protocolMessage;
  let draft: OpDraft | undefined;
  if (protocol?.type === Type.REVOKE) draft = { type: 'revoke', target_id: protocol.key?.id };
  else if (protocol?.type === Type.MESSAGE_EDIT) draft = edit(protocol);
  else if (content.reactionMessage != null) draft = reaction(content.reactionMessage);
  else if (content.pollUpdateMessage != null) draft = vote(content.pollUpdateMessage);
  else if (content.pinInChatMessage != null) draft = pin(content.pinInChatMessage);
  else if (content.secretEncryptedMessage != null) draft = secret(content.secretEncryptedMessage);
  return draft && { op_id: context.id, ...byWhom(context.who), ...draft, timestamp: draft['timestamp'] ?? context.timestamp };
}

function reaction(message: proto.Message.IReactionMessage): OpDraft {
  return { type: 'reaction', target_id: message.key?.id, text: message.text ?? '', timestamp: millis(message.senderTimestampMs) };
}

/** Reactions, votes and receipts that history folds into the message. */
export function foldedOps(info: WebMessageInfo, context: OpContext): OpDraft[] {
  return [...foldedReactions(info, context), ...foldedVotes(info, context), ...foldedReceipts(info, context)];
}

function folded(context: OpContext, actor: string, fromMe: boolean): OpDraft {
  return { target_id: context.id, chat: context.who.chat, from_me: fromMe, actor, ...filled({ chat_alt: context.who.chat_alt }) };
}

function foldedReactions(info: WebMessageInfo, context: OpContext): OpDraft[] {
  return (info.reactions ?? []).flatMap(({ key, text, senderTimestampMs }) => {
    const actor = actorOf(key, context.who.chat ?? '', context.own);
    if (actor === undefined) return [];
    const ownId = key?.id != null && key.id !== '' && key.id !== context.id ? key.id : undefined;
    return {
      ...folded(context, actor, key?.fromMe === true),
      type: 'reaction',
      op_id: ownId ?? `reaction:${actor}:${context.id}`,
      text: text ?? '',
      timestamp: millis(senderTimestampMs) ?? context.timestamp,
    };
  });
}

function foldedVotes(info: WebMessageInfo, context: OpContext): OpDraft[] {
  return (info.pollUpdates ?? []).flatMap(({ pollUpdateMessageKey: key, vote: cast, senderTimestampMs, serverTimestampMs }) => {
    const actor = actorOf(key, context.who.chat ?? '', context.own);
    if (actor === undefined || cast == null) return [];
    const hashes = (cast.selectedOptions ?? []).map((hash) => Buffer.from(hash).toString('hex'));
    return {
      ...folded(context, actor, key?.fromMe === true),
      type: 'poll_vote',
      op_id: key?.id || `poll_vote:${actor}:${context.id}`,
      timestamp: millis(senderTimestampMs) ?? millis(serverTimestampMs) ?? context.timestamp,
      payload: JSON.stringify({ hashes }),
    };
  });
}

const receiptKinds = [
  ['delivered', 'receiptTimestamp'],
  ['read', 'readTimestamp'],
  ['played', 'playedTimestamp'],
] as const;

function foldedReceipts(info: WebMessageInfo, context: OpContext): OpDraft[] {
  if (!context.who.from_me) return [];
  return (info.userReceipt ?? []).flatMap((receipt): OpDraft[] => {
    const user = canonicalUser(receipt.userJid);
    if (user === undefined) return [];
    return receiptKinds.flatMap(([kind, field]): OpDraft[] => {
      const timestamp = secondsToMillis(receipt[field]);
      return timestamp === undefined ? [] : [receiptDraft(context, user, kind, timestamp)];
    });
  });
}

function receiptDraft(context: OpContext, user: string, kind: string, timestamp: number): OpDraft {
  const payload = JSON.stringify(filledOrNothing({ kind }));
  return { ...folded(context, user, false), type: 'receipt', op_id: `receipt:${kind}:${user}:${context.id}`, timestamp, payload };
}
