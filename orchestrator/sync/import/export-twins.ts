/** Which messages of an export the database has already, under the ids that WhatsApp gave them: told by chat, sender, minute and text. Pure. */
import type { MessageRecord } from '@whatsapp-mcp/contract';
import { withoutMarks } from './export-stamp.ts';

export interface Stored {
  readonly id: string;
  readonly timestamp: number;
  readonly is_from_me: number;
  readonly sender: string | null;
  readonly content: string | null;
  readonly kind: string;
  readonly media_type: string | null;
  readonly revoked: number;
}

export const MINUTE_MS = 60_000;

/** Exports show names where the text holds numbers, and put marks around them. */
export function comparable(text: string | null | undefined): string {
  const named = (text ?? '').replaceAll(/@\u2068[^\u2069\n]{0,200}\u2069/gu, '@').replaceAll(/@\d{5,24}/gu, '@');
  return withoutMarks(named).normalize('NFC').replaceAll('\r', '').trim();
}

/** Kinds of which the export holds other words than the database. */
const wordless = new Set(['location', 'live_location', 'contact', 'contacts', 'poll', 'undecryptable', 'view_once_unavailable']);

/** Same people, as far as either is known: a number and a LID may be one person. */
function samePerson(message: MessageRecord, stored: Stored): boolean {
  if (message.from_me !== (stored.is_from_me !== 0)) return false;
  if (message.from_me || message.sender === undefined || stored.sender === null || !message.chat.endsWith('@g.us')) return true;
  return message.sender === stored.sender || message.sender.endsWith('@lid') !== stored.sender.endsWith('@lid');
}

/** Rules from the surest to the least sure; each message and each row is used once. */
const rules: readonly ((message: MessageRecord, stored: Stored) => boolean)[] = [
  (message, stored) => message.revoked === true && stored.revoked !== 0,
  (message, stored) => message.revoked !== true && message.text !== undefined && stored.content !== null && comparable(message.text) === comparable(stored.content),
  (message, stored) => wordless.has(message.kind) && stored.kind.replace(/s$/, '') === message.kind,
  (message, stored) => (message.media !== undefined || message.kind === 'unknown') && message.revoked !== true && message.text === undefined && stored.content === null && (stored.media_type !== null || wordless.has(stored.kind) || stored.kind === 'unknown'),
  // Deleted here, still there in an older export: a tombstone is not undone.
  (message, stored) => message.revoked !== true && stored.revoked !== 0 && stored.content === null,
  // Still there here, deleted in a newer export.
  (message) => message.revoked === true,
];

/** @returns those of the messages that are in the database. Rows and messages of other minutes do not meet. */
export function findTwins(messages: readonly MessageRecord[], stored: readonly Stored[]): Set<MessageRecord> {
  const twins = new Set<MessageRecord>();
  const rows = new Map<number, Stored[]>();
  for (const row of stored) {
    const minute = Math.floor(row.timestamp / MINUTE_MS);
    rows.set(minute, [...(rows.get(minute) ?? []), row]);
  }
  for (const rule of rules) {
    for (const message of messages) {
      if (twins.has(message)) continue;
      const free = rows.get(Math.floor(message.timestamp / MINUTE_MS)) ?? [];
      const at = free.findIndex((row) => samePerson(message, row) && rule(message, row));
      if (at < 0) continue;
      free.splice(at, 1);
      twins.add(message);
    }
  }
  return twins;
}

/** Fewer would be chance. */
const ENOUGH = 3;
const LONG_TEXT = 12;
const MOST_SHIFT_MS = 26 * 3_600_000;
const QUARTER_MS = 900_000;

/**
 * How far the clock of the export is from the database's, ms, a multiple of a quarter of an hour; 0 where nothing says that it is off.
 * Told by long texts that stand once in either.
 */
export function clockShift(messages: readonly MessageRecord[], stored: readonly Stored[]): number {
  const ours = onlyOnce(messages.map(({ text, timestamp }) => [comparable(text), timestamp] as const));
  const theirs = onlyOnce(stored.map(({ content, timestamp }) => [comparable(content), timestamp] as const));
  const votes = new Map<number, number>();
  for (const [text, at] of ours) {
    const shift = Math.round(((theirs.get(text) ?? Number.NaN) - at) / QUARTER_MS) * QUARTER_MS;
    if (Math.abs(shift) <= MOST_SHIFT_MS) votes.set(shift, (votes.get(shift) ?? 0) + 1);
  }
  const [shift = 0, most = 0] = [...votes].sort(([, a], [, b]) => b - a)[0] ?? [];
  return most >= ENOUGH && most > (votes.get(0) ?? 0) ? shift : 0;
}

function onlyOnce(pairs: readonly (readonly [string, number])[]): Map<string, number> {
  const once = new Map<string, number>();
  const seen = new Set<string>();
  for (const [text, at] of pairs) {
    if (text.length < LONG_TEXT) continue;
    if (seen.has(text)) once.delete(text);
    else once.set(text, at);
    seen.add(text);
  }
  return once;
}
