import { seconds } from '../exchange/clock.ts';
import type { Device } from '../exchange/device.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { notify } from '../exchange/notify.ts';
import { node } from '../wire/node.ts';
import { companionsOfOthers, publicJid } from './own-devices.ts';
import { Refusal } from './iq.ts';

/** Longest about text. */
const MAX_ABOUT = 139;

/** Sets the text beside somebody's name; others hear of it as far as its privacy allows. Throws a Refusal (406) for a longer one. */
export function setAbout(exchange: Exchange, author: Device, text: string): void {
  if (Array.from(text).length > MAX_ABOUT) throw new Refusal(406, 'not-acceptable');
  const { account } = author;
  account.person.about = text;
  account.person.aboutSetAt = seconds(exchange.clock);
  const notice = { type: 'status', from: publicJid(account), content: [node('set', {}, text)] };
  for (const device of account.companions) if (device !== author) notify(exchange, device, notice);
  for (const device of companionsOfOthers(exchange, account)) {
    if (exchange.state.privacy.allows(account.person, 'status', device.account.person)) notify(exchange, device, notice);
  }
}
