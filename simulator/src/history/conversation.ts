import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { jidOf, lidJid, pnJid } from '../world/jids.ts';
import type { Chat, Group, Person, World } from '../world/types.ts';
import { webMessageOf } from './web-message.ts';

const { Rank } = proto.GroupParticipant;

/** `newest` is what the bootstrap carries, `older` all that follows it. */
export type Part = 'newest' | 'older';

type Addresses = Pick<proto.IConversation, 'id' | 'pnJid' | 'lidJid'> & { id: string };

/** The id of a direct chat in one part of the history, and what that part tells about the other address. */
export function addressesOf(world: World, chat: Chat, part: Part): Addresses {
  const person = chat.person === undefined ? undefined : world.people.get(chat.person);
  if (!person) return { id: chat.jid };
  if (person.mapping === 'never') return { id: lidJid(person) };
  if (chat.addressing === 'mixed') return { id: part === 'newest' ? lidJid(person) : pnJid(person) };
  const other = chat.addressing === 'lid' ? { pnJid: pnJid(person) } : { lidJid: lidJid(person) };
  return { id: chat.addressing === 'lid' ? lidJid(person) : pnJid(person), ...(person.mapping === 'known' ? other : {}) };
}

/** A chat asked for under one address is answered under the one it is filed by; a mixed one under the other half. */
export function answeringAddresses(world: World, chat: Chat, askedAs: string): Addresses {
  const person = chat.person === undefined ? undefined : world.people.get(chat.person);
  if (!person || person.mapping === 'never' || chat.addressing !== 'mixed') return addressesOf(world, chat, 'older');
  const both = { pnJid: pnJid(person), lidJid: lidJid(person) };
  return { ...both, id: askedAs === both.pnJid ? both.lidJid : both.pnJid };
}

const ranks = { member: Rank.REGULAR, admin: Rank.ADMIN, superadmin: Rank.SUPERADMIN } as const;

function personOf(world: World, id: string): Person {
  const person = world.people.get(id);
  if (!person) throw new RangeError(`A group names ${id}, who is not in the world.`);
  return person;
}

function groupFields(world: World, group: Group): proto.IConversation {
  return {
    name: group.subject,
    createdAt: group.createdAt,
    createdBy: jidOf(personOf(world, group.creator), group.addressing),
    ...(group.description ? { description: group.description.text } : {}),
    isParentGroup: group.kind === 'community',
    ...(group.parent === undefined ? {} : { parentGroupId: group.parent }),
    isDefaultSubgroup: group.kind === 'announcement',
    readOnly: group.announce && !group.members.some((member) => member.person === world.owner.id && member.role !== 'member'),
    participant: group.members.map((member) => ({ userJid: jidOf(personOf(world, member.person), group.addressing), rank: ranks[member.role] })),
  };
}

/** What the phone knows of a chat beside its messages; sent with the newest part only. */
export function stateOf(world: World, chat: Chat): proto.IConversation {
  const group = chat.group === undefined ? undefined : world.groups.get(chat.group);
  return {
    ...(group ? groupFields(world, group) : {}),
    unreadCount: chat.unread,
    markedAsUnread: chat.markedUnread,
    archived: chat.archived,
    pinned: Math.floor(chat.pinnedAt / 1000),
    muteEndTime: chat.mutedUntil,
    ephemeralExpiration: chat.ephemeral,
    notSpam: true,
  };
}

/** Which messages of a chat to write: newest first, `start` included, `end` not. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** A conversation with a slice of its messages and nothing that only the newest part says. */
export function conversationOf(world: World, chat: Chat, addresses: Addresses, { start, end }: Slice): proto.IConversation {
  const log = world.messagesOf(chat);
  const envelope = { world, chat, remoteJid: addresses.id };
  const person = chat.person === undefined ? undefined : world.people.get(chat.person);
  const group = chat.group === undefined ? undefined : world.groups.get(chat.group);
  const name = person?.name ?? group?.subject;
  const newest = log.at(0)?.timestamp ?? group?.createdAt ?? world.spec.baseTime;
  return {
    ...addresses,
    ...(name === undefined ? {} : { name }),
    conversationTimestamp: newest,
    lastMsgTimestamp: newest,
    messages: log.range(start, end).map((message, offset) => ({ message: webMessageOf(envelope, message), msgOrderId: log.length - start - offset })),
  };
}
