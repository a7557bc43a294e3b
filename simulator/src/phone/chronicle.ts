import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { Jid, SERVERS } from '../wire/jid.ts';
import type { Chat, MessageKind, World, WorldMessage } from '../world/types.ts';
import { readableText, unwrap } from './content.ts';

const { Type } = proto.Message.ProtocolMessage;

/** A message that the owner's phone sent or received just now. */
export interface Line {
  readonly id: string;
  /** As it was addressed. */
  readonly chat: string;
  /** Id of the person who wrote it. */
  readonly sender: string;
  readonly fromMe: boolean;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly content: proto.IMessage;
}

/**
 * Writes what happens to the owner into the world, so that a device that is linked later finds it
 * in its history, and requests for older messages know it.
 */
export function chronicle(world: World, line: Line): void {
  const chat = chatOf(world, line.chat);
  if (chat === undefined) return;
  const inner = unwrap(line.content);
  const change = AMENDMENTS.find(({ applies }) => applies(inner));
  if (change !== undefined) {
    change.apply({ world, chat, line, inner });
    return;
  }
  const kind = kindOf(inner);
  if (kind === undefined || world.messagesOf(chat).indexOf(line.id) !== -1) return;
  world.record(messageOf(line, { chat, kind, inner }));
  chat.unread = line.fromMe ? 0 : chat.unread + 1;
}

function chatOf(world: World, address: string): Chat | undefined {
  const jid = Jid.tryParse(address)?.bare;
  if (jid === undefined) return undefined;
  const person = jid.server === SERVERS.group ? undefined : world.person(jid.toString());
  return person === undefined ? world.chats.get(jid.toString()) : world.openChat(person.id);
}

/** Which field of a message makes it what kind; the first that is there wins. */
const KINDS: readonly (readonly [keyof proto.IMessage, MessageKind])[] = [
  ['conversation', 'text'],
  ['extendedTextMessage', 'text'],
  ['imageMessage', 'image'],
  ['stickerMessage', 'sticker'],
  ['documentMessage', 'document'],
  ['locationMessage', 'location'],
  ['contactMessage', 'contact'],
  ['contactsArrayMessage', 'contacts'],
  ['pollCreationMessage', 'poll'],
  ['pollCreationMessageV2', 'poll'],
  ['pollCreationMessageV3', 'poll'],
  ['eventMessage', 'event'],
];

/** Undefined for what is no message of its own: keys, votes, settings. */
export function kindOf(inner: proto.IMessage): MessageKind | undefined {
  if (inner.videoMessage != null) return inner.videoMessage.gifPlayback === true ? 'gif' : 'video';
  if (inner.audioMessage != null) return inner.audioMessage.ptt === true ? 'ptt' : 'audio';
  return KINDS.find(([field]) => inner[field] != null)?.[1];
}

function messageOf(line: Line, { chat, kind, inner }: { chat: Chat; kind: MessageKind; inner: proto.IMessage }): WorldMessage {
  const context = inner.extendedTextMessage?.contextInfo ?? inner.imageMessage?.contextInfo ?? inner.videoMessage?.contextInfo;
  const { id, sender, fromMe, timestamp, content } = line;
  return {
    id,
    chat: chat.jid,
    sender,
    fromMe,
    timestamp,
    kind,
    text: readableText(content) ?? '',
    content,
    secret: content.messageContextInfo?.messageSecret ?? randomBytes(32),
    edits: [],
    editForm: 'inline',
    reactions: [],
    votes: [],
    revoked: undefined,
    starred: false,
    stub: undefined,
    replyTo: context?.stanzaId ?? undefined,
    viewOnce: content.viewOnceMessage != null || content.viewOnceMessageV2 != null,
    ephemeral: context?.expiration ?? 0,
    serverId: undefined,
  };
}

/** A message that changes an earlier one. */
interface Change {
  readonly world: World;
  readonly chat: Chat;
  readonly line: Line;
  readonly inner: proto.IMessage;
}

const AMENDMENTS: readonly { readonly applies: (inner: proto.IMessage) => boolean; readonly apply: (change: Change) => void }[] = [
  { applies: ({ reactionMessage }) => reactionMessage != null, apply: react },
  { applies: ({ protocolMessage }) => protocolMessage?.type === Type.MESSAGE_EDIT, apply: edit },
  { applies: ({ protocolMessage }) => protocolMessage?.type === Type.REVOKE, apply: revoke },
];

function react({ world, chat, line, inner }: Change): void {
  const id = inner.reactionMessage?.key?.id ?? '';
  const target = find(world, chat, id);
  if (target === undefined) return;
  const emoji = inner.reactionMessage?.text ?? '';
  const others = target.reactions.filter(({ sender }) => sender !== line.sender);
  const mine = { id: line.id, sender: line.sender, emoji, timestampMs: line.timestamp * 1000 };
  world.amend(chat.jid, id, { reactions: emoji === '' ? others : [...others, mine] });
}

function edit({ world, chat, line, inner }: Change): void {
  const id = inner.protocolMessage?.key?.id ?? '';
  const target = find(world, chat, id);
  const text = readableText(inner.protocolMessage?.editedMessage ?? {});
  if (target === undefined || text === undefined) return;
  world.amend(chat.jid, id, { edits: [...target.edits, { id: line.id, timestamp: line.timestamp, text }] });
}

function revoke({ world, chat, line, inner }: Change): void {
  const id = inner.protocolMessage?.key?.id ?? '';
  world.amend(chat.jid, id, { revoked: { by: line.sender, timestamp: line.timestamp } });
}

function find(world: World, chat: Chat, id: string): WorldMessage | undefined {
  const log = world.messagesOf(chat);
  return log.at(log.indexOf(id));
}
