/** Tools of the toolset chats that messages.db answers alone. */
import { Failure } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import { viewChats } from '../store/chat-view.ts';
import { chatRows, chatsOfPerson, groupFacts } from '../store/chats.ts';
import { shown } from '../store/display-text.ts';
import { formsOf, resolveStored } from '../store/identity.ts';
import { messagePage } from '../store/message-rows.ts';
import { viewMessages } from '../store/message-view.ts';
import { kindOf } from '../store/names.ts';
import { tool } from '../tool.ts';
import { listChats as page } from './read/chat-listing.ts';
import { personNamed } from './read/message-listing.ts';
import { anyUntrusted, chatArgument, cursorArgument, DEFAULT_LIMIT, limitArgument, marked, pageArgument, queryArgument, type Reading, reading, skipped } from './read/reading.ts';

export const listChats = tool({
  name: 'list_chats',
  title: 'List chats',
  description: 'Chats with their last message, by activity or name; query finds words of the name or digits of the number.',
  toolset: 'chats',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({
    query: queryArgument.optional(),
    limit: limitArgument.optional(),
    page: pageArgument.optional(),
    cursor: cursorArgument.optional(),
    include_last_message: z.boolean().optional(),
    sort_by: z.enum(['last_active', 'name']).optional(),
  }),
  examples: [{}, { query: 'anna', limit: 5 }, { sort_by: 'name', page: 1, include_last_message: false }],
  run: ({ include_last_message: lastMessage = true, sort_by: sortBy = 'last_active', ...rest }, context) => {
    const listed = page(reading(context), { ...rest, lastMessage, sortBy });
    return marked({ ...listed }, listed.chats.length > 0);
  },
});

export const getChat = tool({
  name: 'get_chat',
  title: 'One chat',
  description: 'State of one chat: name, last message, unread, archived, pinned, muted, disappearing timer, other JIDs of it.',
  toolset: 'chats',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({ chat_jid: chatArgument, include_last_message: z.boolean().optional() }),
  examples: [{ chat_jid: '120363012345678901@g.us' }],
  run: ({ chat_jid: chat, include_last_message: lastMessage = true }, context) => {
    const from = reading(context);
    return marked(oneChat(from, resolveStored(from.reads, chat), { asked: chat, lastMessage }), true);
  },
});

export const getDirectChatByContact = tool({
  name: 'get_direct_chat_by_contact',
  title: 'Direct chat with a person',
  description: 'The direct chat with a person, by phone number or JID.',
  toolset: 'chats',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({ sender_phone_number: chatArgument }),
  examples: [{ sender_phone_number: '+49 1512 3456789' }],
  run: ({ sender_phone_number: asked }, context) => {
    const from = reading(context);
    return marked(oneChat(from, personNamed(from.reads, asked), { asked, lastMessage: true }), true);
  },
});

export const getContactChats = tool({
  name: 'get_contact_chats',
  title: 'Chats with a person',
  description: 'The chats that a person takes part in, groups included, newest activity first.',
  toolset: 'chats',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({ jid: chatArgument, limit: limitArgument.optional(), page: pageArgument.optional() }),
  examples: [{ jid: '4915123456789@s.whatsapp.net', limit: 10, page: 0 }],
  run: ({ jid, limit = DEFAULT_LIMIT, page: number }, context) => {
    const { reads, time, now } = reading(context);
    const skip = skipped(number, limit, undefined);
    const rows = chatsOfPerson(reads, personNamed(reads, jid), { limit: limit + 1, skip });
    const chats = viewChats(reads, rows.slice(0, limit), { time, now, lastMessage: true });
    return marked({ chats, ...(rows.length > limit && { next_page: (number ?? 0) + 1 }) }, chats.length > 0);
  },
});

export const getLastInteraction = tool({
  name: 'get_last_interaction',
  title: 'Last message with a person',
  description: 'The newest message of the direct chat with a person, or by them in a group, whichever is later; of a group, its newest.',
  toolset: 'chats',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({ jid: chatArgument }),
  examples: [{ jid: '4915123456789@s.whatsapp.net' }],
  run: ({ jid: asked }, context) => {
    const { reads, time } = reading(context);
    const jid = kindOf(asked) === 'user' ? personNamed(reads, asked) : resolveStored(reads, asked);
    const newest = [{ chat: jid }, ...(kindOf(jid) === 'user' ? [{ sender: jid }] : [])].flatMap((filter) => messagePage(reads, filter, { limit: 1 }));
    const [row] = newest.toSorted((one, other) => other.timestamp - one.timestamp || other.mid - one.mid);
    if (row === undefined) throw new Failure('not_found', `No message with "${asked}" is stored.`);
    const views = viewMessages(reads, [row], { time });
    return marked({ message: views[0] }, anyUntrusted(views));
  },
});

interface OneChat {
  readonly asked: string;
  readonly lastMessage: boolean;
}

function oneChat({ reads, time, now }: Reading, jid: string, { asked, lastMessage }: OneChat): Readonly<Record<string, unknown>> {
  const [chat] = viewChats(reads, chatRows(reads, [jid]), { time, now, lastMessage });
  if (chat === undefined) throw new Failure('not_found', `There is no stored chat with "${asked}".`);
  const others = formsOf(reads, jid).filter((form) => form !== jid);
  const group = kindOf(jid) === 'group' ? groupFacts(reads, jid) : undefined;
  return {
    ...chat,
    ...(others.length > 0 && { other_jids: others }),
    ...(group !== undefined && { participants: group.size }),
    ...(group?.description != null && group.description !== '' && { description: shown(group.description, 1000), untrusted: true }),
  };
}
