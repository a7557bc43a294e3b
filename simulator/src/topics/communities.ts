import { seenAs } from '../exchange/addressing.ts';
import { Jid } from '../wire/jid.ts';
import { attr, child, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Group } from '../world/types.ts';
import { actOf, addressesOf, adminAct, announce, isAdmin, subGroupsOf } from './group-act.ts';
import type { Act } from './group-act.ts';
import { announceLink } from './group-creation.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** Groups that belong together. */
export const COMMUNITY_ROWS: readonly IqRow[] = [
  { xmlns: 'w:g2', type: 'get', tag: 'sub_groups', answer: subGroups },
  { xmlns: 'w:g2', type: 'get', tag: 'linked_groups_participants', answer: linkedParticipants },
  { xmlns: 'w:g2', type: 'set', tag: 'links', answer: link },
  { xmlns: 'w:g2', type: 'set', tag: 'unlink', answer: unlink },
];

function subGroups(request: IqRequest): IqAnswer {
  const { exchange, group } = actOf(request);
  return [node('sub_groups', {}, subGroupsOf(exchange, group).map((linked) => subGroupNode(request, linked)))];
}

function subGroupNode({ exchange }: IqRequest, group: Group): BinaryNode {
  const { id, subject, subjectAt, createdAt, kind, members } = group;
  const person = exchange.world.people.get(group.creator);
  const creator = person === undefined ? undefined : seenAs({ person }, group.addressing).jid;
  const attrs = { id, subject, s_t: subjectAt, creation: createdAt, creator, size: members.length };
  return node('group', attrs, kind === 'announcement' ? [node('default_sub_group')] : undefined);
}

function linkedParticipants(request: IqRequest): IqAnswer {
  const act = actOf(request);
  const groups = [act.group, ...subGroupsOf(act.exchange, act.group)];
  const people = new Set(groups.flatMap(({ members }) => members.map(({ person }) => person)));
  const entries = [...people].map((person) => node('participant', addressesOf(act, person)));
  return [node('linked_groups_participants', {}, entries)];
}

function link(request: IqRequest): IqAnswer {
  const community = communityAct(request);
  const linked = children(child(request.child, 'link'), 'group').map((asked) => {
    const group = named(community, asked);
    // 403: not an admin of that group; 409: it belongs to a community already.
    if (!isAdmin(group, community.actor.person.id)) throw new Refusal(403, 'forbidden');
    if (group.parent !== undefined || group.kind !== 'group') throw new Refusal(409, 'conflict');
    group.parent = community.group.jid;
    announceLink(community, group);
    return node('group', { jid: Jid.parse(group.jid) });
  });
  if (linked.length === 0) throw new Refusal(400, 'bad-request');
  return [node('links', {}, [node('link', { link_type: 'sub_group' }, linked)])];
}

function unlink(request: IqRequest): IqAnswer {
  const community = communityAct(request);
  const unlinked = children(request.child, 'group').map((asked) => {
    const group = named(community, asked);
    if (group.parent !== community.group.jid) throw new Refusal(404, 'item-not-found');
    if (group.kind === 'announcement') throw new Refusal(406, 'not-acceptable');
    group.parent = undefined;
    announceUnlink(community, group);
    return node('group', { jid: Jid.parse(group.jid) });
  });
  if (unlinked.length === 0) throw new Refusal(400, 'bad-request');
  return [node('unlink', { unlink_type: attr(request.child, 'unlink_type') }, unlinked)];
}

/** An admin's request to a community. */
function communityAct(request: IqRequest): Act {
  const act = adminAct(request);
  if (act.group.kind !== 'community') throw new Refusal(406, 'not-acceptable');
  return act;
}

function named({ exchange }: Act, asked: BinaryNode): Group {
  const group = exchange.world.groups.get(jidAttr(asked, 'jid')?.toString() ?? '');
  if (group === undefined) throw new Refusal(404, 'item-not-found');
  return group;
}

function announceUnlink(community: Act, group: Group): void {
  const attrs = { unlink_reason: 'unlink_group' };
  const { jid, subject, subjectAt } = group;
  announce(community, node('unlink', { unlink_type: 'sub_group', ...attrs }, [node('group', { jid: Jid.parse(jid), subject, s_t: subjectAt })]));
  const parent = { jid: Jid.parse(community.group.jid), subject: community.group.subject, s_t: community.group.subjectAt };
  announce({ ...community, group }, node('unlink', { unlink_type: 'parent_group', ...attrs }, [node('group', parent)]));
}
