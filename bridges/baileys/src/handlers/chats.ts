/** Settings of chats, which all devices of the account share. */
import type { Input } from '@whatsapp-mcp/contract';
import { libraryKey } from '../session/sending.ts';
import type { Context, Some } from './context.ts';
import { ask } from './context.ts';

type Names = 'chat.archive' | 'chat.pin' | 'chat.mute' | 'chat.mark_read';
type LastMessage = NonNullable<Input<'chat.archive'>['last_message']>;

/** WhatsApp's mute "for ever". */
const FOREVER = -1;

const lastMessages = (last: LastMessage | undefined) =>
  last === undefined ? [] : [{ key: libraryKey(last.key), messageTimestamp: Math.floor(last.timestamp / 1000) }];

export function chatHandlers(context: Context): Some<Names> {
  return {
    'chat.archive': async ({ chat, archived, last_message }, signal) => {
      await ask(context, signal, 'nothing', (socket) => socket.chatModify({ archive: archived, lastMessages: lastMessages(last_message) }, chat));
      return {};
    },
    'chat.pin': async ({ chat, pinned }, signal) => {
      await ask(context, signal, 'nothing', (socket) => socket.chatModify({ pin: pinned }, chat));
      return {};
    },
    'chat.mute': async ({ chat, muted, until }, signal) => {
      await ask(context, signal, 'nothing', (socket) => socket.chatModify({ mute: muted ? (until ?? FOREVER) : null }, chat));
      return {};
    },
    'chat.mark_read': async ({ chat, messages, whole_chat, last_message }, signal) => {
      const keys = messages.map(({ id, sender }) => libraryKey({ chat, id, from_me: false, sender }));
      await ask(context, signal, 'nothing', async (socket) => {
        if (keys.length > 0) await socket.readMessages(keys);
        if (whole_chat) await socket.chatModify({ markRead: true, lastMessages: lastMessages(last_message) }, chat);
      });
      return {};
    },
  };
}
