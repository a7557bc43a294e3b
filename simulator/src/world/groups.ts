import { phrases } from './phrases/index.ts';
import { keyOf, Random } from './random.ts';
import type { Group, GroupKind, GroupMember, Language, Person } from './types.ts';

/** What a group needs that cannot be derived. */
export interface GroupDraft {
  readonly name: string;
  readonly kind: GroupKind;
  readonly subject: string;
  readonly description?: string;
  readonly creator: Person;
  readonly members: readonly Person[];
  readonly admins?: readonly Person[];
  readonly parent?: string;
  readonly announce?: boolean;
  readonly ephemeral?: number;
  /** Left out: LID, or PN for every third name, unless somebody's number must stay hidden. */
  readonly addressing?: 'pn' | 'lid';
}

const INVITE_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

export function inviteCode(random: Random, length = 22): string {
  return Array.from({ length }, () => INVITE_ALPHABET[random.below(INVITE_ALPHABET.length)]).join('');
}

function rolesOf(draft: GroupDraft): GroupMember[] {
  const people = new Map([draft.creator, ...(draft.admins ?? []), ...draft.members].map((person) => [person.id, person]));
  const admins = new Set((draft.admins ?? []).map((person) => person.id));
  return [...people.keys()].map((person) => ({
    person,
    role: person === draft.creator.id ? 'superadmin' : admins.has(person) ? 'admin' : 'member',
  }));
}

/** A group whose id, invite code and times follow from seed and name. */
export function groupFrom(seed: number, draft: GroupDraft, createdAt: number): Group {
  const random = new Random(seed, keyOf('group'), keyOf(draft.name));
  const id = `120363${random.digits(12)}`;
  const hidden = draft.members.some((person) => person.mapping === 'never');
  const addressing = draft.addressing ?? (random.below(3) === 0 ? 'pn' : 'lid');
  const description = draft.description && { id: random.hex(20), text: draft.description, by: draft.creator.id, at: createdAt + 60 };
  return {
    id,
    jid: `${id}@g.us`,
    kind: draft.kind,
    subject: draft.subject,
    subjectBy: draft.creator.id,
    subjectAt: createdAt,
    description: description || undefined,
    creator: draft.creator.id,
    createdAt,
    addressing: hidden ? 'lid' : addressing,
    members: rolesOf(draft),
    past: [],
    parent: draft.parent,
    announce: draft.announce ?? false,
    locked: random.below(4) === 0,
    memberAddMode: random.below(2) === 0 ? 'admin_add' : 'all_member_add',
    joinApproval: random.below(3) === 0,
    ephemeral: draft.ephemeral ?? 0,
    inviteCode: inviteCode(random),
  };
}

/** Languages of generated groups, in turn. */
const groupLanguages: readonly Language[] = ['en', 'es', 'zh', 'en', 'ar', 'de', 'en', 'fr', 'ja', 'he', 'pt', 'th', 'hi'];

export const groupLanguage = (index: number): Language => groupLanguages[index % groupLanguages.length] ?? 'en';

const DISAPPEARING_EVERY = 8;
/** 90 days, one of the three periods that WhatsApp offers. */
export const DISAPPEARING_SECONDS = 7_776_000;

/** A group of a generated cast; members come mostly from those who share its language. */
export function draftGroup(seed: number, index: number, cast: { owner: Person; people: readonly Person[] }): GroupDraft {
  const language = groupLanguage(index);
  const random = new Random(seed, keyOf('draft'), index);
  const near = cast.people.filter((person) => person.language === language);
  const members = [...new Set([...random.sample(near, 8), ...random.sample(cast.people, 3 + random.below(12))])];
  const subject = random.pick(phrases[language].subjects);
  const creator = random.chance(300) ? cast.owner : members[0] ?? cast.owner;
  return {
    name: `group ${index}`,
    kind: 'group',
    subject,
    ...(random.chance(500) ? { description: phrases[language].sentences[0] ?? subject } : {}),
    creator,
    members: [cast.owner, ...members],
    admins: members.slice(1, 2 + random.below(2)),
    ...(index % DISAPPEARING_EVERY === DISAPPEARING_EVERY - 1 ? { ephemeral: DISAPPEARING_SECONDS } : {}),
  };
}

export interface CommunityDraft {
  readonly name: string;
  readonly subject: string;
  readonly description: string;
  readonly creator: Person;
  readonly admins: readonly Person[];
  readonly members: readonly Person[];
  readonly subgroups: readonly { readonly subject: string; readonly members: readonly Person[] }[];
}

/** The parent, its announcement group and its subgroups, in this order. */
export function communityFrom(seed: number, draft: CommunityDraft, createdAt: number): Group[] {
  const { name, subject, description, creator, admins, members } = draft;
  const shared = { creator, admins, members, addressing: 'lid' } as const;
  const parent = groupFrom(seed, { ...shared, name, kind: 'community', subject, description }, createdAt);
  const announcement: GroupDraft = { ...shared, name: `${name}/announcements`, kind: 'announcement', subject, parent: parent.jid, announce: true };
  const subgroups = draft.subgroups.map((subgroup): GroupDraft => ({
    name: `${name}/${subgroup.subject}`,
    kind: 'group',
    subject: subgroup.subject,
    creator,
    members: subgroup.members,
    parent: parent.jid,
  }));
  return [parent, ...[announcement, ...subgroups].map((group, index) => groupFrom(seed, group, createdAt + 120 * (index + 1)))];
}

/** A community of a generated cast. */
export function draftCommunity(seed: number, index: number, cast: { owner: Person; people: readonly Person[] }): CommunityDraft {
  const random = new Random(seed, keyOf('community'), index);
  const members = [cast.owner, ...random.sample(cast.people, 12 + random.below(20))];
  const [creator = cast.owner, ...rest] = members.slice(1);
  const subjects = ['General', 'Events', 'Marketplace', 'Help wanted'].slice(0, 2 + random.below(3));
  return {
    name: `community ${index}`,
    subject: ['Riverside residents', 'Lakeside school', 'Makers’ guild', 'Old town traders'][index % 4] ?? 'Riverside residents',
    description: 'Everything that concerns all of us. Please keep offers and searches in Marketplace.',
    creator,
    admins: rest.slice(0, 2),
    members,
    subgroups: subjects.map((subject) => ({ subject, members: [cast.owner, ...random.sample(members.slice(1), 6 + random.below(8))] })),
  };
}

