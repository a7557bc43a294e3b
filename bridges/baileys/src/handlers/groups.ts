/** Groups and communities. */
import type { Input, Output } from '@whatsapp-mcp/contract';
import { Failure } from '@whatsapp-mcp/contract';
import { convertGroup } from '../convert/group.ts';
import { canonicalJid, canonicalUser, isPn } from '../convert/jid.ts';
import { filled, secondsToMillis } from '../convert/values.ts';
import type { BinaryNode } from '../session/nodes.ts';
import { child, children, inquire } from '../session/nodes.ts';
import type { Socket } from '../session/socket.ts';
import type { Context, Some } from './context.ts';
import { ask } from './context.ts';

type Names =
  | 'group.info'
  | 'group.create'
  | 'group.participants'
  | 'group.settings'
  | 'group.invite_link'
  | 'group.join_requests'
  | 'group.review_requests'
  | 'group.join'
  | 'group.leave'
  | 'community.list'
  | 'community.groups';

type ParticipantResult = Output<'group.participants'>['participants'][number];

/** What WhatsApp's codes for single participants mean. */
const reasons: Readonly<Record<string, string>> = {
  401: 'This person has blocked the account.',
  403: 'The privacy settings of this person do not allow it; an invitation can be sent.',
  404: 'Not a participant, or not on WhatsApp.',
  408: 'This person left the group recently and cannot be added yet.',
  409: 'Already a participant.',
  419: 'The group is full.',
};

function resultOf(jid: string | undefined, status: string): ParticipantResult[] {
  const person = canonicalUser(jid);
  if (person === undefined) return [];
  if (status === '200') return [{ jid: person, ok: true }];
  return [{ jid: person, ok: false, code: status.slice(0, 20), reason: reasons[status] ?? `WhatsApp answered ${status}.` }];
}

export function groupHandlers(context: Context): Some<Names> {
  return { ...lookups(context), ...membership(context), ...administration(context) };
}

function lookups(context: Context): Some<'group.info' | 'group.join_requests' | 'community.list' | 'community.groups'> {
  return {
    'group.info': async ({ jid, invite_code }, signal) => {
      if ((jid === undefined) === (invite_code === undefined)) throw new Failure('invalid_argument', 'Expected either "jid" or "invite_code".');
      if (jid !== undefined) return convertGroup(await ask(context, signal, 'nothing', (socket) => socket.groupMetadata(jid)));
      return convertGroup(await ask(context, signal, 'nothing', (socket) => socket.groupGetInviteInfo(invite_code ?? '')).catch(unknownInvite));
    },
    'group.join_requests': async ({ jid }, signal) => {
      const asked = await ask(context, signal, 'nothing', (socket) => socket.groupRequestParticipantsList(jid));
      return {
        requests: asked.flatMap((attrs) => {
          const person = canonicalUser(attrs['jid']);
          const pn = isPn(person) ? person : canonicalUser(attrs['phone_number']);
          return person === undefined ? [] : [{ jid: person, ...filled({ pn, requested_at: secondsToMillis(Number(attrs['request_time'] ?? 0)) }) }];
        }),
      };
    },
    'community.list': async (_input, signal) => {
      const groups = await ask(context, signal, 'nothing', (socket) => socket.groupFetchAllParticipating());
      return { communities: Object.values(groups).filter(({ isCommunity }) => isCommunity === true).map(convertGroup) };
    },
    'community.groups': async ({ jid }, signal) => {
      const answer = await ask(context, signal, 'nothing', (socket) => inquire(socket, { type: 'get', xmlns: 'w:g2', to: jid }, { tag: 'sub_groups', attrs: {} }));
      return { groups: children(child(answer, 'sub_groups'), 'group').flatMap(subGroup) };
    },
  };
}

/** Of an invite code, 406 says that nobody made it (whatsmeow group.go:GetGroupInfoFromLink). */
function unknownInvite(error: unknown): never {
  if (error instanceof Failure && error.details?.['code'] === 406) throw new Failure('not_found', 'WhatsApp knows no group with this invite code.');
  throw error;
}

function subGroup(group: BinaryNode): Output<'community.groups'>['groups'] {
  const id = group.attrs['id'] ?? '';
  const jid = canonicalJid(id.includes('@') ? id : `${id}@g.us`);
  const name = group.attrs['subject'] ?? '';
  return jid === undefined ? [] : [{ jid, name: name.slice(0, 1000), is_announcement_group: child(group, 'default_sub_group') !== undefined }];
}

function membership(context: Context): Some<'group.create' | 'group.participants' | 'group.review_requests' | 'group.join' | 'group.leave'> {
  return {
    'group.create': async ({ name, participants }, signal) => {
      const made = convertGroup(await ask(context, signal, 'something', (socket) => socket.groupCreate(name, participants)));
      const there = new Set(made.participants.flatMap(({ jid, pn, lid }) => [jid, pn, lid]));
      return { group: made, participants: participants.flatMap((jid) => (there.has(jid) ? resultOf(jid, '200') : resultOf(jid, '403'))) };
    },
    'group.participants': async ({ jid, action, participants }, signal) => {
      const results = await ask(context, signal, 'something', (socket) => socket.groupParticipantsUpdate(jid, participants, action));
      return { participants: results.flatMap(({ jid: person, status }) => resultOf(person, status)) };
    },
    'group.review_requests': async ({ jid, action, participants }, signal) => {
      const results = await ask(context, signal, 'something', (socket) => socket.groupRequestParticipantsUpdate(jid, participants, action));
      return { participants: results.flatMap(({ jid: person, status }) => resultOf(person, status)) };
    },
    'group.join': async ({ invite_code }, signal) => {
      // groupAcceptInvite does not tell whether an admin still has to approve.
      const invite = { tag: 'invite', attrs: { code: invite_code } };
      const answer = await ask(context, signal, 'something', (socket) => inquire(socket, { type: 'set', xmlns: 'w:g2', to: '@g.us' }, invite)).catch(unknownInvite);
      const pending = child(answer, 'membership_approval_request');
      const jid = canonicalJid((pending ?? child(answer, 'group'))?.attrs['jid']);
      if (jid === undefined) throw new Failure('outcome_unknown', 'WhatsApp did not say which group was joined.');
      return { jid, pending_approval: pending !== undefined };
    },
    'group.leave': async ({ jid }, signal) => {
      await ask(context, signal, 'something', (socket) => socket.groupLeave(jid));
      return {};
    },
  };
}

type Settings = Input<'group.settings'>;
type Change = (socket: Socket, settings: Settings) => Promise<void>;

/** How each setting is changed, in the order in which they are. */
const changes: readonly (readonly [Exclude<keyof Settings, 'jid'>, Change])[] = [
  ['name', (socket, { jid, name }) => socket.groupUpdateSubject(jid, name ?? '')],
  ['description', (socket, { jid, description }) => socket.groupUpdateDescription(jid, description)],
  ['only_admins_send', (socket, { jid, only_admins_send }) => socket.groupSettingUpdate(jid, only_admins_send === true ? 'announcement' : 'not_announcement')],
  ['only_admins_edit', (socket, { jid, only_admins_edit }) => socket.groupSettingUpdate(jid, only_admins_edit === true ? 'locked' : 'unlocked')],
  ['only_admins_add', (socket, { jid, only_admins_add }) => socket.groupMemberAddMode(jid, only_admins_add === true ? 'admin_add' : 'all_member_add')],
  ['join_approval', (socket, { jid, join_approval }) => socket.groupJoinApprovalMode(jid, join_approval === true ? 'on' : 'off')],
  ['disappearing_seconds', (socket, { jid, disappearing_seconds }) => socket.groupToggleEphemeral(jid, disappearing_seconds ?? 0)],
];

function administration(context: Context): Some<'group.settings' | 'group.invite_link'> {
  return {
    'group.settings': async (settings, signal) => {
      const applied: string[] = [];
      for (const [name, change] of changes.filter(([field]) => settings[field] !== undefined)) {
        await ask(context, signal, 'nothing', (socket) => change(socket, settings));
        applied.push(name);
      }
      return { applied };
    },
    'group.invite_link': async ({ jid, revoke }, signal) => {
      const code = await ask(context, signal, 'nothing', (socket) => (revoke === true ? socket.groupRevokeInvite(jid) : socket.groupInviteCode(jid)));
      if (code === undefined) throw new Failure('whatsapp_error', 'WhatsApp gave no invite code.');
      return { link: `https://chat.whatsapp.com/${code}`, code };
    },
  };
}
