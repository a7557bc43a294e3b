import { createHash } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { withText } from '../world/content.ts';
import { jidOf } from '../world/jids.ts';
import type { Addressing, Chat, Person, PersonId, World, WorldMessage } from '../world/types.ts';

const { Status, StubType } = proto.WebMessageInfo;
const { MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;

/** Where a message is being written to: the conversation as the companion sees it. */
export interface Envelope {
  readonly world: World;
  readonly chat: Chat;
  /** The conversation's id: LID, PN, group or status. */
  readonly remoteJid: string;
}

/** Chats in which the key does not say who wrote. */
const manyVoices = new Set<Chat['kind']>(['group', 'announcement', 'status']);

const optionHash = (name: string): Buffer => createHash('sha256').update(name).digest();

function personOf(world: World, id: PersonId): Person {
  const person = world.people.get(id);
  if (!person) throw new RangeError(`A message names ${id}, who is not in the world.`);
  return person;
}

/**
 * How a group addresses people in a message of this time. Groups that use LIDs today have moved
 * to them: in the first third of their life their messages name people by number.
 */
function addressingAt({ world, chat }: Envelope, timestamp: number): Addressing {
  const group = chat.group === undefined ? undefined : world.groups.get(chat.group);
  if (group?.addressing !== 'lid') return group ? 'pn' : 'lid';
  return timestamp < group.createdAt + (world.spec.baseTime - group.createdAt) / 3 ? 'pn' : 'lid';
}

/** Key of something that a person sent into this conversation. */
function keyOf(envelope: Envelope, id: string, sender: PersonId, timestamp: number): proto.IMessageKey {
  const { world, chat, remoteJid } = envelope;
  const fromMe = sender === world.owner.id;
  const key = { remoteJid, fromMe, id };
  if (fromMe || !manyVoices.has(chat.kind)) return key;
  return { ...key, participant: jidOf(personOf(world, sender), addressingAt(envelope, timestamp)) };
}

/**
 * Phones write the author of a group message into the key, beside it, or both; readers have to
 * cope with all three (whatsmeow client.go:ParseWebMessage looks at both).
 */
function participantForm(key: proto.IMessageKey, id: string): { key: proto.IMessageKey; participant?: string } {
  const { participant, ...rest } = key;
  if (!participant) return { key };
  const form = id.charCodeAt(id.length - 1) % 3;
  if (form === 0) return { key, participant };
  return form === 1 ? { key } : { key: rest, participant };
}

function reactionsOf(envelope: Envelope, message: WorldMessage): proto.IReaction[] {
  return message.reactions.map(({ id, sender, emoji, timestampMs }) => ({
    key: keyOf(envelope, id, sender, message.timestamp),
    text: emoji,
    senderTimestampMs: timestampMs,
    unread: false,
  }));
}

/** In history votes are in the clear: the phone has decrypted them. */
function votesOf(envelope: Envelope, message: WorldMessage): proto.IPollUpdate[] {
  return message.votes.map(({ id, voter, options, timestampMs }) => ({
    pollUpdateMessageKey: keyOf(envelope, id, voter, message.timestamp),
    vote: { selectedOptions: options.map(optionHash) },
    senderTimestampMs: timestampMs,
    serverTimestampMs: timestampMs + 120,
    unread: false,
  }));
}

/** An edited message: the last version in place of the first, or an edit message that points to it. */
function edited(envelope: Envelope, message: WorldMessage): proto.IWebMessageInfo {
  const last = message.edits.at(-1);
  const { content } = message;
  if (!last || !content) return content ? { message: content } : {};
  const final = withText(content, last.text);
  if (message.editForm === 'inline') return { message: final };
  const original = keyOf(envelope, message.id, message.sender, message.timestamp);
  const protocolMessage = { key: original, type: MESSAGE_EDIT, editedMessage: final, timestampMs: last.timestamp * 1000 };
  return {
    key: { ...original, id: last.id },
    message: { editedMessage: { message: { protocolMessage } } },
  };
}

function receiptOf(envelope: Envelope, message: WorldMessage): proto.IWebMessageInfo {
  if (!message.fromMe) return {};
  if (envelope.chat.kind !== 'direct') return { status: Status.DELIVERY_ACK };
  const { timestamp } = message;
  return { status: Status.READ, userReceipt: [{ userJid: envelope.remoteJid, receiptTimestamp: timestamp + 1, readTimestamp: timestamp + 20 }] };
}

/** What the message says, or what the phone shows instead. */
function bodyOf(envelope: Envelope, message: WorldMessage): proto.IWebMessageInfo {
  if (message.stub) return { messageStubType: message.stub.type, messageStubParameters: [...message.stub.parameters] };
  if (message.revoked) return { messageStubType: StubType.REVOKE, revokeMessageTimestamp: message.revoked.timestamp };
  const body: proto.IWebMessageInfo = { ...receiptOf(envelope, message), ...edited(envelope, message), messageSecret: message.secret };
  if (message.reactions.length > 0) body.reactions = reactionsOf(envelope, message);
  if (message.votes.length > 0) body.pollUpdates = votesOf(envelope, message);
  if (message.starred) body.starred = true;
  if (message.ephemeral > 0) {
    body.ephemeralStartTimestamp = message.timestamp;
    body.ephemeralDuration = message.ephemeral;
  }
  return body;
}

/** A message as the owner's phone writes it into history and into answers to placeholder requests. */
export function webMessageOf(envelope: Envelope, message: WorldMessage): proto.IWebMessageInfo {
  const { key: ownKey, ...body } = bodyOf(envelope, message);
  const key = ownKey ?? keyOf(envelope, message.id, message.sender, message.timestamp);
  return { ...participantForm(key, message.id), messageTimestamp: message.timestamp, ...body };
}
