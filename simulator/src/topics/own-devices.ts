import type { Account } from '../exchange/account.ts';
import { seenAs } from '../exchange/addressing.ts';
import type { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { notify } from '../exchange/notify.ts';
import type { Jid } from '../wire/jid.ts';
import type { BinaryNode } from '../wire/node.ts';

/** Tells the other devices of an account what one of them has set (`account_sync`). */
export function syncAccount(exchange: Exchange, author: Device, change: BinaryNode): void {
  exchange.watch.emit('accountChange', { account: author.account, change: change.tag });
  for (const device of author.account.devices.values()) {
    if (device !== author) notify(exchange, device, { type: 'account_sync', from: author.account.pn, content: [change] });
  }
}

/** The address under which an account is known to others: its number, unless nobody is told that. */
export function publicJid(account: Account): Jid {
  return seenAs(account, account.person.mapping === 'never' ? 'lid' : 'pn').jid;
}

/** The linked devices of other people; phones need not be told what they ask for when they show it. */
export function companionsOfOthers(exchange: Exchange, account: Account): Device[] {
  return [...exchange.directory.known()].filter((other) => other !== account).flatMap(({ companions }) => companions);
}
