/** What Baileys tells beside messages (receipts, chat settings, names, mappings), as records of live rows. */
import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { canonicalJid, canonicalUser, isDirect, pairOf } from '../convert/jid.ts';
import type { Own } from '../convert/source.ts';
import { ownJid } from '../convert/source.ts';
import type { Numeric } from '../convert/values.ts';
import { filled, numberOf, secondsToMillis, textOf } from '../convert/values.ts';
import type { RowDraft } from '../history/staging.ts';

type Records = Readonly<Record<string, unknown>>;
type Told<Name extends keyof BaileysEventMap> = (data: BaileysEventMap[Name], context: ChangeContext) => readonly Records[];

export interface ChangeContext {
  readonly now: number;
  readonly own: Own;
}

const receiptKinds: Readonly<Record<number, string>> = { 3: 'delivered', 4: 'read', 5: 'played' };

interface Receipt {
  readonly chat: string;
  readonly id: string;
  readonly user: string;
  readonly kind: string;
  readonly timestamp: number;
}

function receipt({ chat, id, user, kind, timestamp }: Receipt): Records {
  return {
    ops: [
      {
        type: 'receipt',
        op_id: `receipt:${kind}:${user}:${id}`,
        chat,
        target_id: id,
        from_me: false,
        actor: user,
        timestamp,
        payload: JSON.stringify({ kind }),
      },
    ],
  };
}

/** State of own messages in direct chats, and stars; content changes come as messages of their own. */
const messagesUpdate: Told<'messages.update'> = (updates, context) =>
  updates.flatMap(({ key, update }) => {
    const chat = canonicalJid(key.remoteJid);
    if (chat === undefined || key.id == null) return [];
    const kind = update.status == null ? undefined : receiptKinds[update.status];
    const timestamp = secondsToMillis(update.messageTimestamp) ?? context.now;
    const receipts = kind !== undefined && key.fromMe === true && isDirect(chat) ? [receipt({ chat, id: key.id, user: chat, kind, timestamp })] : [];
    return update.starred == null ? receipts : [...receipts, star(chat, key.id, update.starred, context)];
  });

function star(chat: string, id: string, starred: boolean, { now, own }: ChangeContext): Records {
  const type = starred ? 'star' : 'unstar';
  return { ops: [{ type, op_id: `${type}:${id}:${now}`, chat, target_id: id, from_me: true, ...filled({ actor: ownJid(own) }), timestamp: now }] };
}

const receiptUpdate: Told<'message-receipt.update'> = (updates, { now }) =>
  updates.flatMap(({ key, receipt: told }) => {
    const chat = canonicalJid(key.remoteJid);
    const user = canonicalUser(told.userJid);
    if (chat === undefined || user === undefined || key.id == null || key.fromMe !== true) return [];
    const kind = told.readTimestamp == null ? 'delivered' : 'read';
    const timestamp = secondsToMillis(told.readTimestamp ?? told.receiptTimestamp) ?? now;
    return [receipt({ chat, id: key.id, user, kind, timestamp })];
  });

const messagesDelete: Told<'messages.delete'> = (deleted, { now, own }) =>
  'keys' in deleted
    ? deleted.keys.flatMap(({ remoteJid, id }) => {
        const chat = canonicalJid(remoteJid);
        if (chat === undefined || id == null) return [];
        return [{ ops: [{ type: 'delete_for_me', op_id: `delete_for_me:${id}`, chat, target_id: id, from_me: true, ...filled({ actor: ownJid(own) }), timestamp: now }] }];
      })
    : [];

interface ChatTold {
  readonly id?: string | null | undefined;
  readonly archived?: boolean | null | undefined;
  readonly pinned?: number | null | undefined;
  readonly muteEndTime?: Numeric;
  readonly unreadCount?: number | null | undefined;
  readonly markedAsUnread?: boolean | null | undefined;
  readonly ephemeralExpiration?: number | null | undefined;
}

/** A setting that was given as null was taken back. */
function told<Value>(chat: ChatTold, field: keyof ChatTold, value: Value | undefined, none: Value): Value | undefined {
  return field in chat && chat[field] !== undefined ? (value ?? none) : undefined;
}

const chatsUpdate = (chats: readonly ChatTold[], { now }: ChangeContext): readonly Records[] =>
  chats.flatMap((chat) => {
    const jid = canonicalJid(chat.id);
    const pinned = numberOf(chat.pinned);
    const unread = numberOf(chat.unreadCount);
    const state = filled({
      archived: chat.archived ?? undefined,
      // Baileys gives the time of the pin in seconds or milliseconds, depending on the mutation.
      pinned_at: told(chat, 'pinned', pinned !== undefined && pinned < 100_000_000_000 ? pinned * 1000 : pinned, 0),
      muted_until: told(chat, 'muteEndTime', numberOf(chat.muteEndTime), 0),
      // Above zero it is a count of new messages, which they tell themselves.
      unread_count: unread === 0 ? 0 : undefined,
      marked_unread: chat.markedAsUnread ?? (unread === -1 ? true : unread === 0 ? false : undefined),
      ephemeral_seconds: told(chat, 'ephemeralExpiration', chat.ephemeralExpiration ?? undefined, 0),
    });
    return jid === undefined || Object.keys(state).length === 0 ? [] : [{ chat: { jid, ...state, observed_at: now } }];
  });

interface ContactTold {
  readonly id?: string | undefined;
  readonly lid?: string | undefined;
  readonly phoneNumber?: string | undefined;
  readonly name?: string | undefined;
  readonly notify?: string | undefined;
  readonly verifiedName?: string | undefined;
  readonly username?: string | undefined;
}

const contacts = (people: readonly ContactTold[]): readonly Records[] =>
  people.flatMap((person) => {
    const jid = canonicalUser(person.id);
    const names = filled({
      full_name: textOf(person.name, 2000),
      push_name: person.notify === '-' ? undefined : textOf(person.notify, 2000),
      verified_name: textOf(person.verifiedName, 2000),
      username: textOf(person.username, 2000),
      ...(pairOf(jid, person.lid) ?? pairOf(jid, person.phoneNumber)),
    });
    return jid === undefined || Object.keys(names).length === 0 ? [] : [{ contact: { jid, ...names } }];
  });

const mapping: Told<'lid-mapping.update'> = ({ lid, pn }) => {
  const pair = pairOf(lid, pn);
  return pair === undefined ? [] : [{ mapping: { ...pair, source: 'app_state' } }];
};

const readers: { readonly [Name in keyof BaileysEventMap]?: Told<Name> } = {
  'messages.update': messagesUpdate,
  'message-receipt.update': receiptUpdate,
  'messages.delete': messagesDelete,
  'chats.update': chatsUpdate,
  'chats.upsert': chatsUpdate,
  'contacts.upsert': contacts,
  'contacts.update': (people) => contacts(people),
  'lid-mapping.update': mapping,
};

/** Rows of one event; none for events that change nothing that is stored. */
export function rowsOfChange(event: string, data: unknown, context: ChangeContext): RowDraft[] {
  const read = readers[event as keyof BaileysEventMap] as ((data: unknown, context: ChangeContext) => readonly Records[]) | undefined;
  return (read?.(data, context) ?? []).map((records): RowDraft => ({ kind: 'record', extra: JSON.stringify(records) }));
}
