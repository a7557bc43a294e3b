import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { WorldSpec } from './spec.ts';

export type { Density, WorldSpec } from './spec.ts';

/**
 * What exists in a simulated WhatsApp: one owner (the person whose phone companions link to),
 * the people around them, groups, newsletters, and the owner's chats as the owner's phone holds
 * them. Keys, identities and devices are not part of a world.
 */

/** Internal key of a person: the digits of their phone number. Everybody has one, and a LID. */
export type PersonId = string;

/** `pn` = `<digits>@s.whatsapp.net`, `lid` = `<digits>@lid`. */
export type Addressing = 'pn' | 'lid';

/**
 * What the owner's phone tells companions about a person's number:
 * `known` = in the first history chunk, `late` = in a chunk after messages under both addresses
 * have gone out, `never` = the person is only ever seen as a LID.
 */
export type MappingKnowledge = 'known' | 'late' | 'never';

export type Language = 'en' | 'es' | 'fr' | 'de' | 'pt' | 'ar' | 'he' | 'zh' | 'ja' | 'th' | 'hi';

export interface Business {
  readonly verifiedName: string;
  readonly category: string;
  readonly description: string;
  readonly address: string;
  readonly email: string;
  readonly website: string;
}

export interface Person {
  readonly id: PersonId;
  /** Digits of the phone number, country code first; same as `id`. */
  readonly pn: string;
  /** Digits of the hidden id (15 of them, like the real ones). */
  readonly lid: string;
  /** The name in the owner's address book; undefined for someone who is not a saved contact. */
  name: string | undefined;
  /** The name the person chose; travels as `notify`. */
  pushName: string;
  about: string;
  /** Unix seconds of the last change of `about`. */
  aboutSetAt: number;
  readonly mapping: MappingKnowledge;
  readonly language: Language;
  business?: Business;
}

export type Role = 'member' | 'admin' | 'superadmin';

export interface GroupMember {
  readonly person: PersonId;
  role: Role;
}

export interface PastMember {
  readonly person: PersonId;
  /** Unix seconds. */
  readonly leftAt: number;
  readonly reason: 'left' | 'removed';
}

/** `community` is the parent that carries no messages, `announcement` its default subgroup. */
export type GroupKind = 'group' | 'community' | 'announcement';

export interface Group {
  /** The id without `@g.us`, as `<group id=…>` wants it. */
  readonly id: string;
  readonly jid: string;
  readonly kind: GroupKind;
  subject: string;
  subjectBy: PersonId;
  /** Unix seconds. */
  subjectAt: number;
  description: { id: string; text: string; by: PersonId; at: number } | undefined;
  readonly creator: PersonId;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly addressing: Addressing;
  members: GroupMember[];
  past: PastMember[];
  /** JID of the community this group belongs to. */
  parent: string | undefined;
  /** Only admins may send. */
  announce: boolean;
  /** Only admins may change subject, description and picture. */
  locked: boolean;
  memberAddMode: 'admin_add' | 'all_member_add';
  joinApproval: boolean;
  /** Seconds after which messages disappear; 0 = never. */
  ephemeral: number;
  /** The code of the invite link. */
  inviteCode: string;
}

export interface Newsletter {
  readonly jid: string;
  name: string;
  description: string;
  readonly inviteCode: string;
  /** Unix seconds. */
  readonly createdAt: number;
  subscribers: number;
  verified: boolean;
  role: 'owner' | 'admin' | 'subscriber' | 'guest';
  muted: boolean;
}

export type ChatKind = 'direct' | 'group' | 'announcement' | 'community' | 'status' | 'newsletter';

/** One conversation of the owner's phone. */
export interface Chat {
  /**
   * Stable key in this world: the PN JID of a direct chat's person, the group or newsletter JID,
   * or `status@broadcast`. What companions see may be the LID: `addressing` decides.
   */
  readonly jid: string;
  readonly kind: ChatKind;
  /** The other person of a direct chat. */
  readonly person?: PersonId;
  /** The group's JID. */
  readonly group?: string;
  /**
   * How the owner's phone files a direct chat in history. `mixed` = newest part under the LID,
   * everything older under the PN, and on-demand answers under the half that was not asked for.
   */
  readonly addressing: Addressing | 'mixed';
  archived: boolean;
  /** Unix milliseconds; 0 = not pinned. */
  pinnedAt: number;
  /** Unix milliseconds; 0 = not muted, -1 = for ever. */
  mutedUntil: number;
  unread: number;
  markedUnread: boolean;
  /** Seconds after which messages disappear; 0 = never. */
  ephemeral: number;
}

export type MessageKind =
  | 'text'
  | 'image'
  | 'video'
  | 'gif'
  | 'ptt'
  | 'audio'
  | 'document'
  | 'sticker'
  | 'location'
  | 'contact'
  | 'contacts'
  | 'poll'
  | 'event'
  | 'system';

export interface Edit {
  /** Stanza id of the edit. */
  readonly id: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly text: string;
}

export interface Reaction {
  /** Stanza id of the reaction. */
  readonly id: string;
  readonly sender: PersonId;
  readonly emoji: string;
  /** Unix milliseconds. */
  readonly timestampMs: number;
}

export interface PollVote {
  /** Stanza id of the vote. */
  readonly id: string;
  readonly voter: PersonId;
  /** The chosen options, by name; empty = vote withdrawn. */
  readonly options: readonly string[];
  /** Unix milliseconds. */
  readonly timestampMs: number;
}

/** A line of the chat that no person wrote, e.g. "Ana added Ben". */
export interface Stub {
  readonly type: proto.WebMessageInfo.StubType;
  readonly parameters: readonly string[];
}

export interface WorldMessage {
  readonly id: string;
  /** `Chat.jid`. */
  readonly chat: string;
  /** Empty in a newsletter, whose posts have no author. */
  readonly sender: PersonId;
  readonly fromMe: boolean;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly kind: MessageKind;
  /**
   * What a person would read and search: body, caption, poll question, file name, place or
   * contact name; the last version if edited; empty if there is none.
   */
  readonly text: string;
  /** The content as first sent, before edits. Undefined for stubs. */
  readonly content: proto.IMessage | undefined;
  /** 32 bytes; what votes, reactions and edits of this message are encrypted with. */
  readonly secret: Uint8Array;
  /** Oldest first. */
  readonly edits: readonly Edit[];
  /** How a phone writes the last edit into history: in place, or as an edit message of its own. */
  readonly editForm: 'inline' | 'wrapped';
  /** At most one per person: the last one. */
  readonly reactions: readonly Reaction[];
  /** At most one per person: the last one. */
  readonly votes: readonly PollVote[];
  readonly revoked: { readonly by: PersonId; readonly timestamp: number } | undefined;
  readonly starred: boolean;
  readonly stub: Stub | undefined;
  /** Id of the message this one answers. */
  readonly replyTo: string | undefined;
  readonly viewOnce: boolean;
  /** Seconds after which it disappears; 0 = never. */
  readonly ephemeral: number;
  /** Number of the message inside a newsletter; undefined elsewhere. */
  readonly serverId: number | undefined;
}

/** What may change about a message after it was sent. */
export type Amendment = Partial<
  Pick<WorldMessage, 'edits' | 'reactions' | 'votes' | 'revoked' | 'starred'>
>;

/**
 * The messages of one chat, newest first: index 0 is the newest. Messages are built when asked
 * for and are the same each time; nothing is kept but what was recorded or amended.
 */
export interface MessageLog extends Iterable<WorldMessage> {
  readonly length: number;
  /** Undefined outside 0..length-1. */
  at(index: number): WorldMessage | undefined;
  /** Index of the message with this id, or whose last edit has it; -1 if the chat has none. */
  indexOf(id: string): number;
  /** Index of the newest message that is strictly older than this time (Unix seconds); `length` if none is. */
  firstBefore(timestamp: number): number;
  /** `at` for start..end-1, clipped to the log. */
  range(start: number, end: number): WorldMessage[];
}

/** One message as plain fields: what a correct client must end up with. */
export interface TruthRow {
  /** The PN JID if the owner's phone ever tells the number, else the LID JID; groups as they are. */
  readonly chat: string;
  readonly id: string;
  /** Like `chat`, for the author. */
  readonly sender: string;
  readonly fromMe: boolean;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly kind: MessageKind;
  readonly text: string;
  readonly edited: boolean;
  /** The text of a revoked message is empty: nobody who comes later can know it. */
  readonly revoked: boolean;
  readonly starred: boolean;
  readonly viewOnce: boolean;
  readonly replyTo: string | undefined;
  readonly reactions: readonly { readonly sender: string; readonly emoji: string }[];
  readonly votes: readonly { readonly voter: string; readonly options: readonly string[] }[];
}

export interface WorldCounts {
  /** Without the owner. */
  readonly people: number;
  readonly groups: number;
  readonly communities: number;
  readonly newsletters: number;
  readonly chats: number;
  readonly messages: number;
}

/** A new person; what is left out is derived from the number. */
export interface NewPerson {
  readonly pn: string;
  readonly name?: string;
  readonly pushName?: string;
  readonly mapping?: MappingKnowledge;
  readonly language?: Language;
}

/**
 * The state of a simulated WhatsApp as the owner's phone sees it. The past is generated from the
 * seed; `record`, `amend` and the `add` methods are how the present is written on top of it.
 */
export interface World {
  readonly spec: WorldSpec;
  readonly seed: number;
  readonly owner: Person;
  /** Everybody, the owner included. */
  readonly people: ReadonlyMap<PersonId, Person>;
  /** By JID; communities and announcement groups included. */
  readonly groups: ReadonlyMap<string, Group>;
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  /** By `Chat.jid`. */
  readonly chats: ReadonlyMap<string, Chat>;
  /** The person with this id, PN JID or LID JID, with or without a device part. */
  person(jid: string): Person | undefined;
  /** The chat with this key, PN JID, LID JID or group JID. */
  chat(jid: string): Chat | undefined;
  messagesOf(chat: Chat): MessageLog;
  counts(): WorldCounts;
  /** Every message of every chat, chat by chat, newest first. Nothing is kept. */
  truth(): Generator<TruthRow, void, undefined>;
  /** Adds a person, who gets no chat until a message is recorded. Throws if the number is taken. */
  addPerson(person: NewPerson): Person;
  /** Adds a group and its chat. Throws if the JID is taken. */
  addGroup(group: Group): Chat;
  /** Adds a group without a chat: the owner may not be in it. Throws if the JID is taken. */
  foundGroup(group: Group): void;
  /** The chat of a group, made if there is none. Throws a RangeError where there is no such group. */
  openGroup(jid: string): Chat;
  /** Changes what a business says about itself. Throws a RangeError for who is none. */
  describeBusiness(id: PersonId, change: Partial<Business>): void;
  /** Adds a newsletter and its chat, which holds the posts. Throws if the JID is taken. */
  addNewsletter(newsletter: Newsletter): void;
  /** The direct chat with a person, made if there is none. */
  openChat(person: PersonId): Chat;
  /** Adds a message that was sent now. Throws if the chat is unknown or has the id already. */
  record(message: WorldMessage): void;
  /** Changes a message; false if there is no such message. */
  amend(chat: string, id: string, change: Amendment): boolean;
  /** The encrypted bytes (ciphertext and MAC) behind a direct path that this world's past refers to. */
  blob(directPath: string): Uint8Array | undefined;
}
