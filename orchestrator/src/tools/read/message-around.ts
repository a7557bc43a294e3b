/** One message with what was said around it. */
import { Failure } from '@whatsapp-mcp/contract';
import { resolveStored } from '../../store/identity.ts';
import { type MessageRow, messagesByMid, messagesWithId, neighboursOf } from '../../store/message-rows.ts';
import { type MessageView, viewMessages } from '../../store/message-view.ts';
import { namesOf } from '../../store/names.ts';
import type { Reads } from '../../store/reads.ts';
import { fitting, type Reading } from './reading.ts';

export interface MessageAround {
  readonly message: MessageView;
  /** Oldest first. */
  readonly before: readonly MessageView[];
  readonly after: readonly MessageView[];
}

export interface AroundArguments {
  readonly id: string;
  readonly chat?: string | undefined;
  readonly before: number;
  readonly after: number;
}

export function messageAround({ reads, time }: Reading, { id, chat, before, after }: AroundArguments): MessageAround {
  const row = storedMessage(reads, id, chat);
  const near = neighboursOf(reads, [row.mid], { before, after }).get(row.mid) ?? { before: [], after: [] };
  const oldestFirst = (mids: readonly number[]) => messagesByMid(reads, mids).toReversed();
  const rows = [row, ...oldestFirst(near.after), ...oldestFirst(near.before).toReversed()];
  const views = fitting(viewMessages(reads, rows, { time }));
  const [message, ...others] = views;
  if (message === undefined) throw new Error('A page that holds one message shows it.');
  return { message, after: others.slice(0, near.after.length), before: others.slice(near.after.length).toReversed() };
}

/**
 * The message with an id.
 * @throws Failure not_found, or ambiguous with the chats when several hold that id
 */
export function storedMessage(reads: Reads, id: string, chat?: string): MessageRow {
  const jid = chat === undefined ? undefined : resolveStored(reads, chat);
  const rows = messagesWithId(reads, id, jid);
  const chats = [...new Set(rows.map(({ chatJid }) => chatJid))];
  const [row] = rows;
  if (row === undefined) throw new Failure('not_found', `No message "${id}" is stored${jid === undefined ? '' : ` in ${jid}`}.`);
  if (chats.length === 1) return row;
  const names = namesOf(reads, chats);
  const candidates = chats.map((each) => ({ jid: each, name: names.get(each) ?? each }));
  throw new Failure('ambiguous', `The message id "${id}" is found in ${candidates.map(({ jid: each, name }) => `${name} (${each})`).join('; ')}. Call again with chat_jid.`, { candidates });
}
