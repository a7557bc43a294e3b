import { randomInt } from 'node:crypto';
import { seconds } from '../exchange/clock.ts';
import { Jid } from '../wire/jid.ts';
import { attr, child, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import { randomCode } from '../world-state/groups.ts';
import type { Group, GroupKind, GroupMember, Person } from '../world/types.ts';
import { announce, isAdmin, memberOf } from './group-act.ts';
import type { Act } from './group-act.ts';
import { join, part, partFromSubGroups, whyNotAdd } from './group-members.ts';
import { descriptionFrom, settingsIn, subjectFrom } from './group-settings.ts';
import { groupNode } from './groups.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** Groups that begin and memberships that end. */
export const GROUP_CREATION_ROWS: readonly IqRow[] = [
  { xmlns: 'w:g2', type: 'set', tag: 'create', answer: create },
  { xmlns: 'w:g2', type: 'set', tag: 'leave', answer: leave },
];

/** Digits after the 120363 that all newer group ids start with. */
const ID_DIGITS = 12;

type Draft = Partial<Pick<Group, 'announce' | 'locked' | 'ephemeral' | 'memberAddMode' | 'joinApproval' | 'description' | 'parent'>> & {
  readonly kind: GroupKind;
  readonly subject: string;
};

function create(request: IqRequest): IqAnswer {
  const { exchange, from, child: asked } = request;
  if (asked === undefined) throw new Refusal(400, 'bad-request');
  const parent = parentIn(request, asked);
  const kind: GroupKind = child(asked, 'parent') === undefined ? 'group' : 'community';
  const draft: Draft = { ...settingsIn(asked), kind, subject: subjectFrom(attr(asked, 'subject') ?? ''), parent: parent?.jid };
  const act = found(request, draft);
  describe(act, asked);
  const refused = invitePeople(act, children(asked, 'participant'));
  publish(act, attr(asked, 'key'));
  if (kind === 'community') foundSubGroups(request, act, child(asked, 'create_general_chat') !== undefined);
  if (parent !== undefined) announceLink({ exchange, actor: from.account, group: parent }, act.group);
  const created = groupNode(exchange, act.group);
  return [{ ...created, content: [...children(created), ...refused] }];
}

/** The community a group is made in. Throws a Refusal unless its admin asks. */
function parentIn({ exchange, from }: IqRequest, asked: BinaryNode): Group | undefined {
  const named = jidAttr(child(asked, 'linked_parent'), 'jid');
  if (named === undefined) return undefined;
  const community = exchange.world.groups.get(named.toString());
  if (community?.kind !== 'community') throw new Refusal(404, 'item-not-found');
  if (!isAdmin(community, from.account.person.id)) throw new Refusal(403, 'forbidden');
  return community;
}

/** A new group whose only member is its creator. */
function found({ exchange, from }: Pick<IqRequest, 'exchange' | 'from'>, draft: Draft): Act {
  const person = from.account.person.id;
  const at = seconds(exchange.clock);
  const id = `120363${String(randomInt(10 ** ID_DIGITS)).padStart(ID_DIGITS, '0')}`;
  const creator: GroupMember = { person, role: 'superadmin' };
  const group: Group = {
    announce: false,
    locked: false,
    ephemeral: 0,
    memberAddMode: 'all_member_add',
    joinApproval: false,
    description: undefined,
    parent: undefined,
    ...draft,
    id,
    jid: `${id}@g.us`,
    subjectBy: person,
    subjectAt: at,
    creator: person,
    createdAt: at,
    addressing: 'lid',
    members: [creator],
    past: [],
    inviteCode: randomCode(),
  };
  exchange.world.foundGroup(group);
  return { exchange, actor: from.account, group };
}

function describe(act: Act, asked: BinaryNode): void {
  const description = child(asked, 'description');
  const text = description === undefined ? '' : descriptionFrom(description);
  if (text === '') return;
  const { exchange, actor, group } = act;
  group.description = { id: attr(description, 'id') ?? exchange.newId(), text, by: actor.person.id, at: group.createdAt };
}

/** Takes in who may be taken in; returns the others as `<participant error>`. */
function invitePeople(act: Act, asked: readonly BinaryNode[]): BinaryNode[] {
  const refused: BinaryNode[] = [];
  for (const participant of asked) {
    const person: Person | undefined = act.exchange.world.person(jidAttr(participant, 'jid')?.bare.toString() ?? '');
    if (person === act.actor.person) continue;
    const fault = person === undefined ? { code: 404 } : whyNotAdd(act, person);
    if (person !== undefined && fault === undefined) act.group.members.push({ person: person.id, role: 'member' });
    else if (fault !== undefined && fault.code !== 409) refused.push(node('participant', { jid: participant.attrs['jid'], error: fault.code }, fault.content));
  }
  return refused;
}

/** Tells the members of a new group that they are in it. */
function publish(act: Act, key?: string): void {
  const { exchange, group } = act;
  if (memberOf(group, exchange.world.owner.id) !== undefined) exchange.world.openGroup(group.jid);
  const type = key === undefined ? undefined : 'new';
  announce(act, node('create', { type, key, reason: 'invite' }, [groupNode(exchange, group)]));
}

/** Every community has an announcement group (whatsmeow group.go: ReqCreateGroup); Baileys asks for a general one too. */
function foundSubGroups(request: IqRequest, { group: community }: Act, general: boolean): void {
  const drafts: Draft[] = [{ kind: 'announcement', subject: community.subject, parent: community.jid, announce: true }];
  if (general) drafts.push({ kind: 'group', subject: 'General', parent: community.jid });
  for (const draft of drafts) {
    const act = found(request, draft);
    const others = community.members.filter(({ person }) => memberOf(act.group, person) === undefined);
    act.group.members.push(...others.map(({ person, role }): GroupMember => ({ person, role })));
    publish(act);
  }
}

/** Tells a community and a group of it that they belong together now. */
export function announceLink(community: Act, group: Group): void {
  const { jid, subject, subjectAt } = group;
  announce(community, node('link', { link_type: 'sub_group' }, [node('group', { jid: Jid.parse(jid), subject, s_t: subjectAt })]));
  const parent = { jid: Jid.parse(community.group.jid), subject: community.group.subject, s_t: community.group.subjectAt };
  announce({ ...community, group }, node('link', { link_type: 'parent_group' }, [node('group', parent)]));
  join(community, group.members.map(({ person }) => person), { reason: 'linked_group_join' });
}

function leave({ exchange, from, child: asked }: IqRequest): IqAnswer {
  const named = children(asked);
  if (named.length === 0) throw new Refusal(400, 'bad-request');
  const person = from.account.person.id;
  for (const entry of named) {
    const group = exchange.world.groups.get(groupJid(attr(entry, 'id') ?? ''));
    if (group === undefined) throw new Refusal(404, 'item-not-found');
    if (memberOf(group, person) === undefined) throw new Refusal(403, 'forbidden');
    const act = { exchange, actor: from.account, group };
    part(act, [person], 'left');
    if (group.kind === 'community') partFromSubGroups(act, [person], 'left');
  }
  return [];
}

const groupJid = (id: string): string => (id.includes('@') ? id : `${id}@g.us`);
