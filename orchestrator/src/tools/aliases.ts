/** Names of a predecessor, which answer without being listed: each becomes a call of ours, with its arguments renamed. */
import { Failure } from '@whatsapp-mcp/contract';
import type { Store } from '../context.ts';
import type { JsonObject } from '../json.ts';

interface Alias {
  readonly tool: string;
  /** Our name of an argument, by the old one. Others pass as they are. */
  readonly rename?: Readonly<Record<string, string>>;
  readonly adapt?: (args: JsonObject) => JsonObject;
  /** The old call named a message without its chat: the store finds it. */
  readonly findChat?: true;
}

const toRecipient = { chat_jid: 'recipient', jid: 'recipient', to: 'recipient' } as const;
const toFile = { ...toRecipient, file_path: 'media_path', path: 'media_path', media: 'media_path' } as const;
const toChat = { jid: 'chat_jid', chat: 'chat_jid' } as const;

export const aliases: Readonly<Record<string, Alias>> = {
  send_text_message_v2: { tool: 'send_message', rename: { ...toRecipient, text: 'message' } },
  send_media_message_v2: { tool: 'send_file', rename: { ...toFile, media_type: 'send_as', type: 'send_as' } },
  send_sticker_v2: { tool: 'send_file', rename: { ...toFile, sticker_path: 'media_path' }, adapt: (args) => ({ ...args, send_as: 'sticker' }) },
  send_voice_note_v2: { tool: 'send_audio_message', rename: { ...toFile, audio_path: 'media_path' } },
  send_contact_v2: { tool: 'send_contact', rename: { ...toRecipient, contact_jid: 'contact', contact_number: 'contact', phone_number: 'contact' } },
  send_location_v2: { tool: 'send_location', rename: toRecipient },
  react_to_message_v2: { tool: 'send_reaction', rename: { ...toChat, reaction: 'emoji' }, findChat: true },
  edit_message_v2: { tool: 'edit_message', rename: { ...toChat, text: 'new_text' }, findChat: true },
  delete_message_v2: { tool: 'delete_message', rename: toChat, adapt: withScope, findChat: true },
  forward_message_v2: { tool: 'forward_message', rename: { to_chat_jid: 'recipient', to: 'recipient', from_chat_jid: 'chat_jid' }, findChat: true },
  download_media_v2: { tool: 'download_media', rename: toChat, findChat: true },
  mark_message_read_v2: { tool: 'mark_as_read', rename: toChat, adapt: withMessageList, findChat: true },
  mark_chat_read_v2: { tool: 'mark_as_read', rename: toChat },
  list_chats_v2: { tool: 'list_chats' },
  get_chat_metadata_v2: { tool: 'get_chat', rename: toChat },
  search_contacts_v2: { tool: 'search_contacts' },
  get_contact_details_v2: { tool: 'get_contact_details', rename: { jid: 'identifier', contact_jid: 'identifier' } },
  get_profile_picture_v2: { tool: 'get_profile_picture', rename: { contact_jid: 'jid' } },
  update_profile_picture_v2: { tool: 'update_profile_picture', rename: { file_path: 'image_path', media_path: 'image_path' } },
  get_contact_status_v2: { tool: 'get_contact_details', rename: { jid: 'identifier', contact_jid: 'identifier' } },
  update_profile_status_v2: { tool: 'update_profile_status', rename: { status: 'status_text', text: 'status_text' } },
  get_linked_devices_v2: { tool: 'get_linked_devices' },
  get_baileys_sync_status: { tool: 'get_sync_status' },
  clear_baileys_temp_data: { tool: 'clear_temp_storage' },
};

function withScope({ for_everyone, ...args }: JsonObject): JsonObject {
  return typeof for_everyone === 'boolean' ? { ...args, scope: for_everyone ? 'everyone' : 'me' } : args;
}

function withMessageList({ message_id, ...args }: JsonObject): JsonObject {
  return typeof message_id === 'string' ? { ...args, message_ids: [message_id] } : args;
}

export interface NamedCall {
  readonly name: string;
  readonly args: JsonObject;
}

/** The call as we name it; calls that are ours already pass unchanged. Throws Failure where a message's chat cannot be told. */
export function translate(call: NamedCall, store: Pick<Store, 'read'>): NamedCall {
  const alias = Object.hasOwn(aliases, call.name) ? aliases[call.name] : undefined;
  if (alias === undefined) return call;
  const renamed = Object.fromEntries(Object.entries(call.args).map(([key, value]) => [alias.rename?.[key] ?? key, value]));
  const located = alias.findChat === true && renamed['chat_jid'] === undefined ? { ...renamed, ...chatOf(renamed['message_id'], store) } : renamed;
  return { name: alias.tool, args: alias.adapt?.(located) ?? located };
}

function chatOf(messageId: unknown, store: Pick<Store, 'read'>): JsonObject {
  if (typeof messageId !== 'string') return {};
  const chats = store.read.prepare<[string], string>('SELECT DISTINCT chat_jid FROM messages WHERE id = ? LIMIT 3').pluck().all(messageId);
  const [only, ...others] = chats;
  if (only === undefined) throw new Failure('not_found', `No stored message has the id ${messageId}.`);
  if (others.length > 0) throw new Failure('ambiguous', `Messages with the id ${messageId} are in ${chats.join(' and ')}: say which with chat_jid.`, { candidates: chats });
  return { chat_jid: only };
}
