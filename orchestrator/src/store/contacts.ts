/** People: found by any of their names or by digits of their number. */
import { desc, eq, sql } from 'drizzle-orm';
import { jidsCalled } from './name-search.ts';
import { namesOf, userOf } from './names.ts';
import { oneOf, type Reads } from './reads.ts';
import { shownNumber } from './reference.ts';
import { chats, contactCards } from './schema.ts';
import { shown } from './display-text.ts';

export interface ContactView {
  readonly jid: string;
  readonly name: string;
  readonly phone_number?: string;
  readonly lid?: string;
  /** Names that other sources give. */
  readonly also_known_as?: readonly string[];
  /** Whether there is a chat with them. */
  readonly has_chat: boolean;
}

/** People whose names or numbers match, those talked to last first. */
export function searchPeople(reads: Reads, query: string, limit: number): { people: ContactView[]; more: boolean } {
  const jids = [...jidsCalled(reads, query)].filter((jid) => jid.endsWith('@s.whatsapp.net') || jid.endsWith('@lid'));
  const rows = peopleQuery(reads, jids, limit + 1).all();
  const names = namesOf(reads, rows.map(({ jid }) => jid));
  return { people: rows.slice(0, limit).map((row) => view(row, names.get(row.jid) ?? row.jid)), more: rows.length > limit };
}

function peopleQuery({ orm, visible }: Reads, jids: readonly string[], limit: number) {
  const asked = sql`asked.value`;
  return orm
    .select({
      jid: sql<string>`${asked}`,
      pn: sql<string | null>`coalesce(${contactCards.pnJid}, ${chats.pnJid})`,
      lid: sql<string | null>`coalesce(${contactCards.lidJid}, ${chats.lidJid})`,
      fullName: contactCards.fullName,
      pushName: contactCards.pushName,
      verifiedName: contactCards.verifiedName,
      businessName: contactCards.businessName,
      username: contactCards.username,
      chat: chats.jid,
    })
    .from(sql`json_each(${JSON.stringify(jids)}) asked`)
    .leftJoin(contactCards, eq(contactCards.jid, asked))
    .leftJoin(chats, eq(chats.jid, asked))
    .where(visible && oneOf(asked, visible))
    .orderBy(desc(chats.lastMessageTime), asked)
    .limit(limit);
}

type PersonRow = ReturnType<ReturnType<typeof peopleQuery>['all']>[number];

function view(row: PersonRow, name: string): ContactView {
  const others = [row.fullName, row.verifiedName, row.businessName, row.pushName, row.username].map((each) => shown(each ?? '')).filter((each) => each !== '' && each !== '-' && each !== name);
  const number = [row.pn, row.jid].find((each) => each?.endsWith('@s.whatsapp.net') === true);
  return {
    jid: row.jid,
    name,
    ...(number !== undefined && number !== null && { phone_number: shownNumber(userOf(number)) }),
    ...(row.lid !== null && row.lid !== row.jid && { lid: row.lid }),
    ...(others.length > 0 && { also_known_as: [...new Set(others)] }),
    has_chat: row.chat !== null,
  };
}
