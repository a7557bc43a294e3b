/**
 * Canonical records: one WhatsApp fact each, in one form whichever library told it and whether live or by history.
 * Both bridges make them (cases/canonical holds the shared golden vectors); store/merge writes them to messages.db.
 * JIDs are device-less, c.us and hosted forms replaced; LIDs stay LIDs: resolving them is the merge's work.
 */
import { z } from 'zod';
import { Base64, GroupJid, Jid, MediaSource, MessageId, Millis, UserJid } from './nouns.ts';
import { GroupInfo } from './operations/groups.ts';

export const messageKinds = [
  'text',
  'image',
  'video',
  'gif',
  'ptv',
  'audio',
  'ptt',
  'document',
  'sticker',
  'location',
  'live_location',
  'contact',
  'contacts',
  'poll',
  'event',
  'buttons',
  'list',
  'interactive',
  'template',
  'product',
  'order',
  'payment',
  'call',
  'album',
  'group_invite',
  'system',
  'undecryptable',
  'view_once_unavailable',
  'unknown',
] as const;

const JsonText = z.string().max(262_144).meta({ id: 'JsonText', description: 'JSON as text' });
const ShortText = z.string().max(2000);

export const MessageRecord = z
  .strictObject({
    chat: Jid,
    chat_alt: Jid.optional().describe('Other form (PN or LID) of a direct chat, where the message tells it'),
    id: MessageId,
    from_me: z.boolean(),
    sender: UserJid.optional().describe('Absent: unknown, or a channel'),
    sender_alt: UserJid.optional(),
    sender_raw: z.string().max(100).optional().describe('Exactly as addressed: votes, reactions and edits decrypt only with it'),
    addressing_mode: z.enum(['pn', 'lid']).optional(),
    push_name: ShortText.optional(),
    timestamp: Millis,
    kind: z.enum(messageKinds),
    text: z.string().max(262_144).optional().describe('Body or caption'),
    media: MediaSource.optional(),
    width: z.int().min(0).max(1_000_000).optional(),
    height: z.int().min(0).max(1_000_000).optional(),
    duration_seconds: z.int().min(0).max(10_000_000).optional(),
    thumbnail: Base64.optional(),
    quoted_id: MessageId.optional(),
    quoted_sender: UserJid.optional(),
    quoted_text: z.string().max(65_536).optional(),
    mentions: z.array(UserJid).max(4096).optional(),
    forwarding_score: z.int().min(0).max(1_000_000).optional(),
    ephemeral_seconds: z.int().min(0).max(100_000_000).optional(),
    view_once: z.boolean().optional(),
    status: z.int().min(0).max(5).optional().describe('WebMessageInfo.Status: 0 error, 1 pending, 2 server, 3 delivered, 4 read, 5 played'),
    starred: z.boolean().optional(),
    server_id: z.int().min(0).max(4_294_967_295).optional(),
    broadcast: Jid.optional().describe('Broadcast list through which it came'),
    payload: JsonText.optional().describe('Location, contacts, poll, event, order … by kind'),
    message_secret: Base64.optional(),
    edited_at: Millis.optional().describe('The text is that of an edit made then'),
    revoked: z.boolean().optional().describe('Only the tombstone is known'),
    raw: Base64.optional().describe('waE2E.Message, unwrapped; left out where the other fields hold all of it'),
  })
  .meta({ id: 'MessageRecord' });

export const opTypes = ['edit', 'revoke', 'reaction', 'poll_vote', 'pin', 'unpin', 'star', 'unstar', 'delete_for_me', 'receipt'] as const;

export const OpRecord = z
  .strictObject({
    type: z.enum(opTypes),
    op_id: z.string().min(1).max(256).describe('Stanza id; where history has none, made from type, actor and target'),
    chat: Jid,
    chat_alt: Jid.optional(),
    target_id: MessageId,
    from_me: z.boolean(),
    actor: UserJid.optional(),
    actor_alt: UserJid.optional(),
    timestamp: Millis,
    text: z.string().max(262_144).optional().describe('New text of an edit; emoji of a reaction, empty when removed'),
    payload: JsonText.optional().describe('poll_vote: {"hashes":[hex…]}; receipt: {"kind":"delivered|read|played"}; edit: mentions'),
    raw: Base64.optional(),
  })
  .meta({ id: 'OpRecord' });

export const EventRecord = z
  .strictObject({
    chat: Jid,
    type: z.string().min(1).max(80).describe('Name of the stub type, lower case, e.g. group_participant_add'),
    timestamp: Millis,
    id: MessageId.optional(),
    actor: UserJid.optional(),
    parameters: z.array(z.string().max(4000)).max(1100),
  })
  .meta({ id: 'EventRecord' });

export const ChatRecord = z
  .strictObject({
    jid: Jid,
    pn: UserJid.optional(),
    lid: UserJid.optional(),
    name: ShortText.optional(),
    last_message_at: Millis.optional(),
    unread_count: z.int().min(0).max(1_000_000).optional(),
    marked_unread: z.boolean().optional(),
    archived: z.boolean().optional(),
    pinned_at: Millis.optional().describe('0: not pinned'),
    muted_until: z.int().min(-1).max(9_000_000_000_000).optional().describe('ms; -1: for ever; 0: not muted'),
    ephemeral_seconds: z.int().min(0).max(100_000_000).optional(),
    end_of_history: z.int().min(0).max(3).optional().describe('Conversation.EndOfHistoryTransferType, only where the phone gave it'),
    read_only: z.boolean().optional(),
    community: GroupJid.optional(),
    is_community: z.boolean().optional(),
    is_announcement_group: z.boolean().optional(),
    observed_at: Millis.optional().describe('When the state was true; absent in history'),
  })
  .meta({ id: 'ChatRecord' });

export const ContactRecord = z
  .strictObject({
    jid: UserJid,
    pn: UserJid.optional(),
    lid: UserJid.optional(),
    full_name: ShortText.optional(),
    first_name: ShortText.optional(),
    push_name: ShortText.optional(),
    business_name: ShortText.optional(),
    verified_name: ShortText.optional(),
    username: ShortText.optional(),
    about: z.string().max(5000).optional(),
  })
  .meta({ id: 'ContactRecord' });

export const MappingRecord = z
  .strictObject({ lid: UserJid, pn: UserJid, source: z.string().max(40) })
  .meta({ id: 'MappingRecord' });

export const syncTypes = ['INITIAL_BOOTSTRAP', 'INITIAL_STATUS_V3', 'FULL', 'RECENT', 'PUSH_NAME', 'NON_BLOCKING_DATA', 'ON_DEMAND', 'LIVE', 'RESEND'] as const;

export const ChunkRecord = z
  .strictObject({
    sync_type: z.enum(syncTypes).describe('LIVE: received in real time; RESEND: answer to a placeholder resend'),
    chunk_order: z.int().min(0).max(10_000_000).optional(),
    progress: z.int().min(0).max(100).optional(),
    request_id: z.string().max(128).optional().describe('peerDataRequestSessionId of an on-demand answer'),
    received_at: Millis,
    messages: z.int().min(0).max(10_000_000),
    chats: z.int().min(0).max(10_000_000),
  })
  .meta({ id: 'ChunkRecord' });

/** One row of the staging database. Exactly one of the fields after `chunk_id` is set, but a message may bring ops. */
export const StagedRow = z
  .strictObject({
    seq: z.int().min(1).max(9_007_199_254_740_991),
    chunk_id: z.int().min(0).max(9_007_199_254_740_991),
    sync_type: z.enum(syncTypes).describe('Of its chunk: tells live from history before the chunk has ended'),
    received_at: Millis.describe('Of its chunk'),
    message: MessageRecord.optional(),
    ops: z.array(OpRecord).max(10_000).optional(),
    event: EventRecord.optional(),
    chat: ChatRecord.optional(),
    contact: ContactRecord.optional(),
    mapping: MappingRecord.optional(),
    group: GroupInfo.optional(),
    chunk: ChunkRecord.optional().describe('Last row of its chunk'),
    unreadable: z.strictObject({ error: z.string().max(2000), proto: Base64 }).optional(),
  })
  .meta({ id: 'StagedRow' });

export type MessageRecord = z.infer<typeof MessageRecord>;
export type OpRecord = z.infer<typeof OpRecord>;
export type EventRecord = z.infer<typeof EventRecord>;
export type ChatRecord = z.infer<typeof ChatRecord>;
export type ContactRecord = z.infer<typeof ContactRecord>;
export type MappingRecord = z.infer<typeof MappingRecord>;
export type ChunkRecord = z.infer<typeof ChunkRecord>;
export type StagedRow = z.infer<typeof StagedRow>;
