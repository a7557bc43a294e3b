import { Failure } from '@whatsapp-mcp/contract';
import type { Output } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { nameOf, readsFor, resolveGroup, resolvePeople } from '../recipient.ts';
import { shown } from '../store/display-text.ts';
import { localTime } from '../store/local-time.ts';
import { namesOf } from '../store/names.ts';
import { withoutUndefined } from '../stored-message.ts';
import { tool } from '../tool.ts';
import { withNotice } from '../untrusted.ts';
import { reference } from './arguments.ts';

const groupsSet = { toolset: 'groups' } as const;
const people = z.array(reference).min(1).max(256);

/** The code of an invite link, or undefined for text that is none. */
export function inviteCode(text: string): string | undefined {
  return /^(?:https?:\/\/)?chat\.whatsapp\.com\/(?:invite\/)?([A-Za-z0-9_-]{10,64})\/?(?:\?.*)?$/.exec(text.trim())?.[1];
}

export const getGroupInfo = tool({
  ...groupsSet,
  name: 'get_group_info',
  title: 'Group info',
  description: 'Name, description, settings and participants of a group, by JID or by invite link (without joining).',
  effect: 'reads',
  route: 'group.info',
  input: z.strictObject({ group: reference }),
  examples: [{ group: '1203@g.us' }, { group: 'https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv' }],
  run: async ({ group }, context) => {
    const code = inviteCode(group);
    const info = await context.ask('group.info', code === undefined ? { jid: resolveGroup(context, group) } : { invite_code: code });
    return withNotice(groupView(context, info));
  },
});

/** A group as tools show it: names cleaned, times local, participants with their names. */
export function groupView(context: Context, info: Output<'group.info'>): JsonObject {
  const names = namesOf(readsFor(context), info.participants.map(({ jid }) => jid));
  return {
    ...info,
    name: shown(info.name),
    created_at: info.created_at === undefined ? undefined : localTime(context.timeZone).format(info.created_at),
    participants: info.participants.map((each) => ({ ...each, name: names.get(each.jid) ?? shown(each.name ?? '') })),
  };
}

export const createGroup = tool({
  ...groupsSet,
  name: 'create_group',
  title: 'Create a group',
  description: 'Creates a group with these people.',
  effect: 'destroys',
  route: 'group.create',
  input: z.strictObject({ name: z.string().min(1).max(100), participants: people }),
  examples: [{ name: 'Picnic', participants: ['+1 555 0100'] }],
  run: async ({ name, participants }, context) => {
    const { group, participants: results } = await context.ask('group.create', { name, participants: await resolvePeople(context, participants) });
    return { success: true, group: groupView(context, group), results: results.map((each) => ({ ...each, name: nameOf(context, each.jid) })) };
  },
});

export const updateGroupParticipants = tool({
  ...groupsSet,
  name: 'update_group_participants',
  title: 'Change group participants',
  description: 'Adds, removes, promotes or demotes participants of a group you administer. Each has its own result.',
  effect: 'destroys',
  route: 'group.participants',
  input: z.strictObject({ group_jid: reference, action: z.enum(['add', 'remove', 'promote', 'demote']), participants: people }),
  examples: [{ group_jid: '1203@g.us', action: 'add', participants: ['+1 555 0100'] }],
  run: async ({ group_jid, action, participants }, context) => {
    const jid = resolveGroup(context, group_jid);
    const answer = await context.ask('group.participants', { jid, action, participants: await resolvePeople(context, participants) });
    return perPerson(context, { jid, action }, answer.participants);
  },
});

function perPerson(context: Context, named: { jid: string; action: string }, results: Output<'group.participants'>['participants']): JsonObject {
  const rows = results.map((each) => ({ ...each, name: nameOf(context, each.jid) }));
  return { success: results.every(({ ok }) => ok), group_jid: named.jid, action: named.action, results: rows };
}

export const updateGroupSettings = tool({
  ...groupsSet,
  name: 'update_group_settings',
  title: 'Change group settings',
  description: 'Changes name, description, who may send, edit or add, join approval, or the disappearing timer (0 off).',
  effect: 'destroys',
  route: 'group.settings',
  input: z.strictObject({
    group_jid: reference,
    name: z.string().min(1).max(100).optional(),
    description: z.string().max(2048).optional(),
    only_admins_send: z.boolean().optional(),
    only_admins_edit: z.boolean().optional(),
    only_admins_add: z.boolean().optional(),
    join_approval: z.boolean().optional(),
    disappearing_seconds: z.int().min(0).max(7_776_000).optional(),
  }),
  examples: [{ group_jid: '1203@g.us', only_admins_send: true }],
  run: async ({ group_jid, ...changes }, context) => {
    const asked = withoutUndefined(changes);
    if (Object.keys(asked).length === 0) throw new Failure('invalid_argument', 'update_group_settings: name at least one setting to change.');
    const jid = resolveGroup(context, group_jid);
    const { applied } = await context.ask('group.settings', { jid, ...asked });
    return { success: applied.length === Object.keys(asked).length, group_jid: jid, applied, not_applied: Object.keys(asked).filter((key) => !applied.includes(key)) };
  },
});

export const getGroupInviteLink = tool({
  ...groupsSet,
  name: 'get_group_invite_link',
  title: 'Group invite link',
  description: 'The invite link of a group you administer; revoke_old makes the old one useless and returns a new one.',
  effect: 'reads',
  route: 'group.invite_link',
  input: z.strictObject({ group_jid: reference, revoke_old: z.boolean().optional() }),
  examples: [{ group_jid: '1203@g.us' }],
  run: async ({ group_jid, revoke_old = false }, context) => {
    const jid = resolveGroup(context, group_jid);
    return { group_jid: jid, ...(await context.ask('group.invite_link', { jid, ...(revoke_old && { revoke: true }) })), revoked_old: revoke_old };
  },
});

export const reviewGroupJoinRequests = tool({
  ...groupsSet,
  name: 'review_group_join_requests',
  title: 'Group join requests',
  description: 'Lists who asked to join a group; with action and participants approves or rejects them.',
  effect: 'destroys',
  route: 'group.join_requests',
  operations: ['group.join_requests', 'group.review_requests'],
  input: z.strictObject({ group_jid: reference, action: z.enum(['approve', 'reject']).optional(), participants: people.optional() }),
  examples: [{ group_jid: '1203@g.us' }],
  run: async ({ group_jid, action, participants }, context) => {
    const jid = resolveGroup(context, group_jid);
    if ((action === undefined) !== (participants === undefined)) throw new Failure('invalid_argument', 'review_group_join_requests: give action and participants together, or neither to list the requests.');
    if (action === undefined || participants === undefined) return listRequests(context, jid);
    const answer = await context.ask('group.review_requests', { jid, action, participants: await resolvePeople(context, participants) });
    return perPerson(context, { jid, action }, answer.participants);
  },
});

async function listRequests(context: Context, jid: string): Promise<JsonObject> {
  const { requests } = await context.ask('group.join_requests', { jid });
  const { format } = localTime(context.timeZone);
  const rows = requests.map(({ requested_at, ...each }) => ({ ...each, name: nameOf(context, each.jid), requested_at: requested_at === undefined ? undefined : format(requested_at) }));
  return withNotice({ group_jid: jid, count: rows.length, requests: rows });
}

export const joinGroup = tool({
  ...groupsSet,
  name: 'join_group',
  title: 'Join a group',
  description: 'Joins a group by its invite link.',
  effect: 'destroys',
  route: 'group.join',
  input: z.strictObject({ invite_link: z.string().min(1).max(400) }),
  examples: [{ invite_link: 'https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv' }],
  run: async ({ invite_link }, context) => {
    const code = inviteCode(invite_link);
    if (code === undefined) throw new Failure('invalid_argument', `invite_link: expected https://chat.whatsapp.com/…, got "${invite_link}".`);
    const { jid, pending_approval } = await context.ask('group.join', { invite_code: code });
    return { success: true, group_jid: jid, pending_approval };
  },
});

export const leaveGroup = tool({
  ...groupsSet,
  name: 'leave_group',
  title: 'Leave a group',
  description: 'Leaves a group. Stored messages stay.',
  effect: 'destroys',
  route: 'group.leave',
  input: z.strictObject({ group_jid: reference }),
  examples: [{ group_jid: '1203@g.us' }],
  run: async ({ group_jid }, context) => {
    const jid = resolveGroup(context, group_jid);
    await context.ask('group.leave', { jid });
    return { success: true, group_jid: jid, group_name: nameOf(context, jid), left: true };
  },
});
