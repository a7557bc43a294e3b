import type { Account } from '../exchange/account.ts';
import { seenAs } from '../exchange/addressing.ts';
import { seconds } from '../exchange/clock.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { notify } from '../exchange/notify.ts';
import { Jid, SERVERS } from '../wire/jid.ts';
import { jidAttr, node } from '../wire/node.ts';
import type { Attribute, BinaryNode } from '../wire/node.ts';
import type { Group, GroupMember, Person, PersonId } from '../world/types.ts';
import { chronicleChange } from './group-chronicle.ts';
import { Refusal } from './iq.ts';
import type { IqRequest } from './iq.ts';

/** Somebody does something to a group. */
export interface Act {
  readonly exchange: Exchange;
  readonly actor: Account;
  readonly group: Group;
}

/** Most members of a group. */
export const MAX_MEMBERS = 1_024;

export const memberOf = (group: Group, person: PersonId): GroupMember | undefined => group.members.find((member) => member.person === person);

export const isAdmin = (group: Group, person: PersonId): boolean => (memberOf(group, person)?.role ?? 'member') !== 'member';

/** The group a request is addressed to, whoever asks. Throws a Refusal (404) where there is none. */
export function addressedGroup({ exchange, from, iq }: IqRequest): Act {
  const group = exchange.world.groups.get(jidAttr(iq, 'to')?.toString() ?? '');
  if (group === undefined) throw new Refusal(404, 'item-not-found');
  return { exchange, actor: from.account, group };
}

/** As `addressedGroup`, by a member. Throws a Refusal (403) for others. */
export function actOf(request: IqRequest): Act {
  const act = addressedGroup(request);
  if (memberOf(act.group, act.actor.person.id) === undefined) throw new Refusal(403, 'forbidden');
  return act;
}

/** As `actOf`, by an admin. */
export function adminAct(request: IqRequest): Act {
  return requireAdmin(actOf(request));
}

/** Throws a Refusal unless it is an admin who acts: 403, or 401 for the invite link (whatsmeow group.go: GetGroupInviteLink). */
export function requireAdmin(act: Act, code: 401 | 403 = 403): Act {
  if (!isAdmin(act.group, act.actor.person.id)) throw new Refusal(code, code === 401 ? 'not-authorized' : 'forbidden');
  return act;
}

/** The groups of a community, its announcement group first. */
export function subGroupsOf(exchange: Exchange, community: Group): Group[] {
  const linked = [...exchange.world.groups.values()].filter(({ parent }) => parent === community.jid);
  return [...linked.filter(({ kind }) => kind === 'announcement'), ...linked.filter(({ kind }) => kind !== 'announcement')];
}

/** `<participant>` for a member or somebody who was or will be one, as the group addresses people. */
export function participantNode(act: Act, person: PersonId, attrs: Readonly<Record<string, Attribute | undefined>> = {}): BinaryNode {
  return node('participant', { ...addressesOf(act, person), ...attrs });
}

/** `jid` and the other address of a person, in a group. */
export function addressesOf({ exchange, group }: Act, id: PersonId) {
  const { jid, other, mode } = seenAs({ person: personOf(exchange, id) }, group.addressing);
  return mode === 'lid' ? { jid, phone_number: other } : { jid, lid: other };
}

function personOf(exchange: Exchange, id: PersonId): Person {
  const person = exchange.world.people.get(id);
  if (person === undefined) throw new RangeError(`nobody in this world has the number ${id}`);
  return person;
}

/** Tells devices of the people given (the members, where left out) what was done to a group (`w:gp2`). */
export function announce(act: Act, change: BinaryNode, people: readonly PersonId[] = act.group.members.map(({ person }) => person)): void {
  const { exchange, actor, group } = act;
  const from = new Jid(group.id, SERVERS.group);
  const by = seenAs(actor, group.addressing);
  const other = by.mode === 'lid' ? { participant_pn: by.other } : { participant_lid: by.other };
  const attrs = { participant: by.jid, ...other, addressing_mode: group.addressing, notify: actor.person.pushName };
  const told = new Set(people);
  const id = exchange.newId();
  for (const account of exchange.directory.known()) {
    if (!told.has(account.person.id)) continue;
    for (const device of account.devices.values()) notify(exchange, device, { type: 'w:gp2', from, attrs, content: [change], id });
  }
  const event = { id, group: group.jid, actor: actor.person.id, address: by.jid.toString(), at: nowOf(act), change };
  if (told.has(exchange.world.owner.id)) chronicleChange(exchange.world, event);
  exchange.watch.emit('groupChange', { group: group.jid, actor: actor.person.id, change: change.tag });
}

/** Epoch seconds. */
export const nowOf = ({ exchange }: Pick<Act, 'exchange'>): number => seconds(exchange.clock);
