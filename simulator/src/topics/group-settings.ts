import { attr, child, children, descend, node, textOf } from '../wire/node.ts';
import type { BinaryNode } from '../wire/node.ts';
import type { Group } from '../world/types.ts';
import { actOf, announce, isAdmin, nowOf, participantNode, requireAdmin } from './group-act.ts';
import type { Act } from './group-act.ts';
import { Refusal } from './iq.ts';
import type { IqAnswer, IqRequest, IqRow } from './iq.ts';

/** One setting: who may change it, and what the change does. */
interface Setting {
  readonly tag: string;
  /** `editors`: every member, or the admins alone where the group is locked. */
  readonly by: 'admins' | 'editors';
  /** Changes the group; returns what members are told. Throws a Refusal for a value that cannot be. */
  readonly apply: (act: Act, asked: BinaryNode) => BinaryNode;
}

/** Longest subject and description; WhatsApp answers 406 to longer ones (whatsmeow group.go: ReqCreateGroup). */
const MAX_SUBJECT = 100;
const MAX_DESCRIPTION = 2_048;
/** Seconds after which messages may disappear: off, a day, a week, 90 days. */
const EPHEMERAL: ReadonlySet<number> = new Set([0, 86_400, 604_800, 7_776_000]);

const flag = (tag: string, field: 'announce' | 'locked', value: boolean): Setting => ({
  tag,
  by: 'admins',
  apply: ({ exchange, group }) => {
    group[field] = value;
    return node(tag, exchange.state.groups.bump(group));
  },
});

const SETTINGS: readonly Setting[] = [
  { tag: 'subject', by: 'editors', apply: setSubject },
  { tag: 'description', by: 'editors', apply: setDescription },
  flag('announcement', 'announce', true),
  flag('not_announcement', 'announce', false),
  flag('locked', 'locked', true),
  flag('unlocked', 'locked', false),
  { tag: 'ephemeral', by: 'editors', apply: (act, asked) => setEphemeral(act, Number(attr(asked, 'expiration'))) },
  { tag: 'not_ephemeral', by: 'editors', apply: (act) => setEphemeral(act, 0) },
  { tag: 'member_add_mode', by: 'admins', apply: ({ group }, asked) => node('member_add_mode', {}, (group.memberAddMode = addModeIn(asked))) },
  { tag: 'membership_approval_mode', by: 'admins', apply: setApproval },
];

/** How a group is called and what its members may do. */
export const GROUP_SETTING_ROWS: readonly IqRow[] = SETTINGS.map((setting) => ({
  xmlns: 'w:g2',
  type: 'set',
  tag: setting.tag,
  answer: (request) => change(request, setting),
}));

function change(request: IqRequest, { by, apply }: Setting): IqAnswer {
  const act = actOf(request);
  if (by === 'admins' || act.group.locked) requireAdmin(act);
  if (request.child !== undefined) announce(act, apply(act, request.child));
  return [];
}

function setSubject(act: Act, asked: BinaryNode): BinaryNode {
  const { group, actor } = act;
  group.subject = subjectFrom(textOf(asked));
  group.subjectBy = actor.person.id;
  group.subjectAt = nowOf(act);
  const { jid, phone_number: other } = participantNode(act, actor.person.id).attrs;
  return node('subject', { subject: group.subject, s_t: group.subjectAt, s_o: jid, s_o_pn: other });
}

/** Throws a Refusal (406) for a text that cannot be a subject. */
export function subjectFrom(text: string): string {
  if (text.trim() === '' || Array.from(text).length > MAX_SUBJECT) throw new Refusal(406, 'not-acceptable');
  return text;
}

function setDescription(act: Act, asked: BinaryNode): BinaryNode {
  const { exchange, group, actor } = act;
  const prev = attr(asked, 'prev');
  if (prev !== undefined && prev !== group.description?.id) throw new Refusal(409, 'conflict');
  const id = attr(asked, 'id') ?? exchange.newId();
  const text = attr(asked, 'delete') === 'true' ? '' : descriptionFrom(asked);
  group.description = text === '' ? undefined : { id, text, by: actor.person.id, at: nowOf(act) };
  return node('description', { id }, [text === '' ? node('delete') : node('body', {}, text)]);
}

/** Throws a Refusal (406) for a text that is too long. */
export function descriptionFrom(asked: BinaryNode): string {
  const text = textOf(child(asked, 'body'));
  if (Array.from(text).length > MAX_DESCRIPTION) throw new Refusal(406, 'not-acceptable');
  return text;
}

function setEphemeral({ exchange, group }: Act, duration: number): BinaryNode {
  group.ephemeral = ephemeralFrom(duration);
  const chat = exchange.world.chats.get(group.jid);
  if (chat !== undefined) chat.ephemeral = duration;
  return duration === 0 ? node('not_ephemeral') : node('ephemeral', { expiration: duration });
}

export function ephemeralFrom(duration: number): number {
  if (!EPHEMERAL.has(duration)) throw new Refusal(400, 'bad-request');
  return duration;
}

export function addModeIn(asked: BinaryNode): Group['memberAddMode'] {
  const mode = textOf(asked);
  if (mode !== 'admin_add' && mode !== 'all_member_add') throw new Refusal(400, 'bad-request');
  return mode;
}

/** Baileys says `community_join` for communities (Socket/communities.js). */
export function approvalIn(asked: BinaryNode): boolean {
  return attr(children(asked)[0], 'state') === 'on';
}

function setApproval(act: Act, asked: BinaryNode): BinaryNode {
  act.group.joinApproval = approvalIn(asked);
  const state = act.group.joinApproval ? 'on' : 'off';
  return node('membership_approval_mode', {}, [node('group_join', { state })]);
}

/** Whether a person may change subject, description and picture. */
export function mayEdit(group: Group, person: string): boolean {
  return group.members.some((member) => member.person === person) && (!group.locked || isAdmin(group, person));
}

/** The settings in a `<create>` that carries them. */
export function settingsIn(create: BinaryNode): Pick<Group, 'announce' | 'locked' | 'ephemeral' | 'memberAddMode' | 'joinApproval'> {
  const mode = child(create, 'member_add_mode');
  const approval = child(create, 'membership_approval_mode');
  return {
    announce: child(create, 'announcement') !== undefined,
    locked: child(create, 'locked') !== undefined,
    ephemeral: ephemeralFrom(Number(attr(descend(create, 'ephemeral'), 'expiration') ?? 0)),
    memberAddMode: mode === undefined ? 'all_member_add' : addModeIn(mode),
    joinApproval: approval !== undefined && approvalIn(approval),
  };
}
