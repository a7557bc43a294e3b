import type { Addressing, Person } from './types.ts';

export const PN_SERVER = '@s.whatsapp.net';
export const LID_SERVER = '@lid';
export const GROUP_SERVER = '@g.us';
export const STATUS_JID = 'status@broadcast';

export const pnJid = (person: Pick<Person, 'pn'>): string => person.pn + PN_SERVER;
export const lidJid = (person: Pick<Person, 'lid'>): string => person.lid + LID_SERVER;

/** The address asked for, but never the number of somebody whose number the owner does not know. */
export function jidOf(person: Person, addressing: Addressing): string {
  return addressing === 'lid' || person.mapping === 'never' ? lidJid(person) : pnJid(person);
}

/** The address every other one leads to once all mappings have arrived: PN where known, else LID. */
export const canonicalJid = (person: Person): string => jidOf(person, 'pn');

/** User part and server of a JID; the device and agent parts are dropped (`user_agent:device@server`). */
export function splitJid(jid: string): { user: string; server: string } {
  const at = jid.indexOf('@');
  if (at < 0) return { user: jid, server: '' };
  return { user: jid.slice(0, at).replace(/[_:].*$/, ''), server: jid.slice(at) };
}
