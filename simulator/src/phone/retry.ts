import { readBundle } from '../topics/encrypt.ts';
import { SERVERS } from '../wire/jid.ts';
import { attr, child, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Device } from '../exchange/device.ts';
import type { Handset } from './handset.ts';
import { sendAgain, startSessions } from './outgoing.ts';

/** A device that still cannot read a message after so many tries is given up. */
const MAX_RETRIES = 5;

/** Sends a message again, for the one device that could not read it. */
export async function answerRetry(handset: Handset, receipt: BinaryNode): Promise<void> {
  const from = jidAttr(receipt, 'from');
  const asker = jidAttr(receipt, 'participant') ?? from;
  const device = asker === undefined ? undefined : handset.exchange.directory.device(asker);
  const id = attr(receipt, 'id') ?? '';
  const sent = handset.sent.get(id);
  const count = Number(attr(child(receipt, 'retry'), 'count') ?? '1');
  if (from === undefined || device === undefined || sent === undefined || count > MAX_RETRIES) return;
  await renewSession(handset, device, receipt);
  await sendAgain(handset, device, { message: { id, ...sent }, count, group: from.server === SERVERS.group });
}

/** With the keys the receipt carries, or with ones from the server: the old session is out of step. */
async function renewSession(handset: Handset, device: Device, receipt: BinaryNode): Promise<void> {
  const keys = child(receipt, 'keys');
  if (keys === undefined) {
    await startSessions(handset, [device]);
    return;
  }
  const registration = children(receipt, 'registration');
  await handset.ciphers.start(device, readBundle(node('user', {}, [...registration, ...children(keys)])));
}
