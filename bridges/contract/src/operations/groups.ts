import { z } from 'zod';
import { Done, GroupJid, Jid, Millis, UserJid } from '../nouns.ts';
import { both, operation } from '../operation.ts';

const GroupParticipant = z
  .strictObject({ jid: UserJid, pn: UserJid.optional(), lid: UserJid.optional(), name: z.string().max(500).optional(), role: z.enum(['member', 'admin', 'superadmin']) })
  .meta({ id: 'GroupParticipant' });

export const GroupInfo = z
  .strictObject({
    jid: GroupJid,
    name: z.string().max(1000),
    description: z.string().max(10_000).optional(),
    owner: UserJid.optional(),
    created_at: Millis.optional(),
    addressing_mode: z.enum(['pn', 'lid']),
    only_admins_send: z.boolean(),
    only_admins_edit: z.boolean(),
    only_admins_add: z.boolean(),
    join_approval: z.boolean(),
    disappearing_seconds: z.int().min(0).max(31_536_000),
    is_community: z.boolean(),
    is_announcement_group: z.boolean(),
    community: GroupJid.optional(),
    size: z.int().min(0).max(100_000),
    participants: z.array(GroupParticipant).max(100_000),
  })
  .meta({ id: 'GroupInfo' });

const ParticipantResult = z
  .strictObject({ jid: UserJid, ok: z.boolean(), code: z.string().max(20).optional(), reason: z.string().max(500).optional(), invite_sent: z.boolean().optional() })
  .meta({ id: 'ParticipantResult' });

const adminFails = ['not_allowed', 'not_found'] as const;

export const groups = {
  'group.info': operation({
    summary: 'Name, settings and participants of a group, by JID or by invite code without joining',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: GroupJid.optional(), invite_code: z.string().max(64).optional() }),
    output: GroupInfo,
    fails: [...adminFails, 'expired'],
  }),
  'group.create': operation({
    summary: 'Creates a group',
    bridges: both,
    replay: 'never',
    input: z.strictObject({ name: z.string().min(1).max(100), participants: z.array(UserJid).max(1023) }),
    output: z.strictObject({ group: GroupInfo, participants: z.array(ParticipantResult).max(1024) }),
    fails: ['outcome_unknown', 'not_allowed', 'restricted'],
  }),
  'group.participants': operation({
    summary: 'Adds, removes, promotes or demotes participants',
    bridges: both,
    replay: 'never',
    input: z.strictObject({ jid: GroupJid, action: z.enum(['add', 'remove', 'promote', 'demote']), participants: z.array(UserJid).min(1).max(256) }),
    output: z.strictObject({ participants: z.array(ParticipantResult).max(256) }),
    fails: [...adminFails, 'outcome_unknown', 'restricted'],
  }),
  'group.settings': operation({
    summary: 'Changes name, description, permissions or the disappearing timer',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({
      jid: GroupJid,
      name: z.string().min(1).max(100).optional(),
      description: z.string().max(2048).optional(),
      only_admins_send: z.boolean().optional(),
      only_admins_edit: z.boolean().optional(),
      only_admins_add: z.boolean().optional(),
      join_approval: z.boolean().optional(),
      disappearing_seconds: z.int().min(0).max(7_776_000).optional(),
    }),
    output: z.strictObject({ applied: z.array(z.string().max(40)).max(10) }),
    fails: [...adminFails],
  }),
  'group.invite_link': operation({
    summary: 'The invite link of a group; with revoke, a new one',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: GroupJid, revoke: z.boolean().optional() }),
    output: z.strictObject({ link: z.string().max(200), code: z.string().max(64) }),
    fails: [...adminFails],
  }),
  'group.join_requests': operation({
    summary: 'Lists people who asked to join',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: GroupJid }),
    output: z.strictObject({ requests: z.array(z.strictObject({ jid: UserJid, pn: UserJid.optional(), requested_at: Millis.optional() })).max(10_000) }),
    fails: [...adminFails],
  }),
  'group.review_requests': operation({
    summary: 'Approves or rejects people who asked to join',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: GroupJid, action: z.enum(['approve', 'reject']), participants: z.array(UserJid).min(1).max(256) }),
    output: z.strictObject({ participants: z.array(ParticipantResult).max(256) }),
    fails: [...adminFails],
  }),
  'group.join': operation({
    summary: 'Joins a group by invite code',
    bridges: both,
    replay: 'never',
    input: z.strictObject({ invite_code: z.string().min(4).max(64) }),
    output: z.strictObject({ jid: GroupJid, pending_approval: z.boolean() }),
    fails: [...adminFails, 'expired', 'outcome_unknown'],
  }),
  'group.leave': operation({
    summary: 'Leaves a group',
    bridges: both,
    replay: 'never',
    input: z.strictObject({ jid: GroupJid }),
    output: Done,
    fails: [...adminFails, 'outcome_unknown'],
  }),
  'community.list': operation({
    summary: 'The communities of this account',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({}),
    output: z.strictObject({ communities: z.array(GroupInfo).max(1000) }),
  }),
  'community.groups': operation({
    summary: 'The groups of a community',
    bridges: both,
    replay: 'safe',
    input: z.strictObject({ jid: GroupJid }),
    output: z.strictObject({
      groups: z.array(z.strictObject({ jid: Jid, name: z.string().max(1000), is_announcement_group: z.boolean(), joined: z.boolean().optional() })).max(1000),
    }),
    fails: [...adminFails],
  }),
};
