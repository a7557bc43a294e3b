import { Jid, SERVERS } from '../wire/jid.ts';

/** A JID from what a person would type: digits are a phone number. */
export function addressOf(text: string): Jid {
  return /^\+?\d+$/.test(text) ? new Jid(text.replace('+', ''), SERVERS.user) : Jid.parse(text);
}
