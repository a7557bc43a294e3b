import { SERVERS, STATUS_JID } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import { attr, child, children, jidAttr, node, withAttrs } from '../wire/node.ts';
import type { Attribute, BinaryNode } from '../wire/node.ts';
import { mayNotReachOut } from '../topics/restrictions.ts';
import { takeNewsletterMessage } from '../topics/newsletter-push.ts';
import { directSender, groupSender, ownCopy } from './addressing.ts';
import type { Account } from './account.ts';
import { seconds } from './clock.ts';
import type { Device } from './device.ts';
import type { Exchange } from './exchange.ts';

/** A message on its way through the server. */
interface Posting {
  readonly exchange: Exchange;
  readonly sender: Device;
  readonly stanza: BinaryNode;
  readonly to: Jid;
}

/** "You may not start chats" (Baileys Socket/messages-recv.js: handleBadAck). */
const REACHED_OUT = 463;

type Route = (posting: Posting) => number | undefined;
type Attrs = Readonly<Record<string, Attribute | undefined>>;

/** By the server part of `to`. A route returns the code of a refusal, or undefined when it carried the message. */
const ROUTES: Readonly<Record<string, Route>> = {
  [SERVERS.user]: routeDirect,
  [SERVERS.lid]: routeDirect,
  [SERVERS.legacyUser]: routeDirect,
  [SERVERS.group]: routeGroup,
  [SERVERS.broadcast]: routeStatus,
  [SERVERS.newsletter]: ({ exchange, sender, stanza }) => takeNewsletterMessage(exchange, sender, stanza),
};

/** Parts of a message that its recipients see beside the ciphertext. */
const FORWARDED: ReadonlySet<string> = new Set(['meta', 'biz', 'bot', 'unavailable']);

/** Carries a message to every device it has a ciphertext for; returns the ack. */
export function routeMessage(exchange: Exchange, sender: Device, stanza: BinaryNode): BinaryNode {
  const to = jidAttr(stanza, 'to');
  const route = to === undefined ? undefined : ROUTES[to.server];
  const error = to === undefined || route === undefined ? 404 : route({ exchange, sender, stanza, to });
  if (error === undefined) {
    exchange.watch.emit('message', { from: sender, id: attr(stanza, 'id') ?? '', to: String(to) });
  }
  const echoed = { type: attr(stanza, 'type'), phash: attr(stanza, 'phash'), participant: stanza.attrs['participant'] };
  return node('ack', { class: 'message', id: attr(stanza, 'id'), from: to, t: seconds(exchange.clock), ...echoed, error });
}

function routeDirect(posting: Posting): number | undefined {
  const { exchange, sender, stanza, to } = posting;
  const recipient = exchange.directory.account(to);
  if (recipient === undefined) return 404;
  if (attr(stanza, 'category') === 'peer' && recipient !== sender.account) return 403;
  if (mayNotReachOut(exchange, sender, recipient)) return REACHED_OUT;
  const chat = chatOf(posting, recipient);
  // Who is blocked is not told: the message is taken, and goes nowhere.
  const blocked = exchange.state.accounts.blocks(recipient.person, sender.account.person);
  for (const [device, parts] of envelopes(posting)) {
    const concerned = device.account === sender.account || (device.account === recipient && !blocked);
    if (!concerned) continue;
    device.deliver(copyFor(posting, directAttrs(posting, device, chat), parts));
  }
  return undefined;
}

/** A device may send to its own account in the name of a chat (`recipient`): a retry of a copy. */
function chatOf({ exchange, stanza }: Posting, recipient: Account): Account {
  const named = jidAttr(stanza, 'recipient');
  return (named === undefined ? undefined : exchange.directory.account(named)) ?? recipient;
}

function directAttrs({ exchange, sender, stanza }: Posting, device: Device, chat: Account): Attrs {
  if (attr(stanza, 'category') === 'peer') return { from: sender.pn, category: 'peer' };
  if (device.account !== sender.account) return directSender(exchange.world, sender, device.account);
  return ownCopy(exchange.world, sender, chat);
}

function routeGroup(posting: Posting): number | undefined {
  const { exchange, sender, to } = posting;
  const group = exchange.world.groups.get(to.toString());
  if (group === undefined) return 404;
  const member = group.members.find(({ person }) => person === sender.account.person.id);
  if (member === undefined || (group.announce && member.role === 'member')) return 403;
  const accounts = group.members.map(({ person }) => exchange.directory.accountOf(person));
  const attrs = { from: to, ...groupSender(sender, group.addressing) };
  for (const [device, parts] of broadcast(posting, accounts)) device.deliver(copyFor(posting, attrs, parts));
  return undefined;
}

/** Status posts go to whom the sender has ever shared a key with, and to the sender's own devices. */
function routeStatus(posting: Posting): number | undefined {
  const { exchange, sender, to } = posting;
  if (!to.equals(STATUS_JID)) return 404;
  const listed = children(child(posting.stanza, 'participants'), 'to')
    .map((entry) => jidAttr(entry, 'jid'))
    .map((jid) => (jid === undefined ? undefined : exchange.directory.account(jid)))
    .filter((account) => account !== undefined);
  const attrs = { from: to, ...groupSender(sender, 'lid') };
  const audience = exchange.statusAudience(sender);
  for (const account of listed) audience.add(account);
  for (const [device, parts] of broadcast(posting, [...audience])) {
    device.deliver(copyFor(posting, attrs, parts));
  }
  return undefined;
}

/** What each device gets: the ciphertext for it alone, and the one that all share. */
function broadcast(posting: Posting, accounts: readonly Account[]): Map<Device, BinaryNode[]> {
  const parts = new Map([...envelopes(posting)].filter(([{ account }]) => accounts.includes(account)));
  const shared = children(posting.stanza, 'enc');
  if (shared.length === 0 || posting.stanza.attrs['participant'] !== undefined) return parts;
  for (const device of accounts.flatMap((account) => [...account.devices.values()])) {
    // Baileys lists its own device in LID groups (Utils/signal.js: extractDeviceJids).
    if (device !== posting.sender) parts.set(device, [...(parts.get(device) ?? []), ...shared]);
  }
  return parts;
}

/** The ciphertexts that are for one device: `<participants>`, or a single `<enc>` for the addressee. */
function envelopes({ exchange, sender, stanza, to }: Posting): Map<Device, BinaryNode[]> {
  const found = new Map<Device, BinaryNode[]>();
  const put = (address: Jid | undefined, parts: readonly BinaryNode[]) => {
    const device = address === undefined ? undefined : exchange.directory.device(address);
    if (device !== undefined && device !== sender && parts.length > 0) found.set(device, [...parts]);
  };
  for (const entry of children(child(stanza, 'participants'), 'to')) {
    put(jidAttr(entry, 'jid'), children(entry).filter(({ tag }) => tag === 'enc' || tag === 'unavailable'));
  }
  const addressee = jidAttr(stanza, 'participant') ?? to;
  if (found.size === 0) put(addressee, children(stanza, 'enc'));
  return found;
}

function copyFor({ exchange, sender, stanza }: Posting, attrs: Attrs, parts: readonly BinaryNode[]): BinaryNode {
  const introduces = parts.some((part) => attr(part, 'type') === 'pkmsg');
  const identity = children(stanza, 'device-identity').filter(() => introduces);
  const forwarded = children(stanza).filter(({ tag }) => FORWARDED.has(tag));
  const carried = { id: attr(stanza, 'id'), type: attr(stanza, 'type'), edit: attr(stanza, 'edit') };
  const told = { t: seconds(exchange.clock), notify: sender.account.person.pushName };
  return withAttrs(node('message', {}, [...parts, ...identity, ...forwarded]), { ...attrs, ...carried, ...told });
}
