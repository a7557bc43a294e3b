/** Which messages are meant, as SQL. What somebody deleted for themselves is never among them. */
import { and, eq, gte, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { oneOf, onlyVisible, type Reads } from './reads.ts';
import { messages } from './schema.ts';

export interface MessageFilter {
  /** Canonical JID. */
  readonly chat?: string | undefined;
  /** Canonical JID of a person. */
  readonly sender?: string | undefined;
  readonly fromMe?: boolean | undefined;
  readonly type?: MessageType | undefined;
  /** Milliseconds, inclusive. */
  readonly after?: number | undefined;
  /** Milliseconds, exclusive. */
  readonly before?: number | undefined;
}

/** What callers choose from, and the kinds that it stands for. */
export const messageTypes = {
  image: ['image'],
  video: ['video', 'gif', 'ptv'],
  audio: ['audio', 'ptt'],
  voice: ['ptt'],
  document: ['document'],
  sticker: ['sticker'],
  location: ['location', 'live_location'],
  contact: ['contact', 'contacts'],
  poll: ['poll'],
  text: ['text'],
} as const satisfies Record<string, readonly string[]>;

export type MessageType = keyof typeof messageTypes;

/** Kinds with a file: the partial index messages_media holds them by media_type. */
const FILES: readonly string[] = ['image', 'video', 'gif', 'ptv', 'audio', 'ptt', 'document', 'sticker'];

export function matching(reads: Reads, filter: MessageFilter): SQL | undefined {
  const { chat, sender, fromMe, type, after, before } = filter;
  return and(
    isNull(messages.deletedForMeAt),
    chat === undefined ? ne(messages.chatJid, 'status@broadcast') : eq(messages.chatJid, chat),
    // The plus keeps the planner from searching every visible chat and sorting what it finds.
    onlyVisible(reads, sql`+${messages.chatJid}`),
    sender === undefined ? undefined : eq(messages.sender, sender),
    fromMe === undefined ? undefined : eq(messages.isFromMe, fromMe ? 1 : 0),
    type === undefined ? undefined : ofType(type),
    after === undefined ? undefined : gte(messages.timestamp, after),
    before === undefined ? undefined : lt(messages.timestamp, before),
  );
}

function ofType(type: MessageType): SQL {
  const kinds: readonly string[] = messageTypes[type];
  return kinds.every((kind) => FILES.includes(kind))
    ? sql`${messages.mediaType} IS NOT NULL AND ${oneOf(messages.mediaType, kinds)}`
    : oneOf(messages.kind, kinds);
}

/** Place of a message in any listing: time, and the local number where times are equal. */
export interface MessagePosition {
  readonly timestamp: number;
  readonly mid: number;
}

/** Messages older than a position; the first comparison alone is what an index can seek to. */
export function olderThan({ timestamp, mid }: MessagePosition): SQL | undefined {
  return and(sql`${messages.timestamp} <= ${timestamp}`, or(lt(messages.timestamp, timestamp), lt(messages.mid, mid)));
}

export function newerThan({ timestamp, mid }: MessagePosition): SQL | undefined {
  return and(sql`${messages.timestamp} >= ${timestamp}`, or(sql`${messages.timestamp} > ${timestamp}`, sql`${messages.mid} > ${mid}`));
}
