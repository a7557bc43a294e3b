/** Canonical records as parameters of the merge statements: same names, nothing decided here. */
import type { ChatRecord, EventRecord, MessageRecord, OpRecord, Output } from '@whatsapp-mcp/contract';
import type { Parameters, SqlValue } from './statements.ts';

type GroupInfo = Output<'group.info'>;

/** Bits of messages.origin. */
export const origins = { live: 1, history: 2, import: 4, sent: 8 } as const;

const orNull = (value: string | number | undefined): SqlValue => value ?? null;
const flag = (value: boolean | undefined): SqlValue => (value === undefined ? null : Number(value));
const bytes = (base64: string | undefined): SqlValue => (base64 === undefined ? null : Buffer.from(base64, 'base64'));

/** @param now wall clock, ms; @param origin bits of `origins`. */
export function messageParameters(message: MessageRecord, now: number, origin: number): Parameters {
  return {
    now,
    origin,
    chat: message.chat,
    id: message.id,
    from_me: Number(message.from_me),
    sender: orNull(message.sender),
    sender_raw: orNull(message.sender_raw),
    addressing_mode: orNull(message.addressing_mode),
    push_name: orNull(message.push_name),
    timestamp: message.timestamp,
    kind: message.kind,
    text: orNull(message.text),
    width: orNull(message.width),
    height: orNull(message.height),
    duration_seconds: orNull(message.duration_seconds),
    thumbnail: bytes(message.thumbnail),
    quoted_id: orNull(message.quoted_id),
    quoted_sender: orNull(message.quoted_sender),
    quoted_text: orNull(message.quoted_text),
    mentions: message.mentions === undefined ? null : JSON.stringify(message.mentions),
    forwarding_score: orNull(message.forwarding_score),
    ephemeral_seconds: orNull(message.ephemeral_seconds),
    view_once: flag(message.view_once),
    status: orNull(message.status),
    starred: flag(message.starred),
    server_id: orNull(message.server_id),
    broadcast: orNull(message.broadcast),
    payload: orNull(message.payload),
    message_secret: bytes(message.message_secret),
    edited_at: orNull(message.edited_at),
    revoked: flag(message.revoked),
    raw: bytes(message.raw),
    ...mediaParameters(message.media),
  };
}

function mediaParameters(media: MessageRecord['media']): Parameters {
  return {
    media_kind: orNull(media?.kind),
    mimetype: orNull(media?.mimetype),
    filename: orNull(media?.filename),
    url: orNull(media?.url),
    direct_path: orNull(media?.direct_path),
    media_key: bytes(media?.media_key),
    file_sha256: bytes(media?.file_sha256),
    file_enc_sha256: bytes(media?.file_enc_sha256),
    file_length: orNull(media?.file_length),
  };
}

export function opParameters(op: OpRecord, now: number): Parameters {
  return {
    now,
    chat: op.chat,
    target_id: op.target_id,
    type: op.type,
    op_id: op.op_id,
    from_me: Number(op.from_me),
    actor: orNull(op.actor),
    timestamp: op.timestamp,
    text: orNull(op.text),
    payload: orNull(op.payload),
    raw: bytes(op.raw),
  };
}

export function eventParameters(event: EventRecord): Parameters {
  return {
    chat: event.chat,
    type: event.type,
    timestamp: event.timestamp,
    id: orNull(event.id),
    actor: orNull(event.actor),
    parameters: JSON.stringify(event.parameters),
  };
}

export function chatParameters(chat: ChatRecord): Parameters {
  return {
    jid: chat.jid,
    name: orNull(chat.name),
    last_message_at: orNull(chat.last_message_at),
    unread_count: orNull(chat.unread_count),
    marked_unread: flag(chat.marked_unread),
    archived: flag(chat.archived),
    pinned_at: orNull(chat.pinned_at),
    muted_until: orNull(chat.muted_until),
    ephemeral_seconds: orNull(chat.ephemeral_seconds),
    end_of_history: orNull(chat.end_of_history),
    read_only: flag(chat.read_only),
    community: orNull(chat.community),
    is_community: flag(chat.is_community),
    is_announcement_group: flag(chat.is_announcement_group),
    observed_at: orNull(chat.observed_at),
  };
}

export function groupParameters(group: GroupInfo, observedAt: number): Parameters {
  return {
    jid: group.jid,
    name: group.name,
    description: orNull(group.description),
    owner: orNull(group.owner),
    created_at: orNull(group.created_at),
    addressing_mode: group.addressing_mode,
    only_admins_send: Number(group.only_admins_send),
    only_admins_edit: Number(group.only_admins_edit),
    only_admins_add: Number(group.only_admins_add),
    join_approval: Number(group.join_approval),
    disappearing_seconds: group.disappearing_seconds,
    is_community: Number(group.is_community),
    is_announcement_group: Number(group.is_announcement_group),
    community: orNull(group.community),
    size: group.size,
    observed_at: observedAt,
  };
}

/** What a group's info says of its chat. */
export function groupAsChat(group: GroupInfo, observedAt: number): ChatRecord {
  return {
    jid: group.jid,
    name: group.name,
    is_community: group.is_community,
    is_announcement_group: group.is_announcement_group,
    ephemeral_seconds: group.disappearing_seconds,
    ...(group.community !== undefined && { community: group.community }),
    observed_at: observedAt,
  };
}
