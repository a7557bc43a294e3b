/**
 * The tables of messages.db as drizzle sees them, one description each. It only describes: the schema is the migrations
 * in bridges/contract/store, drizzle never pushes or migrates, and schema.test.ts holds both equal.
 */
import { blob, integer, primaryKey, sqliteTable, sqliteView, text } from 'drizzle-orm/sqlite-core';

export const schemaMigrations = sqliteTable('schema_migrations', {
  version: integer('version').primaryKey(),
  name: text('name').notNull(),
  checksum: text('checksum').notNull(),
  appliedAt: integer('applied_at').notNull(),
});

export const meta = sqliteTable('meta', {
  k: text('k').primaryKey(),
  v: text('v').notNull(),
});

export const changeSeq = sqliteTable('change_seq', {
  id: integer('id').primaryKey(),
  seq: integer('seq').notNull(),
});

export const jidMap = sqliteTable('jid_map', {
  lid: text('lid').notNull(),
  pn: text('pn').notNull(),
  source: text('source').notNull(),
  firstSeen: integer('first_seen').notNull(),
  lastSeen: integer('last_seen').notNull(),
  contested: integer('contested').notNull().default(0),
}, (table) => [primaryKey({ columns: [table.lid, table.pn] })]);

export const jidAliases = sqliteTable('jid_aliases', {
  alias: text('alias').primaryKey(),
  jid: text('jid').notNull(),
});

export const contacts = sqliteTable('contacts', {
  jid: text('jid').primaryKey(),
  pnJid: text('pn_jid'),
  lidJid: text('lid_jid'),
});

export const contactFacts = sqliteTable('contact_facts', {
  jid: text('jid').notNull(),
  field: text('field').notNull(),
  value: text('value').notNull(),
  ts: integer('ts').notNull(),
}, (table) => [primaryKey({ columns: [table.jid, table.field] })]);

export const chatMerges = sqliteTable('chat_merges', {
  id: integer('id').primaryKey(),
  fromJid: text('from_jid').notNull(),
  intoJid: text('into_jid').notNull(),
  moved: integer('moved').notNull(),
  duplicates: integer('duplicates').notNull(),
  at: integer('at').notNull(),
});

export const chats = sqliteTable('chats', {
  jid: text('jid').primaryKey(),
  name: text('name'),
  lastMessageTime: integer('last_message_time'),
  kind: text('kind').notNull(),
  pnJid: text('pn_jid'),
  lidJid: text('lid_jid'),
  nameTs: integer('name_ts').notNull().default(0),
  lastMessageMid: integer('last_message_mid'),
  claimedTime: integer('claimed_time'),
  unreadCount: integer('unread_count').notNull().default(0),
  unreadBase: integer('unread_base'),
  unreadTs: integer('unread_ts').notNull().default(0),
  markedUnread: integer('marked_unread'),
  markedUnreadTs: integer('marked_unread_ts').notNull().default(0),
  archived: integer('archived'),
  archivedTs: integer('archived_ts').notNull().default(0),
  pinnedAt: integer('pinned_at'),
  pinnedTs: integer('pinned_ts').notNull().default(0),
  mutedUntil: integer('muted_until'),
  mutedTs: integer('muted_ts').notNull().default(0),
  ephemeralSeconds: integer('ephemeral_seconds'),
  ephemeralTs: integer('ephemeral_ts').notNull().default(0),
  readOnly: integer('read_only'),
  readOnlyTs: integer('read_only_ts').notNull().default(0),
  parentJid: text('parent_jid'),
  isCommunity: integer('is_community'),
  isAnnouncementGroup: integer('is_announcement_group'),
  endOfHistory: integer('end_of_history'),
  updatedSeq: integer('updated_seq').notNull().default(0),
});

export const groups = sqliteTable('groups', {
  jid: text('jid').primaryKey(),
  name: text('name').notNull(),
  description: text('description'),
  owner: text('owner'),
  createdAt: integer('created_at'),
  addressingMode: text('addressing_mode').notNull(),
  onlyAdminsSend: integer('only_admins_send').notNull(),
  onlyAdminsEdit: integer('only_admins_edit').notNull(),
  onlyAdminsAdd: integer('only_admins_add').notNull(),
  joinApproval: integer('join_approval').notNull(),
  disappearingSeconds: integer('disappearing_seconds').notNull(),
  isCommunity: integer('is_community').notNull(),
  isAnnouncementGroup: integer('is_announcement_group').notNull(),
  community: text('community'),
  size: integer('size').notNull(),
  observedAt: integer('observed_at').notNull(),
});

export const groupParticipants = sqliteTable('group_participants', {
  groupJid: text('group_jid').notNull(),
  userJid: text('user_jid').notNull(),
  role: text('role').notNull(),
  observedAt: integer('observed_at').notNull(),
  leftAt: integer('left_at'),
}, (table) => [primaryKey({ columns: [table.groupJid, table.userJid] })]);

export const messages = sqliteTable('messages', {
  mid: integer('mid').primaryKey(),
  id: text('id').notNull(),
  chatJid: text('chat_jid').notNull(),
  sender: text('sender'),
  content: text('content'),
  timestamp: integer('timestamp').notNull(),
  isFromMe: integer('is_from_me').notNull(),
  mediaType: text('media_type'),
  filename: text('filename'),
  url: text('url'),
  mediaKey: blob('media_key', { mode: 'buffer' }),
  fileSha256: blob('file_sha256', { mode: 'buffer' }),
  fileEncSha256: blob('file_enc_sha256', { mode: 'buffer' }),
  fileLength: integer('file_length'),
  idNs: text('id_ns').notNull().default(''),
  kind: text('kind').notNull(),
  timestampRaw: integer('timestamp_raw'),
  senderRaw: text('sender_raw'),
  addressingMode: text('addressing_mode'),
  pushName: text('push_name'),
  serverId: integer('server_id'),
  status: integer('status'),
  replyToId: text('reply_to_id'),
  replyToSender: text('reply_to_sender'),
  replyToText: text('reply_to_text'),
  mentions: text('mentions'),
  forwardingScore: integer('forwarding_score'),
  ephemeralSeconds: integer('ephemeral_seconds'),
  viewOnce: integer('view_once'),
  editTs: integer('edit_ts').notNull().default(0),
  revoked: integer('revoked').notNull().default(0),
  revokedAt: integer('revoked_at'),
  revokedBy: text('revoked_by'),
  deletedForMeAt: integer('deleted_for_me_at'),
  starred: integer('starred').notNull().default(0),
  starredTs: integer('starred_ts').notNull().default(0),
  pinned: integer('pinned').notNull().default(0),
  pinnedTs: integer('pinned_ts').notNull().default(0),
  directPath: text('direct_path'),
  directPathTs: integer('direct_path_ts').notNull().default(0),
  mimetype: text('mimetype'),
  width: integer('width'),
  height: integer('height'),
  durationSeconds: integer('duration_seconds'),
  thumbnail: blob('thumbnail', { mode: 'buffer' }),
  mediaStatus: text('media_status'),
  localPath: text('local_path'),
  mediaError: text('media_error'),
  broadcastJid: text('broadcast_jid'),
  payload: text('payload'),
  messageSecret: blob('message_secret', { mode: 'buffer' }),
  raw: blob('raw', { mode: 'buffer' }),
  origin: integer('origin').notNull(),
  firstSeenAt: integer('first_seen_at').notNull(),
});

export const messageEdits = sqliteTable('message_edits', {
  mid: integer('mid').notNull(),
  ts: integer('ts').notNull(),
  editId: text('edit_id'),
  content: text('content').notNull(),
}, (table) => [primaryKey({ columns: [table.mid, table.ts] })]);

export const reactions = sqliteTable('reactions', {
  mid: integer('mid').notNull(),
  reactorJid: text('reactor_jid').notNull(),
  emoji: text('emoji').notNull(),
  ts: integer('ts').notNull(),
}, (table) => [primaryKey({ columns: [table.mid, table.reactorJid] })]);

export const pollVotes = sqliteTable('poll_votes', {
  mid: integer('mid').notNull(),
  voterJid: text('voter_jid').notNull(),
  hashes: text('hashes').notNull(),
  ts: integer('ts').notNull(),
}, (table) => [primaryKey({ columns: [table.mid, table.voterJid] })]);

export const receipts = sqliteTable('receipts', {
  mid: integer('mid').notNull(),
  userJid: text('user_jid').notNull(),
  deliveredAt: integer('delivered_at'),
  readAt: integer('read_at'),
  playedAt: integer('played_at'),
}, (table) => [primaryKey({ columns: [table.mid, table.userJid] })]);

export const messageOps = sqliteTable('message_ops', {
  op: integer('op').primaryKey(),
  chatJid: text('chat_jid').notNull(),
  targetId: text('target_id').notNull(),
  type: text('type').notNull(),
  opId: text('op_id').notNull(),
  fromMe: integer('from_me').notNull(),
  actor: text('actor'),
  ts: integer('ts').notNull(),
  text: text('text'),
  payload: text('payload'),
  raw: blob('raw', { mode: 'buffer' }),
  firstSeenAt: integer('first_seen_at').notNull(),
  due: integer('due').notNull().default(1),
});

export const opReady = sqliteTable('op_ready', {
  op: integer('op').notNull(),
  mid: integer('mid').notNull(),
}, (table) => [primaryKey({ columns: [table.op, table.mid] })]);

export const messageCollisions = sqliteTable('message_collisions', {
  chatJid: text('chat_jid').notNull(),
  id: text('id').notNull(),
  idNs: text('id_ns').notNull(),
  seenAt: integer('seen_at').notNull(),
}, (table) => [primaryKey({ columns: [table.chatJid, table.id, table.idNs] })]);

export const chatEvents = sqliteTable('chat_events', {
  event: integer('event').primaryKey(),
  chatJid: text('chat_jid').notNull(),
  type: text('type').notNull(),
  timestamp: integer('timestamp').notNull(),
  actor: text('actor').notNull().default(''),
  parameters: text('parameters').notNull(),
  id: text('id'),
});

export const ftsState = sqliteTable('fts_state', {
  id: integer('id').primaryKey(),
  lastMid: integer('last_mid').notNull(),
  foldVersion: integer('fold_version').notNull(),
});

export const ftsDirty = sqliteTable('fts_dirty', {
  mid: integer('mid').primaryKey(),
});

/** One row a person with all that is known by name; `name` is the best of them. */
export const contactCards = sqliteView('contact_cards', {
  jid: text('jid').notNull(),
  pnJid: text('pn_jid'),
  lidJid: text('lid_jid'),
  nickname: text('nickname'),
  fullName: text('full_name'),
  firstName: text('first_name'),
  verifiedName: text('verified_name'),
  businessName: text('business_name'),
  pushName: text('push_name'),
  username: text('username'),
  about: text('about'),
  name: text('name'),
}).existing();

export * from './schema-sync.ts';
