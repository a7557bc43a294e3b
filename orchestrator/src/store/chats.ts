/** Chats: lists by activity or name, one chat, the chats of a person. */
import { and, asc, desc, eq, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { jidsCalled } from './name-search.ts';
import { namesOf } from './names.ts';
import { oneOf, onlyVisible, type Reads } from './reads.ts';
import { chats, groups } from './schema.ts';

const columns = {
  jid: chats.jid,
  kind: chats.kind,
  pnJid: chats.pnJid,
  lidJid: chats.lidJid,
  lastMessageTime: chats.lastMessageTime,
  lastMessageMid: chats.lastMessageMid,
  unreadCount: chats.unreadCount,
  markedUnread: chats.markedUnread,
  archived: chats.archived,
  pinnedAt: chats.pinnedAt,
  mutedUntil: chats.mutedUntil,
  ephemeralSeconds: chats.ephemeralSeconds,
  readOnly: chats.readOnly,
  parentJid: chats.parentJid,
  isCommunity: chats.isCommunity,
};

function selection({ orm }: Reads) {
  return orm.select(columns).from(chats).$dynamic();
}

export type ChatRow = ReturnType<ReturnType<typeof selection>['all']>[number];

/** Last row of the page before: time of the last message (-1: none), JID. */
export interface ChatPosition {
  readonly time: number;
  readonly jid: string;
}

export interface ChatPage {
  /** Words of the name, or digits of the number. */
  readonly query?: string | undefined;
  readonly limit: number;
  readonly from?: ChatPosition | undefined;
  readonly skip?: number | undefined;
}

/** Newest activity first; chats without a message last. Status updates are no chat. */
export function chatsByActivity(reads: Reads, page: ChatPage): ChatRow[] {
  return activityQuery(reads, page).all();
}

/** The query behind `chatsByActivity`, so that its plan can be looked at. */
export function activityQuery(reads: Reads, { query, limit, from, skip = 0 }: ChatPage) {
  return selection(reads)
    .where(and(listed(reads, query), from && after(from)))
    .orderBy(desc(chats.lastMessageTime), asc(chats.jid))
    .limit(limit)
    .offset(skip);
}

function listed(reads: Reads, query: string | undefined): SQL | undefined {
  return and(ne(chats.kind, 'status'), onlyVisible(reads, chats.jid), query === undefined ? undefined : oneOf(chats.jid, jidsCalled(reads, query)));
}

function after({ time, jid }: ChatPosition): SQL | undefined {
  const withoutTime = sql`${chats.lastMessageTime} IS NULL`;
  if (time < 0) return and(withoutTime, sql`${chats.jid} > ${jid}`);
  return or(lt(chats.lastMessageTime, time), and(eq(chats.lastMessageTime, time), sql`${chats.jid} > ${jid}`), withoutTime);
}

const collator = new Intl.Collator('und', { sensitivity: 'base', numeric: true });

/** By shown name, then JID; `after` is the position of the page before. Names come from several tables, so they are sorted here. */
export function chatsByName(reads: Reads, { query, limit, skip = 0 }: ChatPage, position?: readonly [name: string, jid: string]): ChatRow[] {
  const jids = reads.orm.select({ jid: chats.jid }).from(chats).where(listed(reads, query)).all().map(({ jid }) => jid);
  const names = namesOf(reads, jids);
  const compare = (one: readonly [string, string], other: readonly [string, string]) =>
    collator.compare(one[0], other[0]) || (one[1] < other[1] ? -1 : one[1] > other[1] ? 1 : 0);
  const sorted = jids.map((jid) => [names.get(jid) ?? jid, jid] as const).toSorted(compare);
  const start = position === undefined ? skip : sorted.findIndex((each) => compare(each, position) > 0);
  const wanted = start < 0 ? [] : sorted.slice(start, start + limit).map(([, jid]) => jid);
  const rows = new Map(chatRows(reads, wanted).map((row) => [row.jid, row]));
  return wanted.map((jid) => rows.get(jid)).filter((row) => row !== undefined);
}

/** Chats by canonical JID, in no order; those that may not be seen are left out. */
export function chatRows(reads: Reads, jids: readonly string[]): ChatRow[] {
  if (jids.length === 0) return [];
  return selection(reads).where(and(oneOf(chats.jid, jids), onlyVisible(reads, chats.jid))).all();
}

/** Latest messages of a person that are looked at for groups which no participant list names. */
const LATEST = 5000;

/** The direct chat of a person, the groups they are in, and those they have written in; newest activity first. */
export function chatsOfPerson(reads: Reads, person: string, { limit, skip = 0 }: ChatPage): ChatRow[] {
  return selection(reads)
    .where(
      and(
        onlyVisible(reads, chats.jid),
        ne(chats.kind, 'status'),
        sql`${chats.jid} IN (
          SELECT ${person}
          UNION SELECT group_jid FROM group_participants WHERE user_jid = ${person} AND left_at IS NULL
          UNION SELECT chat_jid FROM (SELECT chat_jid FROM messages WHERE sender = ${person} ORDER BY timestamp DESC LIMIT ${LATEST}))`,
      ),
    )
    .orderBy(desc(chats.lastMessageTime), asc(chats.jid))
    .limit(limit)
    .offset(skip)
    .all();
}

export interface UnreadPage {
  readonly limit: number;
  readonly includeMuted: boolean;
  /** Milliseconds, for mutes that have ended. */
  readonly now: number;
}

/** Chats with unread messages or marked unread, newest activity first, and how many there are in all. */
export function unreadChats(reads: Reads, { limit, includeMuted, now }: UnreadPage): { rows: ChatRow[]; chats: number; messages: number } {
  const muted = sql`(coalesce(${chats.mutedUntil}, 0) = -1 OR coalesce(${chats.mutedUntil}, 0) > ${now})`;
  const condition = and(
    or(sql`${chats.unreadCount} > 0`, eq(chats.markedUnread, 1)),
    ne(chats.kind, 'status'),
    onlyVisible(reads, chats.jid),
    includeMuted ? undefined : sql`NOT ${muted}`,
  );
  const rows = selection(reads).where(condition).orderBy(desc(chats.lastMessageTime), asc(chats.jid)).limit(limit).all();
  const total = reads.orm
    .select({ chats: sql<number>`count(*)`, messages: sql<number>`coalesce(sum(${chats.unreadCount}), 0)` })
    .from(chats)
    .where(condition)
    .get();
  return { rows, chats: total?.chats ?? 0, messages: total?.messages ?? 0 };
}

export interface GroupFacts {
  readonly description: string | null;
  readonly size: number;
}

export function groupFacts({ orm }: Reads, jid: string): GroupFacts | undefined {
  return orm.select({ description: groups.description, size: groups.size }).from(groups).where(eq(groups.jid, jid)).get();
}
