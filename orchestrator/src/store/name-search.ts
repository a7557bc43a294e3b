/** Names compared as people read them. Folding is ours, so the comparison cannot be left to SQL. */
import { ne, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import { fold } from './fold.ts';
import { canonicalJid } from './aliases.ts';
import { userOf } from './names.ts';
import { onlyVisible, type Reads } from './reads.ts';
import { parseReference } from './reference.ts';
import { chats, contactFacts, contacts, groups } from './schema.ts';
import { matches, phrasesOf } from './search-query.ts';

export interface NamedJid {
  readonly jid: string;
  readonly folded: string;
}

/** Every name of every chat and person that may be seen. */
export function allNames(reads: Reads): NamedJid[] {
  const { orm } = reads;
  const rows = unionAll(
    orm.select({ jid: sql<string>`${chats.jid}`, name: sql<string | null>`${chats.name}` }).from(chats).where(onlyVisible(reads, chats.jid)),
    orm.select({ jid: sql<string>`${groups.jid}`, name: sql<string | null>`${groups.name}` }).from(groups).where(onlyVisible(reads, groups.jid)),
    orm
      .select({ jid: sql<string>`${contactFacts.jid}`, name: sql<string | null>`${contactFacts.value}` })
      .from(contactFacts)
      .where(sql`${ne(contactFacts.field, 'about')} AND ${onlyVisible(reads, contactFacts.jid) ?? sql`1`}`),
  ).all();
  return rows.flatMap(({ jid, name }) => (name === null || name === '' ? [] : [{ jid, folded: fold(name) }]));
}

/** Fewest digits that look for a part of a phone number. */
const FEWEST_DIGITS = 3;

const JID = /^[0-9A-Za-z._:-]+@(s\.whatsapp\.net|c\.us|lid|hosted(\.lid)?|g\.us|newsletter)$/;

/** Chats and people whose name holds the beginnings of all words of a query, or whose number holds its digits; a JID is itself. */
export function jidsCalled(reads: Reads, query: string): Set<string> {
  if (JID.test(query.trim())) return new Set([canonicalJid(reads, jidIn(query))]);
  const begun = phrasesOf(query).map(({ tokens }) => ({ tokens, prefix: true }));
  const named = begun.length === 0 ? [] : allNames(reads).filter(({ folded }) => matches(folded, begun));
  return new Set([...named.map(({ jid }) => jid), ...numbered(reads, query)]);
}

/** As it is stored; text that only looks like a JID finds nothing. */
function jidIn(query: string): string {
  const reference = parseReference(query);
  return reference.kind === 'jid' ? reference.jid : query;
}

function numbered(reads: Reads, query: string): string[] {
  const digits = query.replace(/[\s()+./-]/g, '').replace(/^00/, '');
  if (!/^\d+$/.test(digits) || digits.length < FEWEST_DIGITS) return [];
  const { orm } = reads;
  const rows = unionAll(
    orm.select({ jid: sql<string>`${contacts.jid}`, pn: sql<string | null>`${contacts.pnJid}` }).from(contacts).where(onlyVisible(reads, contacts.jid)),
    orm.select({ jid: sql<string>`${chats.jid}`, pn: sql<string | null>`${chats.pnJid}` }).from(chats).where(onlyVisible(reads, chats.jid)),
  ).all();
  // A national number is written with a zero that the international one does not have.
  const national = digits.replace(/^0/, '');
  return rows.filter(({ pn }) => pn !== null && userOf(pn).includes(national)).map(({ jid }) => jid);
}
