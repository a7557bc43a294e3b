/** Messages as tools give them: one JSON shape everywhere, names resolved for the whole page at once. */
import { shown } from './display-text.ts';
import type { LocalTime } from './local-time.ts';
import { type MessageRow, type ReactionCount, reactionsOf } from './message-rows.ts';
import { namesAmongPeople, namesOf, ownJids } from './names.ts';
import type { Reads } from './reads.ts';
import { storedJson } from './stored-json.ts';

export interface MessageView {
  readonly id: string;
  readonly chat_jid: string;
  readonly chat_name: string;
  readonly sender_jid?: string;
  readonly sender_name: string;
  readonly from_me: boolean;
  /** RFC 3339 with the local offset. */
  readonly timestamp: string;
  readonly kind: string;
  /** Of own messages: error, pending, sent, delivered, read or played. */
  readonly status?: string;
  readonly text?: string;
  /** Characters of the whole text, where it was cut. */
  readonly text_length?: number;
  readonly media?: MediaView;
  readonly quoted?: QuotedView;
  readonly details?: unknown;
  readonly mentions?: readonly string[];
  readonly edited?: true;
  readonly edited_at?: string;
  /** Deleted for everyone: only the fact is told. */
  readonly revoked?: true;
  readonly forwarded?: true;
  readonly view_once?: true;
  readonly starred?: true;
  readonly reactions?: readonly { readonly emoji: string; readonly count: number; readonly mine?: true }[];
  /** Somebody else wrote it. */
  readonly untrusted?: true;
}

export interface MediaView {
  readonly type: string;
  readonly filename?: string;
  readonly mimetype?: string;
  readonly bytes?: number;
  readonly duration_seconds?: number;
  /** Relative to the folder media of the data folder. */
  readonly local_path?: string;
  /** gone: WhatsApp and the phone no longer have it; failed: the last download did not succeed. */
  readonly status?: string;
}

export interface QuotedView {
  readonly id: string;
  readonly sender_name?: string;
  readonly text?: string;
}

export interface ViewOptions {
  readonly time: LocalTime;
  /** Longest text that is given whole, characters. */
  readonly textLimit?: number;
}

const TEXT_LIMIT = 8000;
const PREVIEW = 160;
const DETAILS_LIMIT = 4000;

interface Page {
  readonly names: ReadonlyMap<string, string>;
  /** Of people who are quoted or mentioned. */
  readonly people: ReadonlyMap<string, string>;
  readonly reactions: ReadonlyMap<number, readonly ReactionCount[]>;
  readonly time: LocalTime;
  readonly textLimit: number;
}

/** Views of rows, in their order. A few queries for a page of any size. */
export function viewMessages(reads: Reads, rows: readonly MessageRow[], { time, textLimit = TEXT_LIMIT }: ViewOptions): MessageView[] {
  const names = namesOf(reads, rows.flatMap((row) => [row.chatJid, row.sender]).filter((jid) => jid !== null));
  const people = namesAmongPeople(reads, rows.flatMap((row) => [quotedAuthor(row), ...mentionsOf(row)]).filter((jid) => jid !== null));
  const page: Page = { names, people, reactions: reactionsOf(reads, rows.map(({ mid }) => mid), ownJids(reads)), time, textLimit };
  return rows.map((row) => view(row, page));
}

function view(row: MessageRow, page: Page): MessageView {
  const { names, time } = page;
  const revoked = row.revoked === 1;
  return {
    id: row.id,
    chat_jid: row.chatJid,
    chat_name: names.get(row.chatJid) ?? row.chatJid,
    ...(row.sender !== null && { sender_jid: row.sender }),
    sender_name: senderName(row, names),
    from_me: row.isFromMe === 1,
    timestamp: time.format(row.timestamp),
    kind: row.kind,
    ...statusOf(row),
    ...(revoked ? { revoked: true } : contentOf(row, page)),
    ...(row.editTs > 0 && !revoked && { edited: true, edited_at: time.format(row.editTs) }),
    ...reactionsIn(page.reactions.get(row.mid)),
    ...flagsOf(row),
    ...((row.isFromMe === 0 || row.quotedContent !== null || row.replyToText !== null) && !revoked && { untrusted: true }),
  };
}

/** WebMessageInfo.Status. */
const STATUSES = ['error', 'pending', 'sent', 'delivered', 'read', 'played'];

function statusOf({ isFromMe, status }: MessageRow): Pick<MessageView, 'status'> {
  const name = isFromMe === 1 && status !== null ? STATUSES[status] : undefined;
  return name === undefined ? {} : { status: name };
}

function contentOf(row: MessageRow, { people, textLimit }: Page): Partial<MessageView> {
  const mentions = mentionsOf(row).map((jid) => people.get(jid) ?? jid);
  return {
    ...textOf(row.content, textLimit),
    ...(row.mediaType !== null && { media: mediaOf(row, row.mediaType) }),
    ...(row.replyToId !== null && { quoted: quotedOf(row, row.replyToId, people) }),
    ...(row.payload !== null && { details: detailsOf(row.payload) }),
    ...(mentions.length > 0 && { mentions }),
  };
}

/** The body is untouched but for its length. */
function textOf(text: string | null, limit: number): Pick<MessageView, 'text' | 'text_length'> {
  if (text === null || text === '') return {};
  if (text.length <= limit) return { text };
  const cut = text.slice(0, limit);
  return { text: `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`, text_length: text.length };
}

function mediaOf(row: MessageRow, type: string): MediaView {
  return {
    type,
    ...(row.filename !== null && { filename: shown(row.filename) }),
    ...(row.mimetype !== null && { mimetype: row.mimetype }),
    ...(row.fileLength !== null && { bytes: row.fileLength }),
    ...(row.durationSeconds !== null && { duration_seconds: row.durationSeconds }),
    ...(row.localPath !== null && { local_path: row.localPath }),
    ...(row.mediaStatus !== null && row.mediaStatus !== 'downloaded' && { status: row.mediaStatus }),
  };
}

function quotedAuthor(row: MessageRow): string | null {
  return row.replyToId === null ? null : (row.quotedSender ?? row.replyToSender);
}

function quotedOf(row: MessageRow, id: string, names: ReadonlyMap<string, string>): QuotedView {
  const author = quotedAuthor(row);
  // What was deleted for everyone is not told through its replies either.
  const text = row.quotedRevoked === 1 ? null : (row.quotedContent ?? row.replyToText);
  return {
    id,
    ...(author !== null && { sender_name: names.get(author) ?? 'Unknown' }),
    ...(text !== null && text !== '' && { text: shown(text, PREVIEW) }),
  };
}

/** Name of who wrote it; "Me" is the account itself. */
export function senderName(row: Pick<MessageRow, 'isFromMe' | 'sender' | 'pushName' | 'chatJid'>, names: ReadonlyMap<string, string>): string {
  if (row.isFromMe === 1) return 'Me';
  if (row.sender === null) return row.chatJid.endsWith('@newsletter') ? (names.get(row.chatJid) ?? 'Channel') : 'Unknown';
  const name = names.get(row.sender) ?? 'Unknown';
  const said = shown(row.pushName ?? '');
  // A number or nothing is all that is stored: what the message itself says of its sender is better.
  return (name === 'LID user' || name.startsWith('+')) && said !== '' && said !== '-' ? said : name;
}

function reactionsIn(reactions: readonly ReactionCount[] = []): Pick<MessageView, 'reactions'> {
  if (reactions.length === 0) return {};
  return { reactions: reactions.slice(0, 20).map(({ emoji, count, mine }) => ({ emoji: shown(emoji, 20), count, ...(mine && { mine: true as const }) })) };
}

function flagsOf(row: MessageRow): Partial<MessageView> {
  return {
    ...((row.forwardingScore ?? 0) > 0 && { forwarded: true }),
    ...(row.viewOnce === 1 && { view_once: true }),
    ...(row.starred === 1 && { starred: true }),
  };
}

function mentionsOf(row: MessageRow): string[] {
  const mentions: unknown = row.mentions === null ? [] : storedJson(row.mentions);
  return Array.isArray(mentions) ? mentions.filter((jid) => typeof jid === 'string').slice(0, 50) : [];
}

function detailsOf(payload: string): unknown {
  return payload.length <= DETAILS_LIMIT ? storedJson(payload) : `${payload.slice(0, DETAILS_LIMIT)}…`;
}

/** A message in one line, for lists of chats and for context. */
export interface Glimpse {
  readonly id: string;
  readonly sender_name: string;
  readonly from_me: boolean;
  readonly timestamp: string;
  readonly kind: string;
  readonly text?: string;
  readonly untrusted?: true;
}

/** Short forms of rows, by mid: previews, so cleaned as names are. */
export function glimpses(reads: Reads, rows: readonly MessageRow[], time: LocalTime): Map<number, Glimpse> {
  const names = namesOf(reads, rows.flatMap((row) => [row.chatJid, row.sender]).filter((jid) => jid !== null));
  return new Map(rows.map((row) => [row.mid, glimpse(row, names, time)]));
}

function glimpse(row: MessageRow, names: ReadonlyMap<string, string>, time: LocalTime): Glimpse {
  const text = row.revoked === 1 ? '' : shown(row.content ?? row.filename ?? '', PREVIEW);
  return {
    id: row.id,
    sender_name: senderName(row, names),
    from_me: row.isFromMe === 1,
    timestamp: time.format(row.timestamp),
    kind: row.revoked === 1 ? 'revoked' : row.kind,
    ...(text !== '' && { text }),
    ...(row.isFromMe === 0 && { untrusted: true as const }),
  };
}
