/** What the reading tools share: their view of the store, pages, and the size of a result. */
import { Failure } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { MAX_RESULT_BYTES } from '../../result.ts';
import { LONGEST_CURSOR } from '../../store/cursor.ts';
import { UNTRUSTED_NOTICE } from '../../store/display-text.ts';
import { type LocalTime, localTime } from '../../store/local-time.ts';
import { type Phrase, phrasesOf } from '../../store/search-query.ts';
import { type Reads, readsOf } from '../../store/reads.ts';

export interface Reading {
  readonly reads: Reads;
  readonly time: LocalTime;
  /** Milliseconds. */
  readonly now: number;
}

export type ReadingContext = Pick<Context, 'store' | 'policy' | 'clock' | 'timeZone'>;

export function reading({ store, policy, clock, timeZone }: ReadingContext): Reading {
  return { reads: readsOf(store.read, policy.visibleChats()), time: localTime(timeZone), now: clock.now() };
}

/** Text of limited length. The limit is checked but not advertised: in every schema it would be paid for on every turn. */
export function textArgument(longest: number) {
  return z.string().refine((text) => text.length > 0 && text.length <= longest, `expected 1 to ${longest} characters`);
}

export const chatArgument = textArgument(400);
export const timeArgument = textArgument(40);
export const cursorArgument = textArgument(LONGEST_CURSOR);
export const queryArgument = textArgument(1000);
export const messageIdArgument = textArgument(128);
export const limitArgument = z.int().min(1).max(200);
export const pageArgument = z.int().min(0).max(1000);

export const DEFAULT_LIMIT = 20;
/** Rows that `page` may pass over; a cursor goes as far as there is anything. */
const MOST_SKIPPED = 10_000;

/** Rows to pass over for a page number. */
export function skipped(page: number | undefined, limit: number, cursor: string | undefined): number {
  const rows = cursor === undefined ? (page ?? 0) * limit : 0;
  if (rows > MOST_SKIPPED) throw new Failure('invalid_argument', `page: ${page} is too far (at most ${MOST_SKIPPED} rows in). Use next_cursor of the last result instead.`);
  return rows;
}

export function periodOf(time: LocalTime, { after, before }: { readonly after?: string | undefined; readonly before?: string | undefined }): { after?: number; before?: number } {
  return {
    ...(after !== undefined && { after: time.parse(after, 'after') }),
    ...(before !== undefined && { before: time.parse(before, 'before') }),
  };
}

/** Phrases of a query. Throws Failure invalid_argument when there is nothing to look for in it. */
export function phrasesIn(query: string): Phrase[] {
  const phrases = phrasesOf(query);
  if (phrases.length === 0) throw new Failure('invalid_argument', `query: "${query.slice(0, 80)}" has no letter, digit or emoji to look for.`);
  return phrases;
}

/** Room for the rest of a result beside its list, bytes. */
const REST = 10_000;

/** The first entries that fit into one result; always at least one. */
export function fitting<Entry>(entries: readonly Entry[]): Entry[] {
  let used = 0;
  const cut = entries.findIndex((entry, index) => {
    used += Buffer.byteLength(JSON.stringify(entry)) + 1;
    return index > 0 && used > MAX_RESULT_BYTES - REST;
  });
  return cut === -1 ? [...entries] : entries.slice(0, cut);
}

/** The result, with the one notice when any of it was written by others. */
export function marked<Result extends object>(result: Result, untrusted: boolean): Result & { readonly notice?: string } {
  return untrusted ? { ...result, notice: UNTRUSTED_NOTICE } : result;
}

export function anyUntrusted(entries: Iterable<{ readonly untrusted?: true }>): boolean {
  return [...entries].some(({ untrusted }) => untrusted === true);
}
