/** Chats, names and mappings of a history chunk as records. Throws a ZodError where the bytes make no valid record. */
import { ChatRecord, ContactRecord, EventRecord, MappingRecord } from '@whatsapp-mcp/contract';
import { canonicalJid, canonicalUser, isDirect, isGroup, pairOf } from './jid.ts';
import { proto } from './protos.ts';
import type { Numeric } from './values.ts';
import { filled, numberOf, secondsToMillis, textOf } from './values.ts';

type Conversation = proto.IConversation;

const NAME = 2000;

/** Above it a number of seconds would be a time after the year 5000: it is milliseconds. */
const LATEST_SECONDS = 100_000_000_000;
const FOREVER = 9_000_000_000_000;

/** muteEndTime as milliseconds; -1 (as an unsigned number: beyond all times) is for ever. */
function mutedUntil(value: Numeric): number | undefined {
  const told = numberOf(value);
  if (told === undefined) return undefined;
  const end = told > LATEST_SECONDS ? told : told * 1000;
  return told < 0 || end > FOREVER ? -1 : end;
}

/** A time that has a meaning at zero: null and absent are unknown, 0 is "not". */
function secondsOrZero(value: Numeric): number | undefined {
  return numberOf(value) === 0 ? 0 : secondsToMillis(value);
}

export function decodeConversation(bytes: Uint8Array): Conversation {
  return proto.Conversation.decode(bytes);
}

function pairOfConversation(chat: Conversation): { pn?: string; lid?: string } {
  const jid = canonicalJid(chat.id);
  if (!isDirect(jid)) return {};
  return pairOf(jid, chat.pnJid) ?? pairOf(jid, chat.lidJid ?? chat.accountLid) ?? {};
}

export function convertConversation(chat: Conversation): ChatRecord {
  const jid = canonicalJid(chat.id);
  const ended = numberOf(chat.endOfHistoryTransferType);
  return ChatRecord.parse({
    jid,
    ...pairOfConversation(chat),
    ...filled({
      name: isDirect(jid) ? undefined : textOf(chat.name || chat.displayName, NAME),
      last_message_at: secondsToMillis(chat.conversationTimestamp) ?? secondsToMillis(chat.lastMsgTimestamp),
      unread_count: numberOf(chat.unreadCount),
      marked_unread: chat.markedAsUnread,
      archived: chat.archived,
      pinned_at: secondsOrZero(chat.pinned),
      muted_until: mutedUntil(chat.muteEndTime),
      ephemeral_seconds: numberOf(chat.ephemeralExpiration),
      end_of_history: ended !== undefined && ended <= 3 ? ended : undefined,
      read_only: chat.readOnly,
      community: isGroup(chat.parentGroupId) ? canonicalJid(chat.parentGroupId) : undefined,
      is_community: chat.isParentGroup,
      is_announcement_group: chat.isDefaultSubgroup,
    }),
  });
}

/** The person of a direct chat; undefined where the chat tells nothing of one. */
export function convertChatContact(chat: Conversation): ContactRecord | undefined {
  const jid = canonicalUser(chat.id);
  const told = filled({ full_name: textOf(chat.displayName || chat.name, NAME), username: textOf(chat.username, NAME), ...pairOfConversation(chat) });
  return jid === undefined || Object.keys(told).length === 0 ? undefined : ContactRecord.parse({ jid, ...told });
}

export function convertPushName(bytes: Uint8Array): ContactRecord {
  const { id, pushname } = proto.Pushname.decode(bytes);
  return ContactRecord.parse({ jid: canonicalUser(id), ...filled({ push_name: pushname === '-' ? undefined : textOf(pushname, NAME) }) });
}

export function convertMapping(bytes: Uint8Array): MappingRecord {
  const { pnJid, lidJid } = proto.PhoneNumberToLIDMapping.decode(bytes);
  return MappingRecord.parse({ ...pairOf(pnJid, lidJid), source: 'history' });
}

/** Somebody who left a group, as the event that it was. `group` is canonical. */
export function convertPastParticipant(group: string, bytes: Uint8Array): EventRecord {
  const past = proto.PastParticipant.decode(bytes);
  const removed = past.leaveReason === proto.PastParticipant.LeaveReason.REMOVED;
  return EventRecord.parse({
    chat: canonicalJid(group),
    type: removed ? 'group_participant_remove' : 'group_participant_leave',
    timestamp: secondsToMillis(past.leaveTs) ?? 0,
    parameters: filled({ user: canonicalUser(past.userJid) }).user === undefined ? [] : [canonicalUser(past.userJid)],
  });
}

/** The people who left one group: its JID, and the bytes of each. */
export function decodePastParticipants(bytes: Uint8Array): { group: string; people: Uint8Array[] } {
  const { groupJid, pastParticipants } = proto.PastParticipants.decode(bytes);
  return { group: groupJid ?? '', people: pastParticipants.map((person) => proto.PastParticipant.encode(person).finish()) };
}
