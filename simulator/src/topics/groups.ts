import { seenAs } from '../exchange/addressing.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { Jid } from '../wire/jid.ts';
import { node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Group, GroupMember } from '../world/types.ts';
import { memberOf } from './group-act.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** The groups of who asks. */
export const GROUP_ROWS: readonly IqRow[] = [{ xmlns: 'w:g2', type: 'get', tag: 'participating', answer: participating }];

function participating({ exchange, from, child: request }: IqRequest): IqAnswer {
  const mine = [...exchange.world.groups.values()].filter((group) => memberOf(group, from.account.person.id) !== undefined);
  // Baileys asks for communities in the same words and reads another list (Socket/communities.js).
  const nodes = mine.map((group) => groupNode(exchange, group));
  const communities = mine.filter(({ kind }) => kind === 'community').map((group) => withTag(groupNode(exchange, group), 'community'));
  return request === undefined ? [] : [node('groups', {}, nodes), node('communities', {}, communities)];
}

function withTag(of: BinaryNode, tag: string): BinaryNode {
  return { ...of, tag };
}

/** A group as an answer; a community under both names, because Baileys reads the second one (Socket/communities.js: extractCommunityMetadata). */
export function groupAnswer(shown: BinaryNode, { kind }: Pick<Group, 'kind'>): IqAnswer {
  return kind === 'community' ? [shown, withTag(shown, 'community')] : [shown];
}

/** `<group>` with its members, as both clients read it (whatsmeow group.go: parseGroupNode). */
export function groupNode(exchange: Exchange, group: Group): BinaryNode {
  const creator = personSeen(exchange, group, group.creator);
  const subjectBy = personSeen(exchange, group, group.subjectBy);
  const attrs = {
    id: group.id,
    subject: group.subject,
    s_t: group.subjectAt,
    s_o: subjectBy.jid,
    s_o_pn: group.addressing === 'lid' ? subjectBy.other : undefined,
    creation: group.createdAt,
    creator: creator.jid,
    creator_pn: group.addressing === 'lid' ? creator.other : undefined,
    size: group.members.length,
    addressing_mode: group.addressing,
    a_v_id: exchange.state.groups.version(group),
    p_v_id: exchange.state.groups.version(group),
  };
  return node('group', attrs, [...group.members.map((member) => memberNode(exchange, group, member)), ...settingNodes(exchange, group)]);
}

function personSeen(exchange: Exchange, group: Group, person: string) {
  const found = exchange.world.people.get(person);
  if (found === undefined) throw new RangeError(`nobody in this world has the number ${person}`);
  return seenAs({ person: found }, group.addressing);
}

function memberNode(exchange: Exchange, group: Group, { person, role }: GroupMember): BinaryNode {
  const { jid, other, mode } = personSeen(exchange, group, person);
  const alternative = mode === 'lid' ? { phone_number: other } : { lid: other };
  return node('participant', { jid, ...alternative, type: role === 'member' ? undefined : role });
}

function settingNodes(exchange: Exchange, group: Group): BinaryNode[] {
  const { description, ephemeral, kind, parent } = group;
  const flags: readonly (readonly [boolean, BinaryNode])[] = [
    [group.announce, node('announcement')],
    [group.locked, node('locked')],
    [ephemeral > 0, node('ephemeral', { expiration: ephemeral })],
    [true, node('member_add_mode', {}, group.memberAddMode)],
    [group.joinApproval, node('membership_approval_mode', {}, [node('group_join', { state: 'on' })])],
    [kind === 'community', node('parent', { default_membership_approval_mode: 'request_required' })],
    [kind === 'announcement', node('default_sub_group')],
  ];
  const set = flags.filter(([applies]) => applies).map(([, setting]) => setting);
  if (parent !== undefined) set.push(node('linked_parent', { jid: Jid.parse(parent) }));
  if (description !== undefined) set.push(descriptionNode(exchange, group, description));
  return set;
}

function descriptionNode(exchange: Exchange, group: Group, description: NonNullable<Group['description']>): BinaryNode {
  const by = personSeen(exchange, group, description.by);
  const attrs = { id: description.id, t: description.at, participant: by.jid, participant_pn: group.addressing === 'lid' ? by.other : undefined };
  return node('description', attrs, [node('body', {}, description.text)]);
}
