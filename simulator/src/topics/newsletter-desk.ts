import { randomBytes } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { seconds } from '../exchange/clock.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { addressOf } from '../phone/address.ts';
import type { Newsletter, WorldMessage } from '../world/types.ts';
import { publishPost, reactTo } from './newsletter-push.ts';

/** Runs channels from the side of their publishers: a test, or another process, posts through it. */
export class NewsletterDesk {
  private readonly exchange: Exchange;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  /** By JID or invite code. Throws a RangeError where there is none. */
  get(key: string): Newsletter {
    const found = this.exchange.state.newsletters.find(key);
    if (found === undefined) throw new RangeError(`there is no channel "${key}": expected the JID or the invite code of one`);
    return found;
  }

  /** All that are there, deleted ones left out. */
  list(): Newsletter[] {
    return [...this.exchange.world.newsletters.keys()].flatMap((jid) => this.exchange.state.newsletters.find(jid) ?? []);
  }

  /** Makes a channel that nobody of this world owns. */
  create({ name, description = '' }: { name: string; description?: string }): Newsletter {
    return this.exchange.state.newsletters.create({ name, description, at: seconds(this.exchange.clock) });
  }

  /** Publishes a text, or any content, to all followers. */
  post(key: string, what: string | proto.IMessage): WorldMessage {
    const content = typeof what === 'string' ? { conversation: what } : what;
    const id = `AC${randomBytes(15).toString('hex').toUpperCase()}`;
    return publishPost(this.exchange, this.get(key), { id, content });
  }

  /** Lets a follower react; an empty emoji takes it back. Throws a RangeError where there is no such post. */
  react(key: string, reaction: { serverId: number; by: string; emoji: string }): void {
    const newsletter = this.get(key);
    const post = this.exchange.state.newsletters.post(newsletter, reaction.serverId);
    if (post === undefined) throw new RangeError(`${newsletter.jid} has no post ${reaction.serverId}`);
    const account = this.exchange.directory.account(addressOf(reaction.by));
    if (account === undefined) throw new RangeError(`"${reaction.by}" is nobody in this world`);
    reactTo(this.exchange, newsletter, { post, account, code: reaction.emoji });
  }

  /** What readers have made of a post: how many chose each emoji, how many have seen it. */
  echo(key: string, serverId: number): { reactions: Record<string, number>; views: number } {
    const { newsletters } = this.exchange.state;
    const post = newsletters.post(this.get(key), serverId);
    if (post === undefined) throw new RangeError(`${key} has no post ${serverId}`);
    return { reactions: Object.fromEntries(newsletters.reactionsTo(post)), views: newsletters.viewsOf(post) };
  }

  /** PN JIDs of the people of this world who follow or run it. */
  followers(key: string): string[] {
    return this.exchange.state.newsletters.followers(this.get(key)).map((person) => `${person}@s.whatsapp.net`);
  }
}
