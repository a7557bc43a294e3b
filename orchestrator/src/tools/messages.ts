/** Tools of the toolset messages that messages.db answers alone. */
import { z } from 'zod';
import { messageTypes, type MessageType } from '../store/message-filter.ts';
import { groupings, messageStatistics } from '../store/statistics.ts';
import { resolveStored } from '../store/identity.ts';
import { tool } from '../tool.ts';
import { exportChat, exportFormats } from './export/chat-export.ts';
import { messageAround } from './read/message-around.ts';
import { asHits, listMessages as page, withContext } from './read/message-listing.ts';
import { pollResults } from './read/poll-results.ts';
import { anyUntrusted, chatArgument, cursorArgument, DEFAULT_LIMIT, limitArgument, marked, messageIdArgument, pageArgument, periodOf, phrasesIn, queryArgument, reading, timeArgument } from './read/reading.ts';
import { unreadSummary } from './read/unread-summary.ts';

const around = z.int().min(0).max(20);
const typeArgument = z.enum(Object.keys(messageTypes) as [MessageType, ...MessageType[]]);

export const listMessages = tool({
  name: 'list_messages',
  title: 'List messages',
  description: 'Stored messages, newest first, by time (ISO 8601), sender, chat or words. With query: each hit with messages around it. Go on with cursor.',
  toolset: 'messages',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({
    after: timeArgument.optional(),
    before: timeArgument.optional(),
    sender_phone_number: chatArgument.optional(),
    chat_jid: chatArgument.optional(),
    query: queryArgument.optional(),
    limit: limitArgument.optional(),
    page: pageArgument.optional(),
    cursor: cursorArgument.optional(),
    include_context: z.boolean().optional(),
    context_before: around.optional(),
    context_after: around.optional(),
  }),
  examples: [{ chat_jid: '4915123456789@s.whatsapp.net', limit: 10 }, { query: 'invoice', after: '2026-01-01' }, { page: 1, limit: 50, include_context: false }],
  run: ({ sender_phone_number: sender, chat_jid: chat, include_context: wanted, context_before: before = 1, context_after: after = 1, ...rest }, context) => {
    const from = reading(context);
    // Browsing shows the neighbours anyway; a hit stands alone without them.
    const listed =
      (wanted ?? rest.query !== undefined)
        ? page(from, { ...rest, sender, chat }, withContext(from, { before, after }))
        : page(from, { ...rest, sender, chat }, (_, views) => views);
    return marked({ ...listed }, listed.events !== undefined || anyUntrusted(listed.messages));
  },
});

export const getMessageContext = tool({
  name: 'get_message_context',
  title: 'Read around a message',
  description: 'One message with those before and after it in its chat. chat_jid is needed only where two chats share the id.',
  toolset: 'messages',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({ message_id: messageIdArgument, chat_jid: chatArgument.optional(), before: around.optional(), after: around.optional() }),
  examples: [{ message_id: '3EB0C431C26A1916E07E', before: 5, after: 5 }],
  run: ({ message_id: id, chat_jid: chat, before = 5, after = 5 }, context) => {
    const found = messageAround(reading(context), { id, chat, before, after });
    return marked({ ...found }, anyUntrusted([found.message, ...found.before, ...found.after]));
  },
});

export const querySyncedMessages = tool({
  name: 'query_synced_messages',
  title: 'Search messages',
  description: 'Searches all stored messages for words, in any script, accents ignored; "quotes" for an exact phrase. Newest first; long texts as snippets.',
  toolset: 'messages',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({
    query: queryArgument,
    chat_jid: chatArgument.optional(),
    sender: chatArgument.optional(),
    from_me: z.boolean().optional(),
    media_type: typeArgument.optional(),
    after: timeArgument.optional(),
    before: timeArgument.optional(),
    limit: limitArgument.optional(),
    cursor: cursorArgument.optional(),
  }),
  examples: [{ query: 'flight "gate 12"' }, { query: '北京', chat_jid: '120363012345678901@g.us', limit: 5 }],
  run: ({ chat_jid: chat, from_me: fromMe, media_type: type, ...rest }, context) => {
    const listed = page(reading(context), { ...rest, chat, fromMe, type }, asHits(phrasesIn(rest.query)));
    return marked({ ...listed }, anyUntrusted(listed.messages));
  },
});

export const getMessageStatistics = tool({
  name: 'get_message_statistics',
  title: 'Count messages',
  description: 'Counts stored messages: in all, and by day, week, month, hour, weekday, sender, chat or media type.',
  toolset: 'messages',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({
    chat_jid: chatArgument.optional(),
    group_by: z.enum(groupings).optional(),
    after: timeArgument.optional(),
    before: timeArgument.optional(),
    limit: limitArgument.optional(),
  }),
  examples: [{ group_by: 'sender', after: '2026-01-01' }, { chat_jid: '120363012345678901@g.us', group_by: 'month' }],
  run: ({ chat_jid: chat, group_by: by, limit = DEFAULT_LIMIT, after, before }, context) => {
    const { reads, time } = reading(context);
    const filter = { ...(chat !== undefined && { chat: resolveStored(reads, chat) }), ...periodOf(time, { after, before }) };
    const { total, first, last, groups, groupCount } = messageStatistics(reads, filter, by, { time, limit });
    return {
      total,
      ...(first !== undefined && { first_at: time.format(first) }),
      ...(last !== undefined && { last_at: time.format(last) }),
      ...(by !== undefined && { group_by: by, groups, ...(groupCount > groups.length && { not_listed: groupCount - groups.length }) }),
    };
  },
});

export const getUnreadSummary = tool({
  name: 'get_unread_summary',
  title: 'Unread messages',
  description: 'Chats with unread messages and the newest of those, newest chat first. Muted chats only with include_muted.',
  toolset: 'messages',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({ limit: limitArgument.optional(), messages_per_chat: around.optional(), include_muted: z.boolean().optional() }),
  examples: [{}, { limit: 5, messages_per_chat: 10, include_muted: true }],
  run: ({ limit = DEFAULT_LIMIT, messages_per_chat: messagesPerChat = 3, include_muted: includeMuted = false }, context) => {
    const summary = unreadSummary(reading(context), { limit, messagesPerChat, includeMuted });
    return marked({ ...summary }, anyUntrusted(summary.chats.flatMap(({ messages = [] }) => messages)));
  },
});

export const exportChatTool = tool({
  name: 'export_chat',
  title: 'Export a chat to a file',
  description: 'Writes all stored messages of a chat to a new file in the exports folder. include_media copies the files that were downloaded.',
  toolset: 'messages',
  effect: 'local',
  route: 'store',
  input: z.strictObject({
    chat_jid: chatArgument,
    format: z.enum(exportFormats).optional(),
    after: timeArgument.optional(),
    before: timeArgument.optional(),
    include_media: z.boolean().optional(),
  }),
  examples: [{ chat_jid: '4915123456789@s.whatsapp.net', format: 'html', include_media: true }],
  run: async ({ chat_jid: chat, format = 'jsonl', after, before, include_media: includeMedia = false }, context) => {
    const from = reading(context);
    const period = periodOf(from.time, { after, before });
    const done = await exportChat(from, { filter: { chat: resolveStored(from.reads, chat), ...period }, format, includeMedia }, context);
    return { ...done };
  },
});

export const getPollResults = tool({
  name: 'get_poll_results',
  title: 'Results of a poll',
  description: 'Votes of a stored poll: for each option how many and who.',
  toolset: 'messages',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({ chat_jid: chatArgument, message_id: messageIdArgument }),
  examples: [{ chat_jid: '120363012345678901@g.us', message_id: '3EB0C431C26A1916E07E' }],
  run: ({ chat_jid: chat, message_id: id }, context) => marked({ ...pollResults(reading(context), chat, id), untrusted: true }, true),
});
