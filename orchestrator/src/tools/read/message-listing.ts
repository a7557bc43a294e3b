/** Pages of messages: browsing by time, and searching; both newest first, both going on by cursor. */
import { Failure } from '@whatsapp-mcp/contract';
import { type EventView, eventsOf } from '../../store/chat-events.ts';
import { listing, readCursor, writeCursor } from '../../store/cursor.ts';
import { kindOf } from '../../store/names.ts';
import { resolveChat, resolveStored } from '../../store/identity.ts';
import type { MessageFilter, MessagePosition, MessageType } from '../../store/message-filter.ts';
import { type MessageRow, messagePage, messagesByMid, neighboursOf } from '../../store/message-rows.ts';
import { searchMessages } from '../../store/message-search.ts';
import { type Glimpse, glimpses, type MessageView, viewMessages } from '../../store/message-view.ts';
import type { Reads } from '../../store/reads.ts';
import { type Phrase, snippet } from '../../store/search-query.ts';
import { DEFAULT_LIMIT, fitting, periodOf, phrasesIn, type Reading, skipped } from './reading.ts';

export interface ListingArguments {
  readonly chat?: string | undefined;
  readonly sender?: string | undefined;
  readonly fromMe?: boolean | undefined;
  readonly type?: MessageType | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly query?: string | undefined;
  readonly limit?: number | undefined;
  readonly page?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface MessageListing<Entry> {
  readonly messages: readonly Entry[];
  /** In one chat: what happened in the time that the page spans. */
  readonly events?: readonly EventView[];
  readonly next_cursor?: string;
  /** Messages that the search could not look at because the index has not come to them yet. */
  readonly not_yet_searchable?: number;
}

/** How rows are presented, in their order; the page is cut by the size of what comes out. */
export type Present<Entry> = (rows: readonly MessageRow[], views: readonly MessageView[]) => readonly Entry[];

export function listMessages<Entry>(reading: Reading, args: ListingArguments, present: Present<Entry>): MessageListing<Entry> {
  const { reads, time } = reading;
  const { limit = DEFAULT_LIMIT } = args;
  const phrases = args.query === undefined ? undefined : phrasesIn(args.query);
  const filter = filterOf(reading, args);
  const of = listing('messages', { ...filter, query: args.query });
  const from = args.cursor === undefined ? undefined : positionIn(of, args.cursor);
  const page = { limit: limit + 1, from, skip: skipped(args.page, limit, args.cursor) };
  const { rows, unsearched } = phrases === undefined ? { rows: messagePage(reads, filter, page), unsearched: 0 } : search(reads, filter, { ...page, phrases });
  const wanted = rows.slice(0, limit);
  const messages = fitting(present(wanted, viewMessages(reads, wanted, { time })));
  const last = rows[messages.length - 1];
  const next = last !== undefined && rows.length > messages.length ? last : undefined;
  return {
    messages,
    ...(phrases === undefined && eventsBeside(reading, filter, { from, next })),
    ...(next !== undefined && { next_cursor: writeCursor(of, [next.timestamp, next.mid]) }),
    ...(unsearched > 0 && { not_yet_searchable: unsearched }),
  };
}

/** Only where a chat is browsed: a search or a person's messages span times that say nothing. */
function eventsBeside({ reads, time }: Reading, filter: MessageFilter, { from, next }: { from: MessagePosition | undefined; next: MessagePosition | undefined }): { events?: EventView[] } {
  const { chat, sender, type, fromMe } = filter;
  if (chat === undefined || sender !== undefined || type !== undefined || fromMe !== undefined) return {};
  const events = eventsOf(reads, chat, { after: next?.timestamp ?? filter.after, before: from?.timestamp ?? filter.before }, time);
  return events.length === 0 ? {} : { events };
}

function search(reads: Reads, filter: MessageFilter, request: Parameters<typeof searchMessages>[2]): { rows: MessageRow[]; unsearched: number } {
  const { mids, unsearched } = searchMessages(reads, filter, request);
  return { rows: messagesByMid(reads, mids), unsearched };
}

function positionIn(of: string, cursor: string): MessagePosition {
  const [timestamp, mid] = readCursor<readonly [number, number]>(of, cursor, [0, 0]);
  return { timestamp, mid };
}

function filterOf({ reads, time }: Reading, { chat, sender, fromMe, type, after, before }: ListingArguments): MessageFilter {
  return {
    ...(chat !== undefined && { chat: resolveStored(reads, chat) }),
    ...(sender !== undefined && { sender: personNamed(reads, sender) }),
    ...(fromMe !== undefined && { fromMe }),
    ...(type !== undefined && { type }),
    ...periodOf(time, { after, before }),
  };
}

/** Canonical JID of a person; one who only ever wrote in groups need not be a contact. */
export function personNamed(reads: Reads, text: string): string {
  const { jid } = resolveChat(reads, text);
  if (kindOf(jid) !== 'user') throw new Failure('invalid_argument', `"${text}" is a ${kindOf(jid)}, not a person: expected a phone number, or a JID ending in @s.whatsapp.net or @lid.`);
  return jid;
}

/** Longest text that a search result repeats whole; of longer ones it shows the surroundings of the hit. */
const WHOLE_TEXT = 400;

export type SearchHit = Omit<MessageView, 'text'> & { readonly text?: string; readonly snippet?: string };

function asHit(view: MessageView, phrases: readonly Phrase[]): SearchHit {
  const { text, ...rest } = view;
  if (text === undefined) return rest;
  return text.length <= WHOLE_TEXT ? view : { ...rest, snippet: snippet(text, phrases), text_length: view.text_length ?? text.length };
}

/** Search results: long texts as the surroundings of what was found. */
export function asHits(phrases: readonly Phrase[]): Present<SearchHit> {
  return (_, views) => views.map((view) => asHit(view, phrases));
}

export type MessageInContext = MessageView & { readonly context_before?: readonly Glimpse[]; readonly context_after?: readonly Glimpse[] };

/** Adds short forms of the messages around each; one that is listed already is not repeated. */
export function withContext({ reads, time }: Reading, around: { readonly before: number; readonly after: number }): Present<MessageInContext> {
  return (rows, views) => {
    const near = neighboursOf(reads, rows.map(({ mid }) => mid), around);
    const given = new Set(rows.map(({ mid }) => mid));
    const fresh = (mids: readonly number[] = []) => mids.filter((mid) => !given.has(mid) && given.add(mid));
    const chosen = rows.map(({ mid }) => ({ before: fresh(near.get(mid)?.before), after: fresh(near.get(mid)?.after) }));
    const shown = glimpses(reads, messagesByMid(reads, chosen.flatMap(({ before, after }) => [...before, ...after])), time);
    const glimpsed = (mids: readonly number[] = []) => mids.map((mid) => shown.get(mid)).filter((glimpse) => glimpse !== undefined);
    return views.map((view, index) => {
      const before = glimpsed(chosen[index]?.before);
      const after = glimpsed(chosen[index]?.after);
      return { ...view, ...(before.length > 0 && { context_before: before }), ...(after.length > 0 && { context_after: after }) };
    });
  };
}
