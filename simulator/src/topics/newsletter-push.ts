import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../exchange/account.ts';
import { seconds } from '../exchange/clock.ts';
import type { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { notify } from '../exchange/notify.ts';
import { kindOf } from '../phone/chronicle.ts';
import { readableText, stanzaTypeOf } from '../phone/content.ts';
import { Jid } from '../wire/jid.ts';
import { attr, bytesOf, child, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Newsletter, WorldMessage } from '../world/types.ts';

/** `<message>` of a post, as both clients read it in lists (whatsmeow notification.go: parseNewsletterMessages). */
export function postNode({ state }: Exchange, post: WorldMessage, { full }: { full: boolean }): BinaryNode {
  const { id, serverId, timestamp, content = {} } = post;
  const plaintext = full ? [node('plaintext', {}, proto.Message.encode(content).finish())] : [];
  const reactions = [...state.newsletters.reactionsTo(post)].map(([code, count]) => node('reaction', { code, count }));
  const views = node('views_count', { count: state.newsletters.viewsOf(post) });
  return node('message', { id, server_id: serverId, type: stanzaTypeOf(content), t: timestamp }, [...plaintext, views, node('reactions', {}, reactions)]);
}

/** Publishes a post; every device of every follower gets it, but for the one it came from. */
export function publishPost(exchange: Exchange, newsletter: Newsletter, { content, id, author }: { content: proto.IMessage; id: string; author?: Device }): WorldMessage {
  const post = exchange.state.newsletters.publish(newsletter, {
    id,
    content,
    kind: kindOf(content) ?? 'text',
    text: readableText(content) ?? '',
    at: seconds(exchange.clock),
    fromMe: author?.account.person === exchange.world.owner,
  });
  const attrs = { id, from: Jid.parse(newsletter.jid), server_id: post.serverId, t: post.timestamp, type: stanzaTypeOf(content) };
  const plaintext = node('plaintext', {}, proto.Message.encode(content).finish());
  for (const device of followersOf(exchange, newsletter)) {
    if (device !== author) device.deliver(node('message', attrs, [plaintext]));
  }
  return post;
}

/** A post or a reaction that a client sends to a channel. Returns the code of a refusal, or undefined. */
export function takeNewsletterMessage(exchange: Exchange, sender: Device, stanza: BinaryNode): number | undefined {
  const newsletter = exchange.state.newsletters.find(attr(stanza, 'to') ?? '');
  if (newsletter === undefined) return 404;
  const { role } = exchange.state.newsletters.of(newsletter, sender.account.person);
  if (attr(stanza, 'type') === 'reaction') return role === 'guest' ? 403 : react(exchange, newsletter, { sender, stanza });
  if (role !== 'owner' && role !== 'admin') return 403;
  const content = contentOf(stanza);
  if (content === undefined) return MALFORMED;
  publishPost(exchange, newsletter, { content, id: attr(stanza, 'id') ?? '', author: sender });
  return undefined;
}

/** "Malformed" (Baileys Socket/messages-recv.js: SmaxInvalid). */
const MALFORMED = 479;

/** What a post says; undefined where its bytes are no message. */
function contentOf(stanza: BinaryNode): proto.IMessage | undefined {
  try {
    return proto.Message.decode(bytesOf(child(stanza, 'plaintext')));
  } catch {
    return undefined;
  }
}

function react(exchange: Exchange, newsletter: Newsletter, { sender, stanza }: { sender: Device; stanza: BinaryNode }): number | undefined {
  const post = exchange.state.newsletters.post(newsletter, Number(attr(stanza, 'server_id')));
  if (post === undefined) return 404;
  reactTo(exchange, newsletter, { post, account: sender.account, code: attr(child(stanza, 'reaction'), 'code') ?? '' });
  return undefined;
}

/** Lets somebody react to a post; who follows its live updates hears the new counts. */
export function reactTo(exchange: Exchange, newsletter: Newsletter, { post, account, code }: { post: WorldMessage; account: Account; code: string }): void {
  exchange.state.newsletters.react(post, account.person.id, code);
  const now = seconds(exchange.clock);
  const update = node('live_updates', {}, [postNode(exchange, post, { full: false })]);
  // Baileys reads reactions in a form of their own (Socket/messages-recv.js: handleNewsletterNotification).
  const reaction = node('reaction', { message_id: post.serverId }, [node('reaction', {}, code)]);
  for (const device of followersOf(exchange, newsletter)) {
    if (!exchange.state.liveUpdates.listens(device, newsletter.jid, now)) continue;
    notify(exchange, device, { type: 'newsletter', from: Jid.parse(newsletter.jid), content: code === '' ? [update] : [update, reaction] });
  }
}

function followersOf(exchange: Exchange, newsletter: Newsletter): Device[] {
  const followers = new Set(exchange.state.newsletters.followers(newsletter));
  return [...exchange.directory.known()].filter(({ person }) => followers.has(person.id)).flatMap(({ devices }) => [...devices.values()]);
}
