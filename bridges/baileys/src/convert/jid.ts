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

interface Canonical {
  readonly jid: string | undefined;
  readonly user: string | undefined;
}

/** The same people write again and again. Forgotten as a whole when full. */
const known = new Map<string, Canonical>();
const MAX_KNOWN = 20_000;
const NONE: Canonical = { jid: undefined, user: undefined };

function canonical(raw: Text): Canonical {
  if (raw == null) return NONE;
  const found = known.get(raw);
  if (found !== undefined) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  const made = canonicalise(raw);
  known.set(raw, made);
  return made;
}

function canonicalise(raw: string): Canonical {
  const bare = deviceless(raw);
  if (bare === undefined) return NONE;
  const server = serverOf(bare);
  const jid = `${bare.slice(0, -server.length)}${servers[server] ?? server}`;
  if (!Jid.safeParse(jid).success) return NONE;
  return { jid, user: UserJid.safeParse(jid).success ? jid : undefined };
}

/** Canonical form of any JID; undefined where it is none. */
export const canonicalJid = (raw: Text): string | undefined => canonical(raw).jid;

/** Canonical form of a person's JID (PN or LID); undefined where it is none. */
export const canonicalUser = (raw: Text): string | undefined => canonical(raw).user;

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
