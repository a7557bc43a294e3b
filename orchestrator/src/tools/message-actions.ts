/** What can be done to a message that is already there. */
import { Failure } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { resolveOwnChat } from '../recipient.ts';
import { keyOf, storedMessage } from '../stored-message.ts';
import type { StoredMessage } from '../stored-message.ts';
import { tool } from '../tool.ts';
import { messageId, reference } from './arguments.ts';

const target = { chat_jid: reference, message_id: messageId };

function targetOf(context: Context, { chat_jid, message_id }: { chat_jid: string; message_id: string }): StoredMessage {
  return storedMessage(context, resolveOwnChat(context, chat_jid), message_id);
}

/** The target is named again in the answer, so that a model can tell one of several calls from the others. */
function done(message: StoredMessage, more: JsonObject): JsonObject {
  return { success: true, chat_jid: message.chatJid, message_id: message.id, ...more };
}

export const sendReaction = tool({
  name: 'send_reaction',
  title: 'React to a message',
  description: 'Sets your reaction to a message; an empty emoji removes it.',
  toolset: 'send',
  effect: 'writes',
  route: 'message.react',
  input: z.strictObject({ ...target, emoji: z.string().max(64) }),
  examples: [{ chat_jid: '15550100@s.whatsapp.net', message_id: '3EB0A1', emoji: '👍' }],
  run: async ({ emoji, ...named }, context) => {
    const message = targetOf(context, named);
    await context.ask('message.react', { key: keyOf(message), id: context.ids.message(), emoji });
    return done(message, emoji === '' ? { removed: true } : { emoji });
  },
});

/** Receivers ignore later edits without a word (whatsmeow send.go: EditWindow). */
const EDIT_WINDOW_MS = 20 * 60_000;

export const editMessage = tool({
  name: 'edit_message',
  title: 'Edit a message',
  description: 'Replaces the text of a message you sent, within 20 minutes.',
  toolset: 'send',
  effect: 'destroys',
  route: 'message.edit',
  input: z.strictObject({ ...target, new_text: z.string().min(1).max(65_536) }),
  examples: [{ chat_jid: '15550100@s.whatsapp.net', message_id: '3EB0A1', new_text: 'On my way, 10 minutes' }],
  run: async ({ new_text, ...named }, context) => {
    const message = targetOf(context, named);
    if (message.isFromMe !== 1) throw new Failure('not_allowed', 'Only your own messages can be edited.');
    if (context.clock.now() - message.timestamp > EDIT_WINDOW_MS) throw new Failure('not_allowed', 'The message is older than 20 minutes: receivers would ignore the edit.');
    await context.ask('message.edit', { key: keyOf(message), id: context.ids.message(), text: new_text });
    return done(message, { edited: true });
  },
});

export const deleteMessage = tool({
  name: 'delete_message',
  title: 'Delete a message',
  description: 'Deletes a message for everyone (default; your own, or any as group admin), or only for you.',
  toolset: 'send',
  effect: 'destroys',
  route: 'message.revoke',
  operations: ['message.revoke', 'message.delete_for_me'],
  input: z.strictObject({ ...target, scope: z.enum(['everyone', 'me']).optional() }),
  examples: [{ chat_jid: '15550100@s.whatsapp.net', message_id: '3EB0A1', scope: 'everyone' }],
  run: async ({ scope = 'everyone', ...named }, context) => {
    const message = targetOf(context, named);
    if (scope === 'me') await context.ask('message.delete_for_me', { key: keyOf(message), timestamp: message.timestamp });
    else await context.ask('message.revoke', { key: keyOf(message), id: context.ids.message() });
    return done(message, { deleted_for: scope });
  },
});
