import { z } from 'zod';
import { Done, Jid, MessageId, MessageKey, Millis, UserJid } from '../nouns.ts';
import { both, operation } from '../operation.ts';

/** App-state patches name the newest message of the chat, so that other devices agree on the moment. */
const LastMessage = z.strictObject({ key: MessageKey, timestamp: Millis }).meta({ id: 'LastMessage' });

export const chats = {
  'chat.archive': operation({
    summary: 'Archives or unarchives a chat',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ chat: Jid, archived: z.boolean(), last_message: LastMessage.optional() }),
    output: Done,
  }),
  'chat.pin': operation({
    summary: 'Pins or unpins a chat',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ chat: Jid, pinned: z.boolean() }),
    output: Done,
  }),
  'chat.mute': operation({
    summary: 'Mutes or unmutes a chat',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ chat: Jid, muted: z.boolean(), until: Millis.optional().describe('Absent: for ever') }),
    output: Done,
  }),
  'chat.mark_read': operation({
    summary: 'Sends read receipts and marks the chat read on the own devices',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({
      chat: Jid,
      messages: z.array(z.strictObject({ id: MessageId, sender: UserJid.optional() })).max(1000),
      whole_chat: z.boolean(),
      last_message: LastMessage.optional(),
    }),
    output: Done,
  }),
};
