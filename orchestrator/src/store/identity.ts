/** Which chat or person a reference means: every JID that was ever seen leads to one chat, numbers and names to candidates. */
import { Failure } from '@whatsapp-mcp/contract';
import { eq } from 'drizzle-orm';
import { canonicalJid } from './aliases.ts';
import { fold } from './fold.ts';
import { kindOf, namesOf, userOf } from './names.ts';
import { allNames, type NamedJid } from './name-search.ts';
import { canSee, type Reads } from './reads.ts';
import { parseReference, regionOf } from './reference.ts';
import { chats, contacts, meta } from './schema.ts';
import { matches, phrasesOf } from './search-query.ts';

export { canonicalJid, formsOf } from './aliases.ts';

export interface Resolved {
  /** Canonical JID: of a chat that is stored, or where one would be. */
  readonly jid: string;
  /** Whether a chat or a contact is stored under it. */
  readonly known: boolean;
}

/** ISO 3166 region of the account's own number: where numbers without country code are from. */
export function homeRegion({ orm }: Reads): string | undefined {
  const own = orm.select({ jid: meta.v }).from(meta).where(eq(meta.k, 'own_pn')).get()?.jid;
  return own === undefined ? undefined : regionOf(userOf(own));
}

/**
 * The chat that a JID, phone number, wa.me link or name means. A JID or number need not be stored (`known: false`).
 * @throws Failure ambiguous with `details.candidates` when a name or number fits several, not_found when a name fits none,
 *   invalid_argument when it is nothing of these
 */
export function resolveChat(reads: Reads, text: string): Resolved {
  const reference = parseReference(text, homeRegion(reads));
  if (reference.kind === 'jid') return known(reads, canonicalJid(reads, reference.jid));
  if (reference.kind === 'phone') return byNumber(reads, reference.numbers, text);
  return byName(reads, reference.name);
}

/**
 * As `resolveChat`, for queries: what is not stored, or may not be seen, is not there.
 * @throws Failure not_found too
 */
export function resolveStored(reads: Reads, text: string): string {
  const { jid, known: stored } = resolveChat(reads, text);
  if (!stored || !canSee(reads, jid)) throw new Failure('not_found', `No chat or contact "${text}" is stored here. list_chats and search_contacts give those that are.`);
  return jid;
}

function known({ orm }: Reads, jid: string): Resolved {
  const chat = orm.select({ jid: chats.jid }).from(chats).where(eq(chats.jid, jid)).get();
  const contact = chat ?? orm.select({ jid: contacts.jid }).from(contacts).where(eq(contacts.jid, jid)).get();
  return { jid, known: contact !== undefined };
}

function byNumber(reads: Reads, numbers: readonly string[], text: string): Resolved {
  const resolved = numbers.map((number) => known(reads, canonicalJid(reads, `${number}@s.whatsapp.net`)));
  const stored = [...new Set(resolved.filter((each) => each.known && canSee(reads, each.jid)).map(({ jid }) => jid))];
  if (stored.length > 1) throw ambiguous(reads, text, stored);
  const [jid] = stored;
  if (jid !== undefined) return { jid, known: true };
  // The first is the likeliest reading; WhatsApp itself is asked before anything is sent to it.
  const [likeliest] = resolved;
  if (likeliest === undefined) throw new Failure('invalid_argument', `"${text}" is not a phone number: expected 6 to 18 digits with country code, as in +49 1512 3456789.`);
  return likeliest;
}

/** A name that is exactly that, else the only one that holds all its words. */
function byName(reads: Reads, name: string): Resolved {
  const names = allNames(reads);
  const folded = fold(name);
  const words = phrasesOf(name).map(({ tokens }) => ({ tokens, prefix: false }));
  const exact = distinct(names.filter((each) => each.folded === folded && folded !== ''));
  const holding = exact.length > 0 || words.length === 0 ? exact : distinct(names.filter((each) => matches(each.folded, words)));
  const [jid] = holding;
  if (jid !== undefined && holding.length === 1) return { jid, known: true };
  if (holding.length > 1) throw ambiguous(reads, name, holding);
  const similar = words.length === 0 ? [] : distinct(names.filter((each) => matches(each.folded, phrasesOf(name))));
  const candidates = candidatesOf(reads, similar);
  throw new Failure('not_found', `No chat is called "${name}".${candidates.length > 0 ? ' Perhaps one of the candidates is meant.' : ''}`, candidates.length > 0 ? { candidates } : undefined);
}

const MOST_CANDIDATES = 10;

function ambiguous(reads: Reads, text: string, jids: readonly string[]): Failure {
  const more = jids.length > MOST_CANDIDATES ? `, the first ${MOST_CANDIDATES} of ${jids.length}` : '';
  const candidates = candidatesOf(reads, jids);
  const listed = candidates.map(({ jid, name }) => `${name} (${jid})`).join('; ');
  return new Failure('ambiguous', `"${text}" fits several chats${more}: ${listed}`, { candidates });
}

function candidatesOf(reads: Reads, jids: readonly string[]): { jid: string; name: string; kind: string }[] {
  const first = jids.slice(0, MOST_CANDIDATES);
  const names = namesOf(reads, first);
  return first.map((jid) => ({ jid, name: names.get(jid) ?? jid, kind: kindOf(jid) }));
}

function distinct(names: readonly NamedJid[]): string[] {
  return [...new Set(names.map(({ jid }) => jid))];
}
