/** JIDs as WhatsApp writes them, and their canonical form (rules J1, J2 of contract/cases/canonical). */
import { Jid, UserJid } from '@whatsapp-mcp/contract';

const servers: Readonly<Record<string, string>> = { 'c.us': 's.whatsapp.net', hosted: 's.whatsapp.net', 'hosted.lid': 'lid' };

/** Servers whose users are people, and so have agents and devices. */
const people = new Set(['s.whatsapp.net', 'lid', 'c.us', 'hosted', 'hosted.lid']);

type Text = string | null | undefined;

/** Without agent and device, server untouched; undefined where there is no server. */
export function deviceless(raw: Text): string | undefined {
  const at = raw?.lastIndexOf('@') ?? -1;
  if (raw == null || at < 1) return undefined;
  const server = raw.slice(at + 1);
  const user = raw.slice(0, at);
  return `${people.has(server) ? user.replace(/:\d+$/, '').replace(/[._]\d+$/, '') : user}@${server}`;
}

export function serverOf(jid: Text): string {
  return jid?.slice(jid.lastIndexOf('@') + 1) ?? '';
}

/** Canonical form of any JID; undefined where it is none. */
export function canonicalJid(raw: Text): string | undefined {
  const bare = deviceless(raw);
  if (bare === undefined) return undefined;
  const server = serverOf(bare);
  const jid = `${bare.slice(0, -server.length)}${servers[server] ?? server}`;
  return Jid.safeParse(jid).success ? jid : undefined;
}

/** Canonical form of a person's JID (PN or LID); undefined where it is none. */
export function canonicalUser(raw: Text): string | undefined {
  const jid = canonicalJid(raw);
  return UserJid.safeParse(jid).success ? jid : undefined;
}

export const isPn = (jid: Text): boolean => serverOf(jid) === 's.whatsapp.net';
export const isLid = (jid: Text): boolean => serverOf(jid) === 'lid';
export const isGroup = (jid: Text): boolean => serverOf(jid) === 'g.us';
export const isNewsletter = (jid: Text): boolean => serverOf(jid) === 'newsletter';
export const isDirect = (jid: Text): boolean => isPn(jid) || isLid(jid);

export const STATUS_JID = 'status@broadcast';

export const isBroadcastList = (jid: Text): boolean => serverOf(jid) === 'broadcast' && jid !== STATUS_JID;

/** `alt` in canonical form, where it is the other one of PN and LID than `jid`. */
export function otherForm(jid: Text, alt: Text): string | undefined {
  const other = canonicalUser(alt);
  return other !== undefined && isDirect(jid) && serverOf(other) !== serverOf(jid) ? other : undefined;
}

/** The pair that two forms of one person are, in any order. */
export function pairOf(one: Text, two: Text): { readonly pn: string; readonly lid: string } | undefined {
  const first = canonicalUser(one);
  const second = canonicalUser(two);
  if (first === undefined || second === undefined) return undefined;
  if (isPn(first) && isLid(second)) return { pn: first, lid: second };
  return isLid(first) && isPn(second) ? { pn: second, lid: first } : undefined;
}
