/** Chats as tools give them. */
import type { ChatRow } from './chats.ts';
import type { LocalTime } from './local-time.ts';
import { messagesByMid } from './message-rows.ts';
import { type Glimpse, glimpses } from './message-view.ts';
import { namesOf, userOf } from './names.ts';
import type { Reads } from './reads.ts';
import { shownNumber } from './reference.ts';

export interface ChatView {
  readonly jid: string;
  readonly name: string;
  /** user, group, newsletter, broadcast. */
  readonly kind: string;
  readonly phone_number?: string;
  readonly last_message_at?: string;
  readonly last_message?: Glimpse;
  readonly unread_count?: number;
  readonly marked_unread?: true;
  readonly archived?: true;
  readonly pinned?: true;
  /** "for ever" or a time. */
  readonly muted_until?: string;
  readonly disappearing_seconds?: number;
  readonly read_only?: true;
  readonly community_jid?: string;
  readonly is_community?: true;
}

export interface ChatViewOptions {
  readonly time: LocalTime;
  /** Milliseconds. */
  readonly now: number;
  readonly lastMessage: boolean;
}

/** Views of rows, in their order. Three queries for a page of any size. */
export function viewChats(reads: Reads, rows: readonly ChatRow[], options: ChatViewOptions): ChatView[] {
  const names = namesOf(reads, rows.map(({ jid }) => jid));
  const mids = options.lastMessage ? rows.map(({ lastMessageMid }) => lastMessageMid).filter((mid) => mid !== null) : [];
  const newest = glimpses(reads, messagesByMid(reads, mids), options.time);
  return rows.map((row) => ({ ...view(row, names.get(row.jid) ?? row.jid, options), ...(row.lastMessageMid !== null && lastOf(newest.get(row.lastMessageMid))) }));
}

function lastOf(glimpse: Glimpse | undefined): Pick<ChatView, 'last_message'> {
  return glimpse === undefined ? {} : { last_message: glimpse };
}

function view(row: ChatRow, name: string, { time, now }: ChatViewOptions): ChatView {
  const number = row.kind === 'user' ? row.pnJid : null;
  return {
    jid: row.jid,
    name,
    kind: row.kind,
    ...(number !== null && { phone_number: shownNumber(userOf(number)) }),
    ...(row.lastMessageTime !== null && { last_message_at: time.format(row.lastMessageTime) }),
    ...(row.unreadCount > 0 && { unread_count: row.unreadCount }),
    ...flagsOf(row),
    ...mutedOf(row.mutedUntil, time, now),
    ...((row.ephemeralSeconds ?? 0) > 0 && { disappearing_seconds: row.ephemeralSeconds ?? 0 }),
    ...(row.parentJid !== null && { community_jid: row.parentJid }),
  };
}

function flagsOf(row: ChatRow): Partial<ChatView> {
  return {
    ...(row.markedUnread === 1 && { marked_unread: true }),
    ...(row.archived === 1 && { archived: true }),
    ...((row.pinnedAt ?? 0) > 0 && { pinned: true }),
    ...(row.readOnly === 1 && { read_only: true }),
    ...(row.isCommunity === 1 && { is_community: true }),
  };
}

function mutedOf(until: number | null, time: LocalTime, now: number): Pick<ChatView, 'muted_until'> {
  if (until === -1) return { muted_until: 'for ever' };
  return until !== null && until > now ? { muted_until: time.format(until) } : {};
}
