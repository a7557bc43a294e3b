/** What people, groups and channels are called, by the best source that is known. */
import { eq, inArray, ne, sql } from 'drizzle-orm';
import { shown } from './display-text.ts';
import { oneOf, type Reads } from './reads.ts';
import { shownNumber } from './reference.ts';
import { chats, contactFacts, contacts, groups, jidAliases, meta } from './schema.ts';

/** Sources of a person's name, the most trusted first: the user's own, the address book, what WhatsApp checked, what they say. */
const SOURCES = ['nickname', 'full_name', 'chat_name', 'first_name', 'verified_name', 'business_name', 'push_name'] as const;
type Source = (typeof SOURCES)[number];

export interface NameFacts {
  readonly jid: string;
  /** JID of the current number where it is known. */
  readonly pn?: string | null | undefined;
  readonly facts: Partial<Readonly<Record<Source | 'username', string>>>;
}

/** Phones send "-" and the like where no name was set (whatsmeow user.go:handleHistoricalPushNames skips it). */
const JUNK = /^[-.\s+\d()]*$/;

/** A person's name for display; the number where there is none. The digits of a LID are never shown: they look like a number. */
export function bestName({ jid, pn, facts }: NameFacts): string {
  const named = SOURCES.map((source) => shown(facts[source] ?? '')).find((name) => name !== '' && !JUNK.test(name));
  if (named !== undefined) return named;
  const username = shown(facts.username ?? '');
  if (username !== '') return `@${username}`;
  const number = [pn, jid].find((each) => each?.endsWith('@s.whatsapp.net') === true);
  return number === undefined || number === null ? 'LID user' : shownNumber(userOf(number));
}

const UNNAMED: Readonly<Record<string, string>> = { group: 'Unnamed group', newsletter: 'Unnamed channel', broadcast: 'Broadcast list', status: 'Status updates' };
const KINDS: Readonly<Record<string, string>> = { 'g.us': 'group', newsletter: 'newsletter', broadcast: 'broadcast' };

/** Digits or name before the @. */
export function userOf(jid: string): string {
  return jid.slice(0, jid.indexOf('@'));
}

/** user, group, newsletter, broadcast or status. */
export function kindOf(jid: string): string {
  return jid === 'status@broadcast' ? 'status' : (KINDS[jid.slice(jid.indexOf('@') + 1)] ?? 'user');
}

/** Names of JIDs in any form, in two queries for all of them. Every JID that was asked for has one. */
export function namesOf(reads: Reads, jids: Iterable<string>): ReadonlyMap<string, string> {
  const asked = [...new Set(jids)];
  const people = peopleNames(reads, asked.filter((jid) => kindOf(jid) === 'user'));
  const others = chatNames(reads, asked.filter((jid) => kindOf(jid) !== 'user'));
  return new Map([...people, ...others]);
}

/** As `namesOf`, with "Me" for the account itself: for people who are told of, such as voters and quoted authors. */
export function namesAmongPeople(reads: Reads, jids: Iterable<string>): ReadonlyMap<string, string> {
  const names = new Map(namesOf(reads, jids));
  for (const own of ownJids(reads)) if (names.has(own)) names.set(own, 'Me');
  return names;
}

/** JIDs of the account itself. */
export function ownJids({ orm }: Reads): string[] {
  return orm.select({ jid: meta.v }).from(meta).where(inArray(meta.k, ['own_pn', 'own_lid'])).all().map(({ jid }) => jid);
}

function peopleNames({ orm }: Reads, jids: readonly string[]): [string, string][] {
  if (jids.length === 0) return [];
  const rows = orm
    .select({
      asked: sql<string>`asked.value`,
      jid: sql<string>`coalesce(${jidAliases.jid}, asked.value)`,
      pn: sql<string | null>`coalesce(${contacts.pnJid}, ${chats.pnJid})`,
      chatName: chats.name,
      field: contactFacts.field,
      value: contactFacts.value,
    })
    .from(sql`json_each(${JSON.stringify(jids)}) asked`)
    .leftJoin(jidAliases, sql`${jidAliases.alias} = asked.value`)
    .leftJoin(contacts, sql`${contacts.jid} = coalesce(${jidAliases.jid}, asked.value)`)
    .leftJoin(chats, sql`${chats.jid} = coalesce(${jidAliases.jid}, asked.value)`)
    .leftJoin(contactFacts, sql`${contactFacts.jid} = coalesce(${jidAliases.jid}, asked.value) AND ${ne(contactFacts.field, 'about')}`)
    .all();
  const facts = new Map<string, NameFacts>();
  for (const row of rows) {
    const known = facts.get(row.asked)?.facts ?? (row.chatName === null ? {} : { chat_name: row.chatName });
    facts.set(row.asked, { jid: row.jid, pn: row.pn, facts: row.field === null ? known : { ...known, [row.field]: row.value ?? '' } });
  }
  return [...facts].map(([asked, known]) => [asked, bestName(known)]);
}

function chatNames({ orm }: Reads, jids: readonly string[]): [string, string][] {
  if (jids.length === 0) return [];
  const rows = orm
    .select({ jid: chats.jid, name: sql<string | null>`coalesce(nullif(${chats.name}, ''), ${groups.name})` })
    .from(chats)
    .leftJoin(groups, eq(groups.jid, chats.jid))
    .where(jids.length === 1 ? inArray(chats.jid, [...jids]) : oneOf(chats.jid, jids))
    .all();
  const known = new Map(rows.map(({ jid, name }) => [jid, name ?? '']));
  return jids.map((jid) => [jid, shown(known.get(jid) ?? '') || (UNNAMED[kindOf(jid)] ?? 'Unnamed chat')]);
}
