import { SERVERS } from '../wire/jid.ts';
import type { Jid } from '../wire/jid.ts';
import { attr, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Account } from './account.ts';
import { directMode, groupSender, seenAs } from './addressing.ts';
import { seconds } from './clock.ts';
import type { Device } from './device.ts';
import type { Exchange } from './exchange.ts';

/** Who watches whom, and when each account was last there. */
export class PresenceBook {
  private readonly watchers = new Map<Account, Map<Device, Jid>>();
  private readonly lastSeen = new Map<Account, number>();
  private readonly online = new Set<Account>();

  /** Remembers the address too: answers come under the one that was asked. */
  watch(account: Account, device: Device, as: Jid): void {
    const known = this.watchers.get(account) ?? new Map<Device, Jid>();
    this.watchers.set(account, known.set(device, as));
  }

  watchersOf(account: Account): ReadonlyMap<Device, Jid> {
    return this.watchers.get(account) ?? new Map<Device, Jid>();
  }

  /** A connection that ends takes its subscriptions with it. */
  forget(device: Device): void {
    for (const watching of this.watchers.values()) watching.delete(device);
  }

  /** Epoch seconds; undefined for somebody who was never there. */
  seenAt(account: Account): number | undefined {
    return this.lastSeen.get(account);
  }

  /** Notes whether an account is there; false if that is no news. `now` is epoch seconds. */
  note(account: Account, online: boolean, now: number): boolean {
    if (this.online.has(account) === online) return false;
    if (online) this.online.add(account);
    else this.online.delete(account);
    if (!online) this.lastSeen.set(account, now);
    return true;
  }
}

/** `<presence>`: the device is there, or not, or wants to know of somebody else. */
export function takePresence(exchange: Exchange, from: Device, presence: BinaryNode): undefined {
  const [type, name] = [attr(presence, 'type'), attr(presence, 'name')];
  if (name !== undefined && name !== '') from.account.person.pushName = name;
  if (type === 'subscribe') subscribe(exchange, from, jidAttr(presence, 'to'));
  else if (type === 'available' || type === 'unavailable') {
    from.available = type === 'available';
    tellWatchers(exchange, from.account);
  }
}

/** To be called when a connection has ended: nobody is there without one. */
export function notePresenceGone(exchange: Exchange, device: Device): void {
  exchange.state.presence.forget(device);
  tellWatchers(exchange, device.account);
}

function subscribe(exchange: Exchange, from: Device, to: Jid | undefined): void {
  const account = to === undefined ? undefined : exchange.directory.account(to);
  if (to === undefined || account === undefined) return;
  exchange.state.presence.watch(account, from, to.bare);
  tell(exchange, account, { device: from, as: to.bare });
}

function tellWatchers(exchange: Exchange, account: Account): void {
  const online = isOnline(account);
  if (!exchange.state.presence.note(account, online, seconds(exchange.clock))) return;
  exchange.watch.emit('presence', { account, online });
  for (const [device, as] of exchange.state.presence.watchersOf(account)) tell(exchange, account, { device, as });
}

const isOnline = (account: Account): boolean => [...account.devices.values()].some(({ available }) => available);

/** Whoever hides when they were last there is not told as having been (`last=deny`). */
function tell(exchange: Exchange, account: Account, { device, as }: { device: Device; as: Jid }): void {
  const { accounts, privacy, presence } = exchange.state;
  const viewer = device.account.person;
  if (accounts.blocks(account.person, viewer) || !privacy.allows(account.person, 'online', viewer)) return;
  if (isOnline(account)) {
    device.deliver(node('presence', { from: as }));
    return;
  }
  const last = privacy.allows(account.person, 'last', viewer) ? presence.seenAt(account) : 'deny';
  device.deliver(node('presence', { from: as, type: 'unavailable', last }));
}

/** `<chatstate>`: typing or recording, carried to the chat at once or never. */
export function takeChatState(exchange: Exchange, from: Device, chatstate: BinaryNode): undefined {
  const to = jidAttr(chatstate, 'to');
  if (to === undefined) return;
  exchange.watch.emit('chatstate', { from, to: to.toString(), state: chatstate });
  const group = exchange.world.groups.get(to.toString());
  if (group === undefined) {
    sendDirectState(exchange, from, { to, chatstate });
    return;
  }
  const { participant } = groupSender(from, group.addressing);
  const members = new Set(group.members.map(({ person }) => person));
  if (!members.has(from.account.person.id)) return;
  for (const account of exchange.directory.known()) {
    if (account === from.account || !members.has(account.person.id)) continue;
    for (const device of account.devices.values()) device.deliver(node('chatstate', { from: to, participant }, chatstate.content));
  }
}

function sendDirectState(exchange: Exchange, from: Device, { to, chatstate }: { to: Jid; chatstate: BinaryNode }): void {
  const recipient = to.server === SERVERS.broadcast ? undefined : exchange.directory.account(to);
  if (recipient === undefined || exchange.state.accounts.blocks(recipient.person, from.account.person)) return;
  const { jid } = seenAs(from.account, directMode(exchange.world, from.account, recipient), from.id);
  for (const device of recipient.devices.values()) device.deliver(node('chatstate', { from: jid }, chatstate.content));
}
