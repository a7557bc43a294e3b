/** What came in and was not read yet. */
import { unreadChats } from '../../store/chats.ts';
import { type ChatView, viewChats } from '../../store/chat-view.ts';
import { newestIncoming } from '../../store/message-rows.ts';
import { type Glimpse, glimpses } from '../../store/message-view.ts';
import { fitting, type Reading } from './reading.ts';

export interface UnreadSummary {
  readonly unread_chats: number;
  readonly unread_messages: number;
  /** Newest activity first; messages of each oldest first. */
  readonly chats: readonly (ChatView & { readonly messages?: readonly Glimpse[] })[];
  /** Chats that are counted but not listed. */
  readonly not_listed?: number;
}

export interface UnreadArguments {
  readonly limit: number;
  readonly messagesPerChat: number;
  readonly includeMuted: boolean;
}

export function unreadSummary({ reads, time, now }: Reading, { limit, messagesPerChat, includeMuted }: UnreadArguments): UnreadSummary {
  const unread = unreadChats(reads, { limit, includeMuted, now });
  const rows = newestIncoming(reads, unread.rows.filter(({ unreadCount }) => unreadCount > 0).map(({ jid }) => jid), messagesPerChat);
  const shown = glimpses(reads, rows, time);
  const counts = new Map(unread.rows.map(({ jid, unreadCount }) => [jid, unreadCount]));
  const messages = new Map<string, Glimpse[]>();
  for (const { chatJid, mid } of rows) {
    const glimpse = shown.get(mid);
    const given = messages.get(chatJid) ?? [];
    if (glimpse !== undefined && given.length < (counts.get(chatJid) ?? 0)) messages.set(chatJid, [glimpse, ...given]);
  }
  const views = viewChats(reads, unread.rows, { time, now, lastMessage: false });
  const chats = fitting(views.map((view) => ({ ...view, ...(messages.has(view.jid) && { messages: messages.get(view.jid) ?? [] }) })));
  return {
    unread_chats: unread.chats,
    unread_messages: unread.messages,
    chats,
    ...(unread.chats > chats.length && { not_listed: unread.chats - chats.length }),
  };
}
