/** One stored message as the bridges have to be told of it. */
import { Failure, MediaKind } from '@whatsapp-mcp/contract';
import type { Input } from '@whatsapp-mcp/contract';
import { and, desc, eq } from 'drizzle-orm';
import type { Context } from './context.ts';
import { canSee, readsOf } from './store/reads.ts';
import type { Reads } from './store/reads.ts';
import { messages } from './store/schema.ts';

export type StoredMessage = typeof messages.$inferSelect;

type Key = Input<'message.edit'>['key'];
type Quoted = NonNullable<Input<'message.send_text'>['quoted']>;
type Source = Input<'media.download'>['source'];
type LastMessage = NonNullable<Input<'chat.archive'>['last_message']>;

/** Throws Failure not_found, also where the chat may not be seen. `chat` is canonical. */
export function storedMessage(context: Context, chat: string, id: string): StoredMessage {
  const reads = readsOf(context.store.read, context.policy.visibleChats());
  const found = canSee(reads, chat) ? select(reads, chat, id) : undefined;
  if (found === undefined) throw new Failure('not_found', `The chat ${chat} has no stored message ${id}.`);
  return found;
}

function select({ orm }: Reads, chat: string, id: string): StoredMessage | undefined {
  return orm.select().from(messages).where(and(eq(messages.chatJid, chat), eq(messages.id, id))).get();
}

/** The newest message of a chat, as app-state patches name it; undefined where none is stored. */
export function lastMessage(context: Context, chat: string): LastMessage | undefined {
  const { orm } = readsOf(context.store.read, undefined);
  const newest = orm.select().from(messages).where(eq(messages.chatJid, chat)).orderBy(desc(messages.timestamp)).limit(1).get();
  return newest && { key: keyOf(newest), timestamp: newest.timestamp };
}

/** Groups name the sender in the form in which the message did: votes, reactions and edits decrypt only with that. */
export function keyOf(message: StoredMessage): Key {
  const sender = withoutDevice(message.senderRaw ?? message.sender ?? '');
  const named = message.chatJid.endsWith('@g.us') && sender !== '';
  return { chat: message.chatJid, id: message.id, from_me: message.isFromMe === 1, ...(named && { sender }) };
}

/** The sender as a person's JID, for receipts; undefined where it is unknown. */
export function senderOf(message: Pick<StoredMessage, 'senderRaw' | 'sender'>): string | undefined {
  const sender = withoutDevice(message.senderRaw ?? message.sender ?? '');
  return /^\d+@(s\.whatsapp\.net|lid)$/.test(sender) ? sender : undefined;
}

function withoutDevice(jid: string): string {
  return jid.replace(/(_\d+)?(:\d+)?@/, '@').replace(/@(c\.us|hosted)$/, '@s.whatsapp.net').replace(/@hosted\.lid$/, '@lid');
}

export function quotedOf(message: StoredMessage): Quoted {
  const key = { ...keyOf(message), ...(message.isFromMe === 0 && senderOf(message) !== undefined && { sender: senderOf(message) }) };
  return {
    key,
    ...(message.raw !== null && { content: message.raw.toString('base64') }),
    ...(message.content !== null && { text: message.content.slice(0, 65_536) }),
  };
}

/** Throws Failure not_found for a message without a file. */
export function mediaSourceOf(message: StoredMessage): Source {
  const kind = MediaKind.safeParse(message.kind);
  if (!kind.success || (message.directPath === null && message.url === null)) {
    throw new Failure('not_found', `The message ${message.id} is of the kind "${message.kind}" and has no file${kind.success ? ' that can be fetched' : ''}.`);
  }
  const base64 = (value: Buffer | null): string | undefined => value?.toString('base64');
  return withoutUndefined({
    kind: kind.data,
    mimetype: message.mimetype ?? undefined,
    filename: message.filename?.slice(0, 1024),
    url: message.url ?? undefined,
    direct_path: message.directPath ?? undefined,
    media_key: base64(message.mediaKey),
    file_sha256: base64(message.fileSha256),
    file_enc_sha256: base64(message.fileEncSha256),
    file_length: message.fileLength ?? undefined,
  });
}

/** Exact optional properties: a field is there with a value, or it is not there. */
export function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Value;
}
