/** Reading messages: the columns that a listing needs, and the pages of it. Keyset only: no page costs more than the first. */
import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import { matching, type MessageFilter, type MessagePosition, newerThan, olderThan } from './message-filter.ts';
import { oneOf, onlyVisible, type Reads } from './reads.ts';
import { messages } from './schema.ts';

const quoted = alias(messages, 'quoted');

/** thumbnail, raw and keys stay in the database: they are most of its bytes. */
const columns = {
  mid: messages.mid,
  id: messages.id,
  chatJid: messages.chatJid,
  sender: messages.sender,
  pushName: messages.pushName,
  content: messages.content,
  timestamp: messages.timestamp,
  isFromMe: messages.isFromMe,
  kind: messages.kind,
  status: messages.status,
  mediaType: messages.mediaType,
  filename: messages.filename,
  mimetype: messages.mimetype,
  fileLength: messages.fileLength,
  durationSeconds: messages.durationSeconds,
  localPath: messages.localPath,
  mediaStatus: messages.mediaStatus,
  replyToId: messages.replyToId,
  replyToSender: messages.replyToSender,
  replyToText: messages.replyToText,
  mentions: messages.mentions,
  editTs: messages.editTs,
  revoked: messages.revoked,
  forwardingScore: messages.forwardingScore,
  viewOnce: messages.viewOnce,
  starred: messages.starred,
  payload: messages.payload,
  quotedSender: quoted.sender,
  quotedContent: sql<string | null>`CASE WHEN ${quoted.revoked} = 0 THEN ${quoted.content} END`,
  quotedRevoked: quoted.revoked,
};

function selection({ orm }: Reads) {
  return orm
    .select(columns)
    .from(messages)
    .leftJoin(quoted, and(eq(quoted.chatJid, messages.chatJid), eq(quoted.id, messages.replyToId), eq(quoted.idNs, '')))
    .$dynamic();
}

export type MessageRow = ReturnType<ReturnType<typeof selection>['all']>[number];

export interface PageRequest {
  readonly limit: number;
  /** Rows older than this one only. */
  readonly from?: MessagePosition | undefined;
  /** Rows to pass over, for callers that count pages; the tools bound it. */
  readonly skip?: number | undefined;
}

/** Newest first. */
export function messagePage(reads: Reads, filter: MessageFilter, request: PageRequest): MessageRow[] {
  const { chat, sender, fromMe, type } = filter;
  const everywhere = [chat, sender, fromMe, type].every((value) => value === undefined);
  const query = reads.visible !== undefined && everywhere ? visiblePageQuery(reads, reads.visible, filter, request) : pageQuery(reads, filter, request);
  return query.all();
}

/** The queries behind `messagePage`, so that their plans can be looked at. */
export function pageQuery(reads: Reads, filter: MessageFilter, { limit, from, skip = 0 }: PageRequest) {
  return selection(reads)
    .where(and(matching(reads, filter), from && olderThan(from)))
    .orderBy(desc(messages.timestamp), desc(messages.mid))
    .limit(limit)
    .offset(skip);
}

/** The newest of each chat that may be seen, and of these the newest: never more rows than chats times the page. */
export function visiblePageQuery(reads: Reads, visible: ReadonlySet<string>, filter: MessageFilter, { limit, from, skip = 0 }: PageRequest) {
  const { after, before } = filter;
  const newest = sql`
    SELECT near.mid FROM json_each(${JSON.stringify([...visible])}) seen
    CROSS JOIN messages near ON near.mid IN (
      SELECT each.mid FROM messages each
      WHERE each.chat_jid = seen.value AND each.deleted_for_me_at IS NULL
        AND each.timestamp >= ${after ?? 0} AND each.timestamp < ${before ?? Number.MAX_SAFE_INTEGER}
        AND (each.timestamp, each.mid) < (${from?.timestamp ?? Number.MAX_SAFE_INTEGER}, ${from?.mid ?? 0})
      ORDER BY each.timestamp DESC, each.mid DESC LIMIT ${limit + skip})`;
  return selection(reads)
    .where(and(sql`${messages.mid} IN (${newest})`, matching(reads, filter)))
    .orderBy(desc(messages.timestamp), desc(messages.mid))
    .limit(limit)
    .offset(skip);
}

/** Oldest first, after a position: for exports, which hold no transaction open between pages. */
export function nextMessages(reads: Reads, filter: MessageFilter, { limit, from }: PageRequest): MessageRow[] {
  return selection(reads)
    .where(and(matching(reads, filter), from && newerThan(from)))
    .orderBy(asc(messages.timestamp), asc(messages.mid))
    .limit(limit)
    .all();
}

/** Rows by their local numbers, newest first. */
export function messagesByMid(reads: Reads, mids: readonly number[]): MessageRow[] {
  if (mids.length === 0) return [];
  return selection(reads)
    .where(and(oneOf(messages.mid, mids), onlyVisible(reads, messages.chatJid)))
    .orderBy(desc(messages.timestamp), desc(messages.mid))
    .all();
}

/** Messages with an id: several when chats share it, or when a second sender used it in one chat. */
export function messagesWithId(reads: Reads, id: string, chat?: string): MessageRow[] {
  const place = chat === undefined ? inAnyChat(id) : and(eq(messages.chatJid, chat), eq(messages.id, id));
  return selection(reads).where(and(place, onlyVisible(reads, messages.chatJid))).orderBy(asc(messages.idNs)).limit(20).all();
}

/** The unique index begins with the chat, so the id is looked up once in each chat instead of in every message. */
function inAnyChat(id: string): SQL {
  return sql`${messages.mid} IN (SELECT found.mid FROM chats CROSS JOIN messages found ON found.chat_jid = chats.jid AND found.id = ${id})`;
}

export interface Neighbours {
  readonly before: number;
  readonly after: number;
}

/** Local numbers of the messages around each of some messages in its chat, in one statement for each side. */
export function neighboursOf({ orm }: Reads, mids: readonly number[], { before, after }: Neighbours): Map<number, { before: number[]; after: number[] }> {
  const found = new Map(mids.map((mid) => [mid, { before: [] as number[], after: [] as number[] }]));
  const side = (name: 'before' | 'after', limit: number) => {
    if (limit === 0 || mids.length === 0) return;
    const [sign, order] = name === 'before' ? [sql.raw('<'), sql.raw('DESC')] : [sql.raw('>'), sql.raw('ASC')];
    const rows = orm.all<{ hit: number; mid: number }>(sql`
      SELECT hit.mid AS hit, near.mid AS mid
      FROM json_each(${JSON.stringify(mids)}) asked
      CROSS JOIN messages hit ON hit.mid = asked.value
      CROSS JOIN messages near ON near.mid IN (
        SELECT each.mid FROM messages each
        WHERE each.chat_jid = hit.chat_jid AND (each.timestamp, each.mid) ${sign} (hit.timestamp, hit.mid) AND each.deleted_for_me_at IS NULL
        ORDER BY each.timestamp ${order}, each.mid ${order} LIMIT ${limit})
      ORDER BY near.timestamp, near.mid`);
    for (const { hit, mid } of rows) found.get(hit)?.[name].push(mid);
  };
  side('before', before);
  side('after', after);
  return found;
}

/** Newest incoming messages of each of some chats, at most so many of each, in one statement; newest first. */
export function newestIncoming(reads: Reads, chatJids: readonly string[], each: number): MessageRow[] {
  if (chatJids.length === 0 || each === 0) return [];
  const { orm } = reads;
  const rows = orm.all<{ mid: number }>(sql`
    SELECT near.mid AS mid
    FROM json_each(${JSON.stringify(chatJids)}) asked
    CROSS JOIN messages near ON near.mid IN (
      SELECT one.mid FROM messages one
      WHERE one.chat_jid = asked.value AND one.is_from_me = 0 AND one.deleted_for_me_at IS NULL
      ORDER BY one.timestamp DESC, one.mid DESC LIMIT ${each})`);
  return messagesByMid(reads, rows.map(({ mid }) => mid));
}

export interface ReactionCount {
  readonly emoji: string;
  readonly count: number;
  readonly mine: boolean;
}

/** Reactions of some messages, most used first. */
export function reactionsOf({ orm }: Reads, mids: readonly number[], own: readonly string[]): Map<number, ReactionCount[]> {
  const rows = orm.all<{ mid: number; emoji: string; count: number; mine: number }>(sql`
    SELECT mid, emoji, count(*) AS count, max(reactor_jid IN (SELECT value FROM json_each(${JSON.stringify(own)}))) AS mine
    FROM reactions WHERE mid IN (SELECT value FROM json_each(${JSON.stringify(mids)})) AND emoji <> ''
    GROUP BY mid, emoji ORDER BY count DESC, emoji`);
  const found = new Map<number, ReactionCount[]>();
  for (const { mid, emoji, count, mine } of rows) found.set(mid, [...(found.get(mid) ?? []), { emoji, count, mine: mine === 1 }]);
  return found;
}
