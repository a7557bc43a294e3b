import { attr, children, jidAttr, node } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Group, GroupMember, Person, PersonId } from '../world/types.ts';
import { actOf, announce, isAdmin, MAX_MEMBERS, memberOf, nowOf, participantNode, requireAdmin, subGroupsOf } from './group-act.ts';
import type { Act } from './group-act.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** Who is in a group and who runs it. */
export const GROUP_MEMBER_ROWS: readonly IqRow[] = [
  { xmlns: 'w:g2', type: 'set', tag: 'add', answer: add },
  { xmlns: 'w:g2', type: 'set', tag: 'remove', answer: remove },
  { xmlns: 'w:g2', type: 'set', tag: 'promote', answer: (request) => changeRoles(request, { tag: 'promote', role: 'admin' }) },
  { xmlns: 'w:g2', type: 'set', tag: 'demote', answer: (request) => changeRoles(request, { tag: 'demote', role: 'member' }) },
];

/** Why one participant was not changed (`<participant error>`); undefined where they were. */
type Fault = { readonly code: number; readonly content?: readonly BinaryNode[] } | undefined;

/** Each participant of the request, answered under the address that was asked. */
function eachParticipant(request: IqRequest, change: (person: Person) => Fault): { entries: BinaryNode[]; changed: PersonId[] } {
  const changed: PersonId[] = [];
  const entries = children(request.child, 'participant').map((asked) => {
    const person = request.exchange.world.person(jidAttr(asked, 'jid')?.bare.toString() ?? '');
    const fault: Fault = person === undefined ? { code: 404 } : change(person);
    if (person !== undefined && fault === undefined) changed.push(person.id);
    return node('participant', { jid: asked.attrs['jid'], error: fault?.code }, fault?.content);
  });
  if (entries.length === 0) throw new Refusal(400, 'bad-request');
  return { entries, changed };
}

function add(request: IqRequest): IqAnswer {
  const act = actOf(request);
  const { group, actor } = act;
  const byAdmin = isAdmin(group, actor.person.id);
  if (!byAdmin && group.memberAddMode === 'admin_add') throw new Refusal(403, 'forbidden');
  const asks = group.joinApproval && !byAdmin;
  const { entries, changed } = eachParticipant(request, (person) => whyNotAdd(act, person));
  if (asks) askFor(act, changed);
  else join(act, changed);
  return [node('add', {}, entries)];
}

/** Codes as whatsmeow and Baileys users see them: 403 privacy (with an invitation to send), 408 left lately, 409 there already, 419 full. */
export function whyNotAdd(act: Act, person: Person): Fault {
  const { exchange, actor, group } = act;
  if (memberOf(group, person.id) !== undefined) return { code: 409 };
  if (group.members.length >= MAX_MEMBERS) return { code: 419 };
  const left = group.past.some((past) => past.person === person.id && past.reason === 'left' && nowOf(act) - past.leftAt < RECENTLY_SECONDS);
  if (left) return { code: 408 };
  if (exchange.state.privacy.allows(person, 'groupadd', actor.person)) return undefined;
  const { code, expiresAt } = exchange.state.groups.invite(group, { invited: person.id, admin: actor.person.id }, nowOf(act));
  return { code: 403, content: [node('add_request', { code, expiration: expiresAt })] };
}

/** Who left in the last day can come back by an invite link only. */
const RECENTLY_SECONDS = 86_400;

function askFor(act: Act, people: readonly PersonId[]): void {
  for (const person of people) {
    const request = { person, at: nowOf(act), method: 'non_admin_add' } as const;
    if (act.exchange.state.groups.addRequest(act.group, request)) announceRequest(act, request);
  }
}

/** Tells the admins of a group that somebody wants in. */
export function announceRequest(act: Act, { person, method }: { person: PersonId; method: string }): void {
  const admins = act.group.members.filter(({ role }) => role !== 'member').map((member) => member.person);
  announce(act, node('created_membership_requests', { request_method: method }, [participantNode(act, person)]), admins);
}

/** Makes people members, of the community too where the group belongs to one, and tells everybody. */
export function join(act: Act, people: readonly PersonId[], attrs: { reason?: string } = {}): void {
  const { exchange, group } = act;
  const fresh = people.filter((person) => memberOf(group, person) === undefined);
  if (fresh.length === 0) return;
  group.members.push(...fresh.map((person): GroupMember => ({ person, role: 'member' })));
  group.past = group.past.filter(({ person }) => !fresh.includes(person));
  for (const person of fresh) exchange.state.groups.takeRequest(group, person);
  if (fresh.includes(exchange.world.owner.id)) exchange.world.openGroup(group.jid);
  announce(act, node('add', { ...exchange.state.groups.bump(group), ...attrs }, fresh.map((person) => participantNode(act, person))));
  for (const related of enclosing(act)) join({ ...act, group: related }, fresh, { reason: 'linked_group_join' });
}

/** Members of a subgroup are members of the community and of its announcement group; those of the community, of the latter. */
function enclosing({ exchange, group }: Act): Group[] {
  const community = group.parent === undefined ? group : exchange.world.groups.get(group.parent);
  if (community?.kind !== 'community') return [];
  const announcements = subGroupsOf(exchange, community).filter(({ kind }) => kind === 'announcement');
  return [community, ...announcements].filter((related) => related !== group);
}

function remove(request: IqRequest): IqAnswer {
  const act = requireAdmin(actOf(request));
  const { entries, changed } = eachParticipant(request, ({ id }) => whyNotRemove(act.group, id));
  part(act, changed, 'removed');
  if (attr(request.child, 'linked_groups') === 'true') partFromSubGroups(act, changed, 'removed');
  return [node('remove', {}, entries)];
}

/** 404: not a member; 406: the creator cannot be removed. */
function whyNotRemove(group: Group, person: PersonId): Fault {
  const member = memberOf(group, person);
  if (member === undefined) return { code: 404 };
  return member.role === 'superadmin' ? { code: 406 } : undefined;
}

/** Takes people out of a group and tells everybody, them included. A group without an admin gets its oldest member as one. */
export function part(act: Act, people: readonly PersonId[], reason: 'left' | 'removed'): void {
  const { exchange, group } = act;
  const gone = people.filter((person) => memberOf(group, person) !== undefined);
  if (gone.length === 0) return;
  const told = group.members.map(({ person }) => person);
  group.members = group.members.filter(({ person }) => !gone.includes(person));
  group.past = [...group.past, ...gone.map((person) => ({ person, leftAt: nowOf(act), reason }))];
  const change = node('remove', exchange.state.groups.bump(group), gone.map((person) => participantNode(act, person)));
  announce(act, change, told);
  const heir = group.members[0];
  if (heir !== undefined && !group.members.some(({ role }) => role !== 'member')) setRole(act, [heir.person], { tag: 'promote', role: 'admin' });
}

export function partFromSubGroups(act: Act, people: readonly PersonId[], reason: 'left' | 'removed'): void {
  for (const group of subGroupsOf(act.exchange, act.group)) part({ ...act, group }, people, reason);
}

/** A change of role and what it is called. */
interface RoleChange {
  readonly tag: 'promote' | 'demote';
  readonly role: 'admin' | 'member';
}

function changeRoles(request: IqRequest, change: RoleChange): IqAnswer {
  const act = requireAdmin(actOf(request));
  const { entries, changed } = eachParticipant(request, ({ id }) => whyNotRemove(act.group, id));
  setRole(act, changed, change);
  return [node(change.tag, {}, entries)];
}

function setRole(act: Act, people: readonly PersonId[], { tag, role }: RoleChange): void {
  const changed = people.filter((person) => memberOf(act.group, person)?.role !== role);
  if (changed.length === 0) return;
  for (const member of act.group.members) if (changed.includes(member.person)) member.role = role;
  announce(act, node(tag, act.exchange.state.groups.bump(act.group), changed.map((person) => participantNode(act, person))));
}
