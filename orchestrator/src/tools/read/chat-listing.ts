/** Pages of chats. */
import { listing, readCursor, writeCursor } from '../../store/cursor.ts';
import { type ChatView, viewChats } from '../../store/chat-view.ts';
import { type ChatRow, chatsByActivity, chatsByName } from '../../store/chats.ts';
import { DEFAULT_LIMIT, fitting, type Reading, skipped } from './reading.ts';

export interface ChatArguments {
  readonly query?: string | undefined;
  readonly limit?: number | undefined;
  readonly page?: number | undefined;
  readonly cursor?: string | undefined;
  readonly lastMessage: boolean;
  readonly sortBy: 'last_active' | 'name';
}

export interface ChatListing {
  readonly chats: readonly ChatView[];
  readonly next_cursor?: string;
}

export function listChats({ reads, time, now }: Reading, args: ChatArguments): ChatListing {
  const { query, limit = DEFAULT_LIMIT, cursor, lastMessage, sortBy } = args;
  const of = listing('chats', { query, sortBy });
  const page = { query, limit: limit + 1, skip: skipped(args.page, limit, cursor) };
  const rows = sortBy === 'name' ? chatsByName(reads, page, namePosition(of, cursor)) : chatsByActivity(reads, { ...page, from: activityPosition(of, cursor) });
  const chats = fitting(viewChats(reads, rows.slice(0, limit), { time, now, lastMessage }));
  const last = rows[chats.length - 1];
  const view = chats.at(-1);
  if (last === undefined || view === undefined || rows.length <= chats.length) return { chats };
  return { chats, next_cursor: writeCursor(of, sortBy === 'name' ? [view.name, view.jid] : [timeOf(last), last.jid]) };
}

function timeOf(row: ChatRow): number {
  return row.lastMessageTime ?? -1;
}

function activityPosition(of: string, cursor: string | undefined): { time: number; jid: string } | undefined {
  if (cursor === undefined) return undefined;
  const [time, jid] = readCursor<readonly [number, string]>(of, cursor, [0, '']);
  return { time, jid };
}

function namePosition(of: string, cursor: string | undefined): readonly [string, string] | undefined {
  return cursor === undefined ? undefined : readCursor<readonly [string, string]>(of, cursor, ['', '']);
}
