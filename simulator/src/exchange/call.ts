import { randomBytes } from 'node:crypto';
import { SERVERS } from '../wire/jid.ts';
import { attr, child, jidAttr, node, withAttrs } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { directMode, seenAs } from './addressing.ts';
import { seconds } from './clock.ts';
import type { Device } from './device.ts';
import type { Exchange } from './exchange.ts';

/** Words that end a call for the other devices of who said them too. */
const SETTLING: ReadonlySet<string> = new Set(['reject', 'accept']);
const CALL_TOKEN_BYTES = 16;

/** `<call>`: signals between two people who call each other; media never flows here. Returns the ack. */
export function routeCall(exchange: Exchange, from: Device, call: BinaryNode): BinaryNode {
  const to = jidAttr(call, 'to');
  const signal = child(call);
  const ack = node('ack', { class: 'call', id: attr(call, 'id'), from: to, type: signal?.tag });
  if (signal === undefined || to === undefined) return ack;
  if (to.server === SERVERS.call) return linkFor(call, signal);
  const recipient = exchange.directory.account(to);
  if (recipient === undefined) return withAttrs(ack, { error: 404 });
  exchange.watch.emit('call', { from, to: to.toString(), signal: signal.tag, id: attr(signal, 'call-id') ?? '' });
  if (exchange.state.accounts.blocks(recipient.person, from.account.person)) return ack;
  const by = seenAs(from.account, directMode(exchange.world, from.account, recipient));
  const attrs = { id: exchange.newId(), t: seconds(exchange.clock), platform: 'android', version: '2.25.37.76' };
  for (const device of recipient.devices.values()) device.deliver(node('call', { from: by.jid.at(from.id), ...attrs }, [signal]));
  if (SETTLING.has(signal.tag)) settleElsewhere(exchange, from, { call, signal });
  return ack;
}

/** The other devices of who took or refused a call stop ringing. */
function settleElsewhere(exchange: Exchange, from: Device, { call, signal }: { call: BinaryNode; signal: BinaryNode }): void {
  const reason = signal.tag === 'accept' ? 'accepted_elsewhere' : 'rejected_elsewhere';
  const ended = node('terminate', { 'call-id': attr(signal, 'call-id'), 'call-creator': signal.attrs['call-creator'], reason });
  for (const device of from.account.companions.filter((other) => other !== from)) {
    device.deliver(node('call', { from: jidAttr(call, 'to'), id: exchange.newId(), t: seconds(exchange.clock) }, [ended]));
  }
}

/** A link that starts a call (Baileys Socket/messages-recv.js: createCallLink). */
function linkFor(call: BinaryNode, { attrs }: BinaryNode): BinaryNode {
  const token = randomBytes(CALL_TOKEN_BYTES).toString('base64url');
  const created = node('link_create', { token, media: attrs['media'] });
  return node('call', { id: attr(call, 'id'), from: jidAttr(call, 'to') }, [created]);
}
