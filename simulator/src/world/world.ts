import { attachmentBlob } from './attachment.ts';
import { canonicalJid, PN_SERVER, pnJid, splitJid } from './jids.ts';
import { ChatLog } from './log.ts';
import { personFrom } from './people.ts';
import type { Scene } from './scene.ts';
import type { Amendment, Business, Chat, Group, MessageLog, NewPerson, Newsletter, Person, PersonId, TruthRow, World, WorldCounts, WorldMessage, WorldSpec } from './types.ts';

export interface WorldParts {
  readonly spec: WorldSpec;
  readonly owner: Person;
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
  readonly newsletters: readonly Newsletter[];
  readonly chats: readonly { readonly chat: Chat; readonly scene: Scene | undefined }[];
}

export class GeneratedWorld implements World {
  readonly spec: WorldSpec;
  readonly owner: Person;
  readonly people = new Map<PersonId, Person>();
  readonly groups: Map<string, Group>;
  readonly newsletters: Map<string, Newsletter>;
  readonly chats = new Map<string, Chat>();
  private readonly byLid = new Map<string, Person>();
  private readonly logs = new Map<string, ChatLog>();

  constructor({ spec, owner, people, groups, newsletters, chats }: WorldParts) {
    this.spec = spec;
    this.owner = owner;
    for (const person of [owner, ...people]) this.enter(person);
    this.groups = new Map(groups.map((group) => [group.jid, group]));
    this.newsletters = new Map(newsletters.map((newsletter) => [newsletter.jid, newsletter]));
    for (const { chat, scene } of chats) this.open(chat, scene);
  }

  get seed(): number {
    return this.spec.seed;
  }

  person(jid: string): Person | undefined {
    const { user, server } = splitJid(jid);
    return server === '' || server === PN_SERVER || server === '@c.us' ? this.people.get(user) : server === '@lid' ? this.byLid.get(user) : undefined;
  }

  chat(jid: string): Chat | undefined {
    const known = this.chats.get(jid);
    if (known) return known;
    const person = this.person(jid);
    return person && this.chats.get(pnJid(person));
  }

  messagesOf(chat: Chat): MessageLog {
    return this.log(chat.jid);
  }

  counts(): WorldCounts {
    const groups = [...this.groups.values()];
    return {
      people: this.people.size - 1,
      groups: groups.filter((group) => group.kind === 'group').length,
      communities: groups.filter((group) => group.kind === 'community').length,
      newsletters: this.newsletters.size,
      chats: this.chats.size,
      messages: [...this.logs.values()].reduce((sum, log) => sum + log.length, 0),
    };
  }

  *truth(): Generator<TruthRow, void, undefined> {
    for (const chat of this.chats.values()) {
      for (const message of this.log(chat.jid)) yield this.rowOf(chat, message);
    }
  }

  addPerson(given: NewPerson): Person {
    if (this.people.has(given.pn)) throw new RangeError(`There is a person with the number ${given.pn} already.`);
    const person = personFrom(this.seed, given);
    this.enter(person);
    return person;
  }

  addGroup(group: Group): Chat {
    this.foundGroup(group);
    return this.openGroup(group.jid);
  }

  foundGroup(group: Group): void {
    if (this.groups.has(group.jid)) throw new RangeError(`There is a group ${group.jid} already.`);
    this.groups.set(group.jid, group);
  }

  openGroup(jid: string): Chat {
    const group = this.groups.get(jid);
    if (!group) throw new RangeError(`There is no group ${jid}. Use foundGroup first.`);
    const known = this.chats.get(jid);
    if (known) return known;
    const chat = newChat({ jid, kind: group.kind, group: jid, addressing: group.addressing, ephemeral: group.ephemeral });
    this.open(chat, undefined);
    return chat;
  }

  describeBusiness(id: PersonId, change: Partial<Business>): void {
    const person = this.people.get(id);
    if (!person?.business) throw new RangeError(`${id} is no business.`);
    person.business = { ...person.business, ...change };
  }

  addNewsletter(newsletter: Newsletter): void {
    if (this.newsletters.has(newsletter.jid)) throw new RangeError(`There is a newsletter ${newsletter.jid} already.`);
    this.newsletters.set(newsletter.jid, newsletter);
    this.open(newChat({ jid: newsletter.jid, kind: 'newsletter', addressing: 'lid' }), undefined);
  }

  openChat(id: PersonId): Chat {
    const person = this.people.get(id);
    if (!person) throw new RangeError(`Nobody has the number ${id}. Use addPerson first.`);
    const known = this.chats.get(pnJid(person));
    if (known) return known;
    const chat = newChat({ jid: pnJid(person), kind: 'direct', person: id, addressing: person.mapping === 'never' ? 'lid' : 'pn' });
    this.open(chat, undefined);
    return chat;
  }

  record(message: WorldMessage): void {
    this.log(message.chat).record(message);
  }

  amend(chat: string, id: string, change: Amendment): boolean {
    return this.log(chat).amend(id, change);
  }

  blob(directPath: string): Uint8Array | undefined {
    return attachmentBlob(this.seed, directPath);
  }

  private enter(person: Person): void {
    this.people.set(person.id, person);
    this.byLid.set(person.lid, person);
  }

  private open(chat: Chat, scene: Scene | undefined): void {
    this.chats.set(chat.jid, chat);
    this.logs.set(chat.jid, new ChatLog(scene));
  }

  private log(jid: string): ChatLog {
    const log = this.logs.get(jid);
    if (!log) throw new RangeError(`The owner has no chat ${jid}. Chats are keyed by Chat.jid; openChat makes one.`);
    return log;
  }

  private addressOf(id: PersonId): string {
    const person = this.people.get(id);
    return person ? canonicalJid(person) : id;
  }

  private rowOf(chat: Chat, message: WorldMessage): TruthRow {
    const { id, fromMe, timestamp, kind, edits, starred, viewOnce, replyTo } = message;
    const revoked = message.revoked !== undefined;
    return {
      chat: chat.person ? this.addressOf(chat.person) : chat.jid,
      id,
      sender: message.sender ? this.addressOf(message.sender) : chat.jid,
      fromMe,
      timestamp,
      kind,
      text: revoked ? '' : message.text,
      edited: edits.length > 0,
      revoked,
      starred,
      viewOnce,
      replyTo,
      reactions: message.reactions.map(({ sender, emoji }) => ({ sender: this.addressOf(sender), emoji })),
      votes: message.votes.map(({ voter, options }) => ({ voter: this.addressOf(voter), options })),
    };
  }
}

/** A chat that nobody has pinned, muted, archived or left unread. */
export function newChat(given: Pick<Chat, 'jid' | 'kind' | 'addressing'> & Partial<Chat>): Chat {
  return { archived: false, pinnedAt: 0, mutedUntil: 0, unread: 0, markedUnread: false, ephemeral: 0, ...given };
}
