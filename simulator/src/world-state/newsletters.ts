import { randomInt } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Chat, MessageKind, Newsletter, Person, PersonId, World, WorldMessage } from '../world/types.ts';
import { randomCode } from './groups.ts';

export type NewsletterRole = Newsletter['role'];

/** What one account has to do with a channel. */
interface Relation {
  readonly role: NewsletterRole;
  readonly muted: boolean;
}

/** Something that is published in a channel. */
export interface NewPost {
  readonly id: string;
  readonly content: proto.IMessage;
  readonly kind: MessageKind;
  readonly text: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly fromMe: boolean;
}

/** The first post of a channel has this number: ids below are reserved. */
const FIRST_SERVER_ID = 100;
const STRANGER: Relation = { role: 'guest', muted: false };

/** Who follows which channel, and what readers have made of the posts. */
export class NewsletterBoard {
  private readonly world: World;
  private readonly relations = new Map<string, Map<PersonId, Relation>>();
  /** Reactions by channel, post and person. */
  private readonly reactions = new Map<string, Map<PersonId, string>>();
  private readonly views = new Map<string, number>();
  private readonly deleted = new Set<string>();

  constructor(world: World) {
    this.world = world;
  }

  /** By JID or by invite code; undefined where there is none (any more). */
  find(key: string): Newsletter | undefined {
    const found = this.world.newsletters.get(key) ?? [...this.world.newsletters.values()].find(({ inviteCode }) => inviteCode === key);
    return found === undefined || this.deleted.has(found.jid) ? undefined : found;
  }

  /** Adds a channel that `creator` owns, or nobody in this world. `at` is epoch seconds. */
  create(draft: { name: string; description: string; at: number }, creator?: Person): Newsletter {
    const newsletter: Newsletter = {
      jid: `120363${String(randomInt(10 ** 12)).padStart(12, '0')}@newsletter`,
      name: draft.name,
      description: draft.description,
      inviteCode: `0029Va${randomCode(16)}`,
      createdAt: draft.at,
      subscribers: 0,
      verified: false,
      role: 'guest',
      muted: false,
    };
    this.world.addNewsletter(newsletter);
    if (creator !== undefined) this.relate(newsletter, creator, { role: 'owner' });
    return newsletter;
  }

  delete(newsletter: Newsletter): void {
    this.deleted.add(newsletter.jid);
  }

  /** What an account has to do with a channel; of the world's owner, the world itself says it. */
  of(newsletter: Newsletter, { id }: Pick<Person, 'id'>): Relation {
    if (id === this.world.owner.id) return { role: newsletter.role, muted: newsletter.muted };
    return this.relations.get(newsletter.jid)?.get(id) ?? STRANGER;
  }

  /** Changes role or mute; counts the followers. */
  relate(newsletter: Newsletter, person: Pick<Person, 'id'>, change: Partial<Relation>): void {
    const before = this.of(newsletter, person);
    const after = { ...before, ...change };
    if (person.id === this.world.owner.id) Object.assign(newsletter, after);
    else this.personal(newsletter).set(person.id, after);
    newsletter.subscribers += Number(after.role !== 'guest') - Number(before.role !== 'guest');
  }

  /** The people of this world who follow or run a channel. */
  followers(newsletter: Newsletter): PersonId[] {
    const known = [...this.personal(newsletter)].filter(([, { role }]) => role !== 'guest').map(([person]) => person);
    return newsletter.role === 'guest' ? known : [this.world.owner.id, ...known];
  }

  followedBy(person: Person): Newsletter[] {
    return [...this.world.newsletters.values()].filter((newsletter) => !this.deleted.has(newsletter.jid) && this.of(newsletter, person).role !== 'guest');
  }

  /** Writes a post into the channel, with the next number. */
  publish(newsletter: Newsletter, { id, content, kind, text, at, fromMe }: NewPost): WorldMessage {
    const serverId = (this.log(newsletter).at(0)?.serverId ?? FIRST_SERVER_ID - 1) + 1;
    const blank = { edits: [], editForm: 'inline', reactions: [], votes: [], revoked: undefined, starred: false, stub: undefined } as const;
    const post = { ...blank, id, chat: newsletter.jid, sender: '', fromMe, timestamp: at, kind, text, content, serverId };
    const message = { ...post, secret: new Uint8Array(32), replyTo: undefined, viewOnce: false, ephemeral: 0 };
    this.world.record(message);
    return message;
  }

  post(newsletter: Newsletter, serverId: number): WorldMessage | undefined {
    return [...this.log(newsletter)].find((message) => message.serverId === serverId);
  }

  /** Posts before, or after, a number; newest first, at most `count`. */
  posts(newsletter: Newsletter, { count, before = Infinity, after = 0, since = 0 }: { count: number; before?: number; after?: number; since?: number }): WorldMessage[] {
    const found: WorldMessage[] = [];
    for (const message of this.log(newsletter)) {
      const { serverId = 0, timestamp, content } = message;
      if (found.length >= count) break;
      if (content !== undefined && serverId < before && serverId > after && timestamp >= since) found.push(message);
    }
    return found;
  }

  /** An empty code takes the reaction of that person back. */
  react(post: WorldMessage, person: PersonId, code: string): void {
    const key = keyOf(post);
    const codes = this.reactions.get(key) ?? new Map<PersonId, string>();
    if (code === '') codes.delete(person);
    else codes.set(person, code);
    this.reactions.set(key, codes);
  }

  /** How many chose each code, those of the generated past included. */
  reactionsTo(post: WorldMessage): ReadonlyMap<string, number> {
    const own = this.reactions.get(keyOf(post)) ?? new Map<PersonId, string>();
    const counts = new Map<string, number>();
    for (const code of [...post.reactions.map(({ emoji }) => emoji), ...own.values()]) counts.set(code, (counts.get(code) ?? 0) + 1);
    return counts;
  }

  view(post: WorldMessage): void {
    this.views.set(keyOf(post), this.viewsOf(post) + 1);
  }

  viewsOf(post: WorldMessage): number {
    return this.views.get(keyOf(post)) ?? 0;
  }

  private log(newsletter: Newsletter) {
    const chat: Chat | undefined = this.world.chats.get(newsletter.jid);
    if (chat === undefined) throw new RangeError(`the channel ${newsletter.jid} has no posts kept: add it with addNewsletter`);
    return this.world.messagesOf(chat);
  }

  private personal(newsletter: Newsletter): Map<PersonId, Relation> {
    const known = this.relations.get(newsletter.jid) ?? new Map<PersonId, Relation>();
    this.relations.set(newsletter.jid, known);
    return known;
  }
}

const keyOf = ({ chat, serverId }: WorldMessage): string => `${chat} ${serverId ?? ''}`;
