/**
 * Search of message text: FTS5 for what is indexed; what is not yet indexed, or has changed since, is folded here and now.
 * Results are newest first. Messages deleted for everyone are not found.
 */
import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { matching, type MessageFilter, type MessagePosition, olderThan } from './message-filter.ts';
import type { Reads } from './reads.ts';
import { messages } from './schema.ts';
import { matchExpression, matches, type Phrase } from './search-query.ts';
import { searchText } from './search-text.ts';

/** Most messages outside the index that one search folds; more are left to the indexer, and the result says so. */
const MOST_UNINDEXED = 5000;
/** With so many hits, the newest are found sooner by looking through the newest messages than by sorting all hits. */
const COMMON = 3000;
const MOST_WALKED = 2000;
const STEP = 200;

export interface SearchRequest {
  readonly phrases: readonly Phrase[];
  readonly limit: number;
  readonly from?: MessagePosition | undefined;
  readonly skip?: number | undefined;
}

export interface SearchHits {
  /** Local numbers of the messages, newest first. */
  readonly mids: readonly number[];
  /** Messages that could not be looked at because the index has not come to them yet. */
  readonly unsearched: number;
}

export function searchMessages(reads: Reads, filter: MessageFilter, request: SearchRequest): SearchHits {
  const { limit, skip = 0 } = request;
  const wanted = limit + skip;
  const walked = mayWalk(reads, filter) && isCommon(reads, request.phrases) ? walk(reads, filter, { ...request, limit: wanted }) : undefined;
  if (walked !== undefined) return { mids: walked.slice(skip).map(({ mid }) => mid), unsearched: 0 };
  const late = unindexed(reads, filter, request);
  const indexed = hitsQuery(reads, filter, request, wanted).all();
  const all = [...indexed, ...late.hits].toSorted((one, other) => other.timestamp - one.timestamp || other.mid - one.mid);
  return { mids: all.slice(skip, wanted).map(({ mid }) => mid), unsearched: late.unsearched };
}

/** Whether an index alone gives the messages in question by time; otherwise a walk could pass over any number of others. */
function mayWalk({ visible }: Reads, { sender, fromMe, type }: MessageFilter): boolean {
  return visible === undefined && sender === undefined && fromMe === undefined && type === undefined;
}

function isCommon({ orm }: Reads, phrases: readonly Phrase[]): boolean {
  const hits = orm.get<{ count: number }>(sql`
    SELECT count(*) AS count FROM (SELECT 1 FROM message_fts WHERE message_fts MATCH ${matchExpression(phrases)} LIMIT ${COMMON})`);
  return hits.count === COMMON;
}

/** Looks through messages from the newest on until there are enough hits; undefined when that takes too many. */
function walk(reads: Reads, filter: MessageFilter, { phrases, limit, from }: SearchRequest): MessagePosition[] | undefined {
  const hits: MessagePosition[] = [];
  let position = from;
  for (let looked = 0; looked < MOST_WALKED; looked += STEP) {
    const rows = walkQuery(reads, and(eq(messages.revoked, 0), matching(reads, filter), position && olderThan(position))).all();
    hits.push(...rows.filter((row) => matches(searchText(row), phrases)));
    position = rows.at(-1);
    if (hits.length >= limit || rows.length < STEP) return hits.slice(0, limit);
  }
  return undefined;
}

const searched = { mid: messages.mid, timestamp: messages.timestamp, content: messages.content, filename: messages.filename, payload: messages.payload };

function walkQuery({ orm }: Reads, condition: SQL | undefined) {
  return orm.select(searched).from(messages).where(condition).orderBy(desc(messages.timestamp), desc(messages.mid)).limit(STEP);
}

/** The query of the indexed part, so that its plan can be looked at: the index first, then its hits by their number. */
export function hitsQuery(reads: Reads, filter: MessageFilter, { phrases, from }: SearchRequest, limit: number) {
  return reads.orm
    .select({ mid: messages.mid, timestamp: messages.timestamp })
    .from(sql`message_fts`)
    .crossJoin(messages)
    .where(
      and(
        sql`message_fts MATCH ${matchExpression(phrases)}`,
        eq(messages.mid, sql`message_fts.rowid`),
        // Their indexed text is old.
        sql`${messages.mid} NOT IN (SELECT mid FROM fts_dirty)`,
        eq(messages.revoked, 0),
        matching(reads, filter),
        from && olderThan(from),
      ),
    )
    .orderBy(desc(messages.timestamp), desc(messages.mid))
    .limit(limit);
}

interface Unindexed {
  readonly hits: readonly MessagePosition[];
  readonly unsearched: number;
}

/** Hits among messages that changed, or came after the index: of those at most the newest `MOST_UNINDEXED`. */
function unindexed(reads: Reads, filter: MessageFilter, { phrases, from }: SearchRequest): Unindexed {
  const rows = outsideQuery(reads, and(eq(messages.revoked, 0), matching(reads, filter), from && olderThan(from))).all();
  const hits = rows.filter((row) => matches(searchText(row), phrases)).map(({ mid, timestamp }) => ({ mid, timestamp }));
  return { hits, unsearched: Math.max(0, behind(reads) - MOST_UNINDEXED) };
}

/** Also for looking at its plan: it reads what is outside the index by number, never the whole table. */
export function outsideQuery({ orm }: Reads, condition?: SQL) {
  return orm
    .select(searched)
    .from(messages)
    .where(
      and(
        sql`${messages.mid} IN (
          SELECT mid FROM fts_dirty
          UNION SELECT * FROM (SELECT late.mid FROM messages late WHERE late.mid > (SELECT last_mid FROM fts_state) ORDER BY late.mid DESC LIMIT ${MOST_UNINDEXED}))`,
        condition,
      ),
    );
}

/** How many messages the index has not come to, give or take numbers that are not used. */
function behind({ orm }: Reads): number {
  return orm.get<{ count: number }>(sql`SELECT coalesce((SELECT max(mid) FROM messages), 0) - last_mid AS count FROM fts_state`).count;
}
