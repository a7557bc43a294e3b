import { SERVERS } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import { attr, child, children, jidAttr, node } from '../wire/node.ts';
import type { Attribute, BinaryNode } from '../wire/node.ts';
import type { Account } from './account.ts';
import { directMode, groupSender, seenAs } from './addressing.ts';
import { seconds } from './clock.ts';
import type { Device } from './device.ts';
import type { Exchange } from './exchange.ts';

/** A receipt on its way through the server. */
interface Passing {
  readonly exchange: Exchange;
  readonly from: Device;
  readonly receipt: BinaryNode;
  readonly to: Jid;
  readonly type: string;
}

/** Receipts for one device alone: the one whose ciphertext they are about. */
const FOR_ONE_DEVICE: ReadonlySet<string> = new Set(['retry', 'sender']);
/** Receipts that stay within the account: other people never see them. */
const WITHIN_ACCOUNT: ReadonlySet<string> = new Set(['read-self', 'played-self']);
/** Receipts about what the phone itself sent or holds. */
const FOR_THE_PHONE: ReadonlySet<string> = new Set(['peer_msg', 'hist_sync', 'server-error']);
/** Receipts that also tell the reader's other devices that the message was seen. */
const SEEN: ReadonlySet<string> = new Set(['read', 'played']);

/** Receipts that say a message has arrived. Baileys sends these instead of an `<ack>` (Socket/messages-recv.js). */
const ARRIVED: ReadonlySet<string> = new Set(['', 'inactive', 'sender', 'peer_msg']);

/** Carries a receipt to the devices it concerns; returns the ack. */
export function routeReceipt(exchange: Exchange, from: Device, receipt: BinaryNode): BinaryNode {
  const to = jidAttr(receipt, 'to');
  const [id, type] = [attr(receipt, 'id') ?? '', attr(receipt, 'type') ?? ''];
  if (ARRIVED.has(type) && from.outbox.delivered(id)) exchange.noteDrained(from);
  if (to?.server === SERVERS.newsletter) takeViews(exchange, receipt, to);
  else if (to !== undefined) {
    const passing: Passing = { exchange, from, receipt, to, type };
    for (const [device, attrs] of destinations(passing)) device.deliver(copyOf(passing, attrs));
    exchange.watch.emit('receipt', { from, id, type, to: to.toString() });
  }
  return node('ack', { class: 'receipt', id, from: to, type: type === '' ? undefined : type });
}

/** `<receipt type=view>`: posts of a channel that were on a screen. */
function takeViews({ state }: Exchange, receipt: BinaryNode, to: Jid): void {
  const newsletter = state.newsletters.find(to.toString());
  if (newsletter === undefined || attr(receipt, 'type') !== 'view') return;
  for (const item of children(child(receipt, 'list'), 'item')) {
    const post = state.newsletters.post(newsletter, Number(attr(item, 'server_id')));
    if (post !== undefined) state.newsletters.view(post);
  }
}

type Attrs = Readonly<Record<string, Attribute | undefined>>;

function destinations(passing: Passing): [Device, Attrs][] {
  const { from, type } = passing;
  if (FOR_THE_PHONE.has(type)) return ownDevices(passing).filter(([device]) => device.id === 0);
  if (WITHIN_ACCOUNT.has(type)) return ownDevices(passing);
  const author = authorOf(passing);
  if (author === undefined) return [];
  const attrs = attrsFor(passing, author.account);
  if (FOR_ONE_DEVICE.has(type)) {
    const device = author.account.devices.get(author.device);
    return device === undefined || device === from ? [] : [[device, attrs]];
  }
  const others = [...author.account.devices.values()].filter((device) => device !== from);
  const theirs = others.map((device): [Device, Attrs] => [device, attrs]);
  return SEEN.has(type) ? [...theirs, ...ownDevices(passing)] : theirs;
}

/** Whose message it was, and which device of theirs is named. */
function authorOf({ exchange, receipt, to }: Passing): { account: Account; device: number } | undefined {
  const author = isShared(to) ? jidAttr(receipt, 'participant') : to;
  const account = author === undefined ? undefined : exchange.directory.account(author);
  return author === undefined || account === undefined ? undefined : { account, device: author.device };
}

function attrsFor({ exchange, from, to, receipt }: Passing, author: Account): Attrs {
  if (isShared(to)) return { from: to, participant: groupSender(from, groupMode(exchange, to)).participant };
  const mode = directMode(exchange.world, from.account, author);
  const within = author === from.account ? { recipient: jidAttr(receipt, 'recipient') } : {};
  return { from: seenAs(from.account, mode, from.id).jid, ...within };
}

/** For the reader's own other devices: from the reader, about the chat. */
function ownDevices({ exchange, from, receipt, to }: Passing): [Device, Attrs][] {
  const others = [...from.account.devices.values()].filter((device) => device !== from);
  const attrs = isShared(to)
    ? { from: to, participant: groupSender(from, groupMode(exchange, to)).participant, recipient: jidAttr(receipt, 'participant') }
    : { from: from.account === exchange.directory.account(to) ? from.pn : ownJid(exchange, from, to), recipient: to.bare };
  return others.map((device) => [device, attrs]);
}

function ownJid(exchange: Exchange, from: Device, to: Jid): Jid {
  const peer = exchange.directory.account(to);
  return seenAs(from.account, peer === undefined ? 'lid' : directMode(exchange.world, from.account, peer), from.id).jid;
}

function groupMode(exchange: Exchange, to: Jid) {
  return exchange.world.groups.get(to.toString())?.addressing ?? 'lid';
}

function isShared(jid: Jid): boolean {
  return jid.server === SERVERS.group || jid.server === SERVERS.broadcast;
}

function copyOf({ exchange, receipt, type }: Passing, attrs: Attrs): BinaryNode {
  const told = { id: attr(receipt, 'id'), type: type === '' ? undefined : type, t: attr(receipt, 't') ?? seconds(exchange.clock) };
  return node('receipt', { ...attrs, ...told }, receipt.content);
}
