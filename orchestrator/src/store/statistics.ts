/** How many messages, by time, person, chat or kind of file. Counts run over covering indexes: no message row is read. */
import { and, eq, gte, isNotNull, lt, type SQL, sql } from 'drizzle-orm';
import type { LocalTime } from './local-time.ts';
import { namesOf } from './names.ts';
import { onlyVisible, type Reads } from './reads.ts';
import { messages } from './schema.ts';

export const groupings = ['day', 'week', 'month', 'hour', 'weekday', 'sender', 'chat', 'media_type'] as const;
export type Grouping = (typeof groupings)[number];

export interface StatisticsFilter {
  readonly chat?: string | undefined;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

export interface Group {
  readonly key: string;
  readonly name?: string;
  readonly count: number;
}

export interface Statistics {
  readonly total: number;
  /** Milliseconds; undefined where there is no message. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly groups: readonly Group[];
  /** Number of groups before the limit. */
  readonly groupCount: number;
}

export function messageStatistics(reads: Reads, filter: StatisticsFilter, by: Grouping | undefined, { time, limit }: { time: LocalTime; limit: number }): Statistics {
  const condition = and(
    filter.chat === undefined ? undefined : eq(messages.chatJid, filter.chat),
    onlyVisible(reads, messages.chatJid),
    filter.after === undefined ? undefined : gte(messages.timestamp, filter.after),
    filter.before === undefined ? undefined : lt(messages.timestamp, filter.before),
  );
  const whole = reads.orm
    .select({ total: sql<number>`count(*)`, first: sql<number | null>`min(${messages.timestamp})`, last: sql<number | null>`max(${messages.timestamp})` })
    .from(messages)
    .where(condition)
    .get();
  const groups = by === undefined ? [] : grouped(reads, condition, by, { time, total: whole?.total ?? 0 });
  // A day has 24 hours and a week 7 days: half of them would tell nothing.
  const listed = by === 'hour' || by === 'weekday' ? groups : groups.slice(0, limit);
  return { total: whole?.total ?? 0, first: whole?.first ?? undefined, last: whole?.last ?? undefined, groups: listed, groupCount: groups.length };
}

interface Grouped {
  readonly time: LocalTime;
  readonly total: number;
}

function grouped(reads: Reads, condition: SQL | undefined, by: Grouping, { time, total }: Grouped): Group[] {
  if (by === 'sender' || by === 'chat') return byJid(reads, condition, by);
  if (by === 'media_type') return byMediaType(reads, condition, total);
  return byTime(reads, condition, KEYS[by](time));
}

/** The key of a group of times; it is local time, so the database cannot make it. */
const KEYS: Readonly<Record<'day' | 'week' | 'month' | 'hour' | 'weekday', (time: LocalTime) => (ms: number) => string>> = {
  day: (time) => (ms) => time.day(ms),
  week: (time) => (ms) => mondayOf(time.day(ms)),
  month: (time) => (ms) => time.day(ms).slice(0, 7),
  hour: (time) => (ms) => time.format(ms).slice(11, 13),
  weekday: (time) => (ms) => WEEKDAYS[new Date(`${time.day(ms)}T00:00Z`).getUTCDay()] ?? '',
};

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** Monday first, as in the weeks above. */
const ORDER = new Map(WEEKDAYS.map((day, index) => [day, (index + 6) % 7]));
const DAY = 86_400_000;

function mondayOf(day: string): string {
  const midnight = new Date(`${day}T00:00Z`);
  return new Date(midnight.getTime() - ((midnight.getUTCDay() + 6) % 7) * DAY).toISOString().slice(0, 10);
}

/** Offsets of time zones are whole quarters of an hour, so a quarter lies in one group whatever the zone. */
const QUARTER = 900_000;

function byTime({ orm }: Reads, condition: SQL | undefined, keyOf: (ms: number) => string): Group[] {
  const quarter = sql<number>`${messages.timestamp} / ${sql.raw(String(QUARTER))}`;
  const rows = orm.select({ quarter, count: sql<number>`count(*)` }).from(messages).where(condition).groupBy(quarter).all();
  const counts = new Map<string, number>();
  for (const { quarter: at, count } of rows) {
    const key = keyOf(at * QUARTER);
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  const groups = [...counts].map(([key, count]) => ({ key, count }));
  const place = (key: string) => ORDER.get(key) ?? Number(key);
  // Newest first where a group is a date, as in every listing; hours and weekdays in their order.
  return groups.toSorted((one, other) => (/^\d{4}-/.test(one.key) ? (one.key < other.key ? 1 : -1) : place(one.key) - place(other.key)));
}

function byJid(reads: Reads, condition: SQL | undefined, by: 'sender' | 'chat'): Group[] {
  const column = by === 'chat' ? messages.chatJid : messages.sender;
  const rows = reads.orm
    .select({ jid: sql<string | null>`${column}`, count: sql<number>`count(*)` })
    .from(messages)
    .where(condition)
    .groupBy(column)
    .orderBy(sql`count(*) DESC`)
    .all();
  const names = namesOf(reads, rows.slice(0, 500).map(({ jid }) => jid).filter((jid) => jid !== null));
  return rows.map(({ jid, count }) => ({ key: jid ?? 'unknown', name: jid === null ? 'Unknown, or channels' : (names.get(jid) ?? jid), count }));
}

/** The index of files knows what has one; the rest is text and whatever else comes without a file. */
function byMediaType({ orm }: Reads, condition: SQL | undefined, total: number): Group[] {
  const rows = orm
    .select({ key: sql<string>`${messages.mediaType}`, count: sql<number>`count(*)` })
    .from(messages)
    .where(and(isNotNull(messages.mediaType), condition))
    .groupBy(messages.mediaType)
    .all();
  const rest = total - rows.reduce((sum, { count }) => sum + count, 0);
  const groups = rest > 0 ? [...rows, { key: 'none', count: rest }] : rows;
  return groups.toSorted((one, other) => other.count - one.count);
}
