/** Takes over WhatsApp's own export of a chat. It has neither ids nor time zone, and names instead of JIDs: what they are is told or found out, never guessed. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import type { MessageRecord, StagedRow } from '@whatsapp-mcp/contract';
import { Failure, MessageRecord as MessageSchema } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { createApplier } from '../apply.ts';
import { origins } from '../parameters.ts';
import { createClock, dateOrders, decideOrder, wallClock } from './export-dates.ts';
import type { DateOrder } from './export-dates.ts';
import { castAuthors, chatOf, readDirectory, readMap, titleOf } from './export-people.ts';
import type { Author } from './export-people.ts';
import { parseExport } from './export-text.ts';
import type { Entry, ParsedExport, Problem } from './export-text.ts';
import { clockShift, findTwins, MINUTE_MS } from './export-twins.ts';
import type { Stored } from './export-twins.ts';

export interface ExportOptions {
  readonly path: string;
  readonly now: number;
  /** IANA name of the zone in which the phone was. */
  readonly timeZone: string;
  /** Reads and compares everything, writes nothing. */
  readonly dryRun: boolean;
  /** JID or name; else what the file or its folder is called. */
  readonly chat?: string;
  /** Name of the user in the file; '': none. */
  readonly me?: string;
  /** `Name=JID`. */
  readonly map?: readonly string[];
  readonly dateOrder?: DateOrder;
  readonly onRows?: (rows: number, total: number) => void;
}

export interface ExportResult {
  readonly chat: string;
  readonly messages: number;
  /** With a dry run: that would be. */
  readonly inserted: number;
  readonly known: number;
  /** Lines of the phone about the chat; not taken over. */
  readonly notices: number;
  /** What was not understood, at most 100 of them named. */
  readonly skipped: number;
  readonly problems: readonly string[];
  readonly authors: readonly (Author & { readonly messages: number })[];
  readonly dateOrder: DateOrder;
  readonly timeZone: string;
  /** ms */
  readonly oldest?: number;
  readonly newest?: number;
}

const MOST_BYTES = 200 * 1024 * 1024;
const MOST_NAMED = 100;
const BATCH = 500;
/** Of an id made here; WhatsApp's have no hyphen. */
const ID_PREFIX = 'EXPORT-';

/** A second time changes nothing. Throws Failure `not_found`, `unsupported_type`, `too_large`, `invalid_argument`, `ambiguous`. */
export function importExport(database: Database, options: ExportOptions): ExportResult {
  const directory = readDirectory(database);
  const map = readMap(options.map ?? [], directory);
  const parsed = parseExport(readExport(options.path), [...map.keys(), ...(options.me === undefined || options.me === '' ? [] : [options.me])]);
  if (parsed.entries.length === 0) throw new Failure('unsupported_type', `${options.path} holds no message in a form of WhatsApp's chat exports, such as "01.05.24, 10:00 - Ann: hello" or "[01.05.24, 10:00:00] Ann: hello".`);
  const file = resolve(options.path);
  const chat = chatOf(options.chat, titleOf([basename(file, extname(file)), basename(dirname(file))]), directory);
  const order = options.dateOrder ?? theOrder(parsed, options.now);
  const counts = new Map<string, number>();
  for (const { name } of parsed.entries) counts.set(name, (counts.get(name) ?? 0) + 1);
  const authors = castAuthors([...counts.keys()], { chat, me: options.me, map, directory });
  const { records, problems } = toRecords(parsed.entries, { chat, authors, order, clock: clockOf(options.timeZone) });
  refuseOtherClock(database, chat, records, options.timeZone);
  const written = write(database, records, options);
  const named = [...parsed.problems, ...problems, ...written.refused].sort((a, b) => a.line - b.line);
  return {
    chat,
    messages: records.length,
    inserted: written.inserted,
    known: records.length - written.inserted - written.refused.length,
    notices: parsed.notices,
    skipped: named.length,
    problems: named.slice(0, MOST_NAMED).map(({ line, reason }) => `line ${line}: ${reason}`),
    authors: [...authors.values()].map((author) => ({ ...author, messages: counts.get(author.name) ?? 0 })),
    dateOrder: order,
    timeZone: options.timeZone,
    ...(records[0] !== undefined && { oldest: records[0].message.timestamp, newest: records.at(-1)?.message.timestamp ?? 0 }),
  };
}

function readExport(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) throw new Failure('not_found', `There is no file ${path}. On the phone: the chat's menu, Export chat; unpack the zip, and name the text file in it.`);
  if (stat.size > MOST_BYTES) throw new Failure('too_large', `${path} has ${stat.size} bytes; at most ${MOST_BYTES} are read. Split it between two messages.`);
  const bytes = readFileSync(path);
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') throw new Failure('unsupported_type', `${path} is a zip. Unpack it, and name the text file in it.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Failure('unsupported_type', `${path} is not text in UTF-8, which WhatsApp writes: ${(error as Error).message}.`);
  }
}

const orderNames: Readonly<Record<DateOrder, string>> = { dmy: 'day first', mdy: 'month first', ymd: 'year first' };

function theOrder({ entries }: ParsedExport, now: number): DateOrder {
  const [order, ...others] = decideOrder(entries.map(({ stamp }) => stamp), now);
  if (order !== undefined && others.length === 0) return order;
  const open = order === undefined ? dateOrders : [order, ...others];
  const why = order === undefined ? 'No order of day, month and year makes all its dates real ones that are past' : 'Its dates can be read in several ways';
  const first = entries[0]?.stamp.numbers.join(entries[0].stamp.separator) ?? '';
  throw new Failure('invalid_argument', `${why}. Is "${first}" ${open.map((each) => `${orderNames[each]} (--date-order ${each})`).join(' or ')}?`);
}

function clockOf(timeZone: string): (wall: number) => number {
  try {
    return createClock(timeZone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure('invalid_argument', `"${timeZone}" is not a time zone: expected a name such as Europe/Berlin or UTC.`);
  }
}

interface Reading {
  readonly chat: string;
  readonly authors: ReadonlyMap<string, Author>;
  readonly order: DateOrder;
  readonly clock: (wall: number) => number;
}

interface Recorded {
  readonly line: number;
  readonly message: MessageRecord;
}

/** In the order of time; within a minute in that of the file. */
function toRecords(entries: readonly Entry[], reading: Reading): { readonly records: Recorded[]; readonly problems: Problem[] } {
  const seen = new Map<string, number>();
  const records: Recorded[] = [];
  const problems: Problem[] = [];
  for (const entry of entries) {
    const wall = wallClock(entry.stamp, reading.order);
    if (wall === undefined) {
      problems.push({ line: entry.line, reason: `${entry.stamp.numbers.join(entry.stamp.separator)} is no date` });
      continue;
    }
    // Not by UTC: the zone may be told another time, the ids stay.
    const facts = JSON.stringify([wall, entry.name, entry.content.kind, entry.content.text ?? '', entry.content.media?.filename ?? '']);
    const before = seen.get(facts) ?? 0;
    seen.set(facts, before + 1);
    const hash = createHash('sha256').update(`${facts} ${before}`).digest('hex');
    const message = toMessage(entry, { ...reading, timestamp: reading.clock(wall), id: `${ID_PREFIX}${hash.slice(0, 24).toUpperCase()}` });
    const checked = MessageSchema.safeParse(message);
    if (checked.success) records.push({ line: entry.line, message });
    else problems.push({ line: entry.line, reason: checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') });
  }
  return { records: records.sort((a, b) => a.message.timestamp - b.message.timestamp), problems };
}

function toMessage({ name, content }: Entry, { chat, authors, timestamp, id }: Reading & { readonly timestamp: number; readonly id: string }): MessageRecord {
  const author = authors.get(name);
  const sender = chat.endsWith('@g.us') ? author?.jid : undefined;
  const fromMe = author?.fromMe === true;
  // Who is known has better names elsewhere.
  const stranger = chat.endsWith('@g.us') && !fromMe && sender === undefined;
  return { chat, id, from_me: fromMe, timestamp, ...content, ...(sender !== undefined && { sender }), ...(stranger && { push_name: name }) };
}

function storedBetween(database: Database, chat: string): (from: number, to: number) => Stored[] {
  const select = database.prepare<[string, number, number], Stored>(
    'SELECT id, timestamp, is_from_me, sender, content, kind, media_type, revoked FROM messages WHERE chat_jid = ? AND timestamp >= ? AND timestamp < ? ORDER BY timestamp, mid',
  );
  return (from, to) => select.all(chat, from, to);
}

const minuteOf = ({ message }: Recorded): number => Math.floor(message.timestamp / MINUTE_MS);

/** Long ago enough to be typical, few enough to be quick. */
const COMPARED = 5_000;
const DAY_MS = 86_400_000;

/** With a wrong zone nothing would be found again, and all be doubled. */
function refuseOtherClock(database: Database, chat: string, records: readonly Recorded[], timeZone: string): void {
  const messages = records.slice(-COMPARED).map(({ message }) => message);
  const stored = storedBetween(database, chat)((messages[0]?.timestamp ?? 0) - DAY_MS, (messages.at(-1)?.timestamp ?? 0) + DAY_MS);
  const own = new Set(messages.map(({ id }) => id));
  const shift = clockShift(messages, stored.filter(({ id }) => !own.has(id)));
  if (shift === 0) return;
  const minutes = Math.abs(shift) / MINUTE_MS;
  const by = `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  throw new Failure('invalid_argument', `Messages that the database has too are ${by} ${shift > 0 ? 'later' : 'earlier'} there than "${timeZone}" makes them. Tell the zone in which the phone was: --time-zone Europe/Berlin.`);
}

/** Whole minutes, so that what is compared is never cut in two. */
function* batches(records: readonly Recorded[]): Generator<readonly Recorded[]> {
  let from = 0;
  for (let to = BATCH; from < records.length; to = from + BATCH) {
    while (to < records.length && minuteAt(records, to) === minuteAt(records, to - 1)) to += 1;
    yield records.slice(from, to);
    from = to;
  }
}

const minuteAt = (records: readonly Recorded[], index: number): number => {
  const record = records[index];
  return record === undefined ? Number.NaN : minuteOf(record);
};

interface Written {
  readonly inserted: number;
  readonly refused: readonly Problem[];
}

/** Comparing and writing are one transaction: what another program stores meanwhile is seen. */
function write(database: Database, records: readonly Recorded[], { now, dryRun, onRows }: ExportOptions): Written {
  const applier = createApplier(database);
  const stored = storedBetween(database, records[0]?.message.chat ?? '');
  const batch = database.transaction((part: readonly Recorded[]): Written => {
    const first = part[0];
    const last = part.at(-1);
    if (first === undefined || last === undefined) return { inserted: 0, refused: [] };
    const rows = stored(minuteOf(first) * MINUTE_MS, (minuteOf(last) + 1) * MINUTE_MS);
    const have = new Set(rows.map(({ id }) => id));
    const own = new Set(part.map(({ message }) => message.id));
    const unmet = part.filter(({ message }) => !have.has(message.id));
    const twins = findTwins(unmet.map(({ message }) => message), rows.filter(({ id }) => !own.has(id)));
    const fresh = part.filter(({ message }) => !twins.has(message));
    if (dryRun) return { inserted: unmet.length - twins.size, refused: [] };
    const lines = new Map(fresh.map(({ line, message }) => [message.id, line]));
    const staged = fresh.map(({ message }): StagedRow => ({ seq: 1, chunk_id: 0, sync_type: 'FULL', received_at: 0, message }));
    const { tally, rejected } = applier.apply(staged, { now, sourceUuid: 'export', origin: origins.import });
    return { inserted: tally.inserted, refused: rejected.map(({ row, error }) => ({ line: lines.get(row.message?.id ?? '') ?? 0, reason: error })) };
  });
  const done = { inserted: 0, refused: [] as Problem[] };
  let rows = 0;
  for (const part of batches(records)) {
    const { inserted, refused } = dryRun ? batch.deferred(part) : batch.immediate(part);
    done.inserted += inserted;
    done.refused.push(...refused);
    onRows?.((rows += part.length), records.length);
  }
  return done;
}
