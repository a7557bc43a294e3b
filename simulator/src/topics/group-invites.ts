import { Jid } from '../wire/jid.ts';
import { attr, child, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Group } from '../world/types.ts';
import { actOf, addressedGroup, addressesOf, adminAct, announce, MAX_MEMBERS, memberOf, nowOf, participantNode, requireAdmin } from './group-act.ts';
import type { Act } from './group-act.ts';
import { announceRequest, join } from './group-members.ts';
import { groupAnswer, groupNode } from './groups.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** Ways into a group: its link, a personal invitation, a request that an admin answers. */
export const GROUP_INVITE_ROWS: readonly IqRow[] = [
  { xmlns: 'w:g2', type: 'get', tag: 'invite', answer: readInvite },
  { xmlns: 'w:g2', type: 'set', tag: 'invite', answer: useInvite },
  { xmlns: 'w:g2', type: 'get', tag: 'query', answer: query },
  { xmlns: 'w:g2', type: 'set', tag: 'accept', answer: accept },
  { xmlns: 'w:g2', type: 'set', tag: 'revoke', answer: revokePersonal },
  { xmlns: 'w:g2', type: 'get', tag: 'membership_approval_requests', answer: listRequests },
  { xmlns: 'w:g2', type: 'set', tag: 'membership_requests_action', answer: answerRequests },
];

/** Without a code: the code of the group's own link. With one: the group behind a link, without joining it. */
function readInvite(request: IqRequest): IqAnswer {
  const code = attr(request.child, 'code');
  if (code === undefined) return [node('invite', { code: linkAct(request).group.inviteCode })];
  return previewOf(linked(request, code));
}

/** What somebody with an invitation sees: the group, and of its members the admins. */
function previewOf({ exchange, group }: Act): IqAnswer {
  const whole = groupNode(exchange, group);
  const shown = children(whole).filter(({ tag, attrs }) => tag !== 'participant' || attrs['type'] !== undefined);
  return groupAnswer({ ...whole, content: shown }, group);
}

/** Without a code: makes a new link, the old one is void from then on. With one: joins by a link. */
function useInvite(request: IqRequest): IqAnswer {
  const code = attr(request.child, 'code');
  if (code !== undefined) return joinByLink(linked(request, code));
  const act = linkAct(request);
  act.exchange.state.groups.renewLink(act.group);
  announce(act, node('invite', { code: act.group.inviteCode }));
  return [node('invite', { code: act.group.inviteCode })];
}

/** Admins see the link, and all members where all may add people. */
function linkAct(request: IqRequest): Act {
  const act = actOf(request);
  const open = act.group.memberAddMode === 'all_member_add' && attr(request.iq, 'type') === 'get';
  return open ? act : requireAdmin(act, 401);
}

/** The group behind a code. 410: revoked, 406: never was one (whatsmeow group.go: JoinGroupWithLink). */
function linked({ exchange, from }: IqRequest, code: string): Act {
  const group = [...exchange.world.groups.values()].find(({ inviteCode }) => inviteCode === code);
  if (group !== undefined) return { exchange, actor: from.account, group };
  throw exchange.state.groups.isRevoked(code) ? new Refusal(410, 'gone') : new Refusal(406, 'not-acceptable');
}

/** 409: is a member already; 401: was removed by an admin; 419: full. */
function joinByLink(act: Act): IqAnswer {
  const { exchange, actor, group } = act;
  const person = actor.person.id;
  const jid = Jid.parse(group.jid);
  if (memberOf(group, person) !== undefined) throw new Refusal(409, 'conflict');
  if (group.past.some((past) => past.person === person && past.reason === 'removed')) throw new Refusal(401, 'not-authorized');
  if (group.members.length >= MAX_MEMBERS) throw new Refusal(419, 'resource-limit');
  if (group.joinApproval) {
    const request = { person, at: nowOf(act), method: 'invite_link' } as const;
    if (exchange.state.groups.addRequest(group, request)) announceRequest(act, request);
    return [node('membership_approval_request', { jid })];
  }
  join(act, [person], { reason: 'invite' });
  // Baileys looks for `community` where it joins a community (Socket/communities.js: communityAcceptInvite).
  return group.kind === 'community' ? [node('group', { jid }), node('community', { jid })] : [node('group', { jid })];
}

/** The group for its members, or for somebody who holds a personal invitation (`<add_request>`). */
function query(request: IqRequest): IqAnswer {
  const invitation = child(request.child, 'add_request');
  if (invitation === undefined) {
    const { exchange, group } = actOf(request);
    return groupAnswer(groupNode(exchange, group), group);
  }
  const act = addressedGroup(request);
  personal(act, invitation);
  return previewOf(act);
}

/** Throws a Refusal unless the invitation is for who acts and still good: 401, or 410 when it has expired. */
function personal(act: Act, asked: BinaryNode): void {
  const invite = act.exchange.state.groups.personalInvite(act.group, attr(asked, 'code') ?? '');
  if (invite?.invited !== act.actor.person.id) throw new Refusal(401, 'not-authorized');
  if (invite.expiresAt < nowOf(act)) throw new Refusal(410, 'gone');
}

function accept(request: IqRequest): IqAnswer {
  const act = addressedGroup(request);
  const { exchange, actor, group } = act;
  if (request.child !== undefined) personal(act, request.child);
  if (memberOf(group, actor.person.id) !== undefined) throw new Refusal(409, 'conflict');
  exchange.state.groups.uninvite(group, actor.person.id);
  join(act, [actor.person.id], { reason: 'invite' });
  return [];
}

function revokePersonal(request: IqRequest): IqAnswer {
  const { exchange, group } = adminAct(request);
  const entries = children(request.child, 'participant').map((asked) => {
    const person = exchange.world.person(jidAttr(asked, 'jid')?.bare.toString() ?? '');
    const had = person !== undefined && exchange.state.groups.uninvite(group, person.id);
    return node('participant', { jid: asked.attrs['jid'], error: had ? undefined : 404 });
  });
  return [node('revoke', {}, entries)];
}

function listRequests(request: IqRequest): IqAnswer {
  const act = adminAct(request);
  const entries = act.exchange.state.groups.requestsFor(act.group).map(({ person, at, method }) => {
    return node('membership_approval_request', { ...addressesOf(act, person), request_time: at, request_method: method });
  });
  return [node('membership_approval_requests', {}, entries)];
}

/** What an admin can say to a request. */
const VERDICTS: Readonly<Record<string, (act: Act, person: string) => void>> = {
  approve: (act, person) => join(act, [person], { reason: 'membership_approval' }),
  reject: (act, person) => {
    const change = node('revoked_membership_requests', {}, [participantNode(act, person)]);
    announce(act, change, [...adminsOf(act.group), person]);
  },
};

function answerRequests(request: IqRequest): IqAnswer {
  const act = adminAct(request);
  const action = child(request.child);
  const verdict = action === undefined ? undefined : VERDICTS[action.tag];
  if (action === undefined || verdict === undefined) throw new Refusal(400, 'bad-request');
  const entries = children(action, 'participant').map((asked) => {
    const person = act.exchange.world.person(jidAttr(asked, 'jid')?.bare.toString() ?? '');
    const waits = person !== undefined && act.exchange.state.groups.takeRequest(act.group, person.id);
    if (waits) verdict(act, person.id);
    return node('participant', { jid: asked.attrs['jid'], error: waits ? undefined : 404 });
  });
  return [node('membership_requests_action', {}, [node(action.tag, {}, entries)])];
}

function adminsOf(group: Group): string[] {
  return group.members.filter(({ role }) => role !== 'member').map(({ person }) => person);
}
