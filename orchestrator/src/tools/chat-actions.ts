/** What can be done to a chat on this account. Two names for a pair of opposites: one tool each, made from one row. */
import { z } from 'zod';
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { nameOf, readsFor, resolveOwnChat } from '../recipient.ts';
import { localTime } from '../store/local-time.ts';
import { chats, messages } from '../store/schema.ts';
import { lastMessage, senderOf } from '../stored-message.ts';
import { tool } from '../tool.ts';
import type { Tool } from '../tool.ts';
import { messageId, reference } from './arguments.ts';

const acting = { toolset: 'chats', effect: 'writes' } as const;
const chatInput = z.strictObject({ chat_jid: reference });
const examples = [{ chat_jid: '15550100@s.whatsapp.net' }];

function done(context: Context, chat: string, more: JsonObject): JsonObject {
  return { success: true, chat_jid: chat, chat_name: nameOf(context, chat), ...more };
}

function archiving(archived: boolean): Tool {
  return tool({
    ...acting,
    name: archived ? 'archive_chat' : 'unarchive_chat',
    title: archived ? 'Archive a chat' : 'Unarchive a chat',
    description: archived ? 'Moves a chat to the archive.' : 'Moves a chat out of the archive.',
    route: 'chat.archive',
    input: chatInput,
    examples,
    run: async ({ chat_jid }, context) => {
      const chat = resolveOwnChat(context, chat_jid);
      const last = lastMessage(context, chat);
      await context.ask('chat.archive', { chat, archived, ...(last && { last_message: last }) });
      return done(context, chat, { archived });
    },
  });
}

function pinning(pinned: boolean): Tool {
  return tool({
    ...acting,
    name: pinned ? 'pin_chat' : 'unpin_chat',
    title: pinned ? 'Pin a chat' : 'Unpin a chat',
    description: pinned ? 'Pins a chat to the top of the list.' : 'Unpins a chat.',
    route: 'chat.pin',
    input: chatInput,
    examples,
    run: async ({ chat_jid }, context) => {
      const chat = resolveOwnChat(context, chat_jid);
      await context.ask('chat.pin', { chat, pinned });
      return done(context, chat, { pinned });
    },
  });
}

export const archiveChat = archiving(true);
export const unarchiveChat = archiving(false);
export const pinChat = pinning(true);
export const unpinChat = pinning(false);

const HOUR_MS = 3_600_000;

export const muteChat = tool({
  ...acting,
  name: 'mute_chat',
  title: 'Mute a chat',
  description: 'Mutes notifications of a chat, for some hours or for ever.',
  route: 'chat.mute',
  input: z.strictObject({ chat_jid: reference, duration_hours: z.number().positive().max(87_600).optional() }),
  examples: [{ chat_jid: '1203@g.us', duration_hours: 8 }],
  run: async ({ chat_jid, duration_hours }, context) => {
    const chat = resolveOwnChat(context, chat_jid);
    const until = duration_hours === undefined ? undefined : Math.round(context.clock.now() + duration_hours * HOUR_MS);
    await context.ask('chat.mute', { chat, muted: true, ...(until !== undefined && { until }) });
    return done(context, chat, { muted: true, until: until === undefined ? 'for ever' : localTime(context.timeZone).format(until) });
  },
});

export const unmuteChat = tool({
  ...acting,
  name: 'unmute_chat',
  title: 'Unmute a chat',
  description: 'Unmutes a chat.',
  route: 'chat.mute',
  input: chatInput,
  examples,
  run: async ({ chat_jid }, context) => {
    const chat = resolveOwnChat(context, chat_jid);
    await context.ask('chat.mute', { chat, muted: false });
    return done(context, chat, { muted: false });
  },
});

export const markAsRead = tool({
  ...acting,
  name: 'mark_as_read',
  title: 'Mark as read',
  description: 'Marks a whole chat read, or only the named messages; sends read receipts.',
  route: 'chat.mark_read',
  input: z.strictObject({ chat_jid: reference, message_ids: z.array(messageId).min(1).max(1000).optional() }),
  examples,
  run: async ({ chat_jid, message_ids }, context) => {
    const chat = resolveOwnChat(context, chat_jid);
    const marked = await markRead(context, chat, message_ids);
    return done(context, chat, { marked_messages: marked, whole_chat: message_ids === undefined });
  },
});

/** Most receipts in one call: WhatsApp takes long lists badly, and older messages are read with the chat anyway. */
const MOST_RECEIPTS = 1_000;

/** Marks a chat, or only some of its messages. Gives how many messages got a receipt. `chat` is canonical. */
export async function markRead(context: Context, chat: string, ids: readonly string[] | undefined): Promise<number> {
  const receipts = ids === undefined ? unreadMessages(context, chat) : namedMessages(context, chat, ids);
  const last = lastMessage(context, chat);
  await context.ask('chat.mark_read', { chat, messages: receipts, whole_chat: ids === undefined, ...(last && { last_message: last }) });
  return receipts.length;
}

interface Receipt {
  id: string;
  sender?: string;
}

const receiptColumns = { id: messages.id, sender: messages.sender, senderRaw: messages.senderRaw };

function unreadMessages(context: Context, chat: string): Receipt[] {
  const { orm } = readsFor(context);
  const unread = orm.select({ unread: chats.unreadCount }).from(chats).where(eq(chats.jid, chat)).get()?.unread ?? 0;
  if (unread <= 0) return [];
  const rows = orm
    .select(receiptColumns)
    .from(messages)
    .where(and(eq(messages.chatJid, chat), eq(messages.isFromMe, 0)))
    .orderBy(desc(messages.timestamp))
    .limit(Math.min(unread, MOST_RECEIPTS))
    .all();
  return rows.map((row) => receiptOf(chat, row));
}

/** An id that is not stored still gets its receipt: in a direct chat nothing else is needed. */
function namedMessages(context: Context, chat: string, ids: readonly string[]): Receipt[] {
  const { orm } = readsFor(context);
  const rows = orm.select(receiptColumns).from(messages).where(and(eq(messages.chatJid, chat), inArray(messages.id, [...ids]))).all();
  const known = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => receiptOf(chat, known.get(id) ?? { id, sender: null, senderRaw: null }));
}

function receiptOf(chat: string, row: { id: string; sender: string | null; senderRaw: string | null }): Receipt {
  const sender = chat.endsWith('@g.us') ? senderOf(row) : undefined;
  return { id: row.id, ...(sender !== undefined && { sender }) };
}
