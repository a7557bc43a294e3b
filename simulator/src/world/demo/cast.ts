import type { Cast } from '../cast.ts';
import { newsletterFrom, windowOf } from '../cast.ts';
import { communityFrom, groupFrom } from '../groups.ts';
import { businessFrom, ownerOf, personFrom } from '../people.ts';
import type { Group, Language, Person, WorldSpec } from '../types.ts';
import { castRows, communityRows, groupRows, type CommunityRow, type GroupRow } from './people.ts';
import { stories } from './stories.ts';

/** Numbers of the demo's people: +44 7700 900 is reserved for fiction. */
const NUMBER_PREFIX = '447700900';
const DAY = 86_400;

function demoPeople(seed: number): Person[] {
  return castRows.map(([pushName, name, language, mapping], index) => {
    const pn = NUMBER_PREFIX + String(100 + index);
    const person = personFrom(seed, { pn, pushName, ...(name === undefined ? {} : { name }), language, mapping });
    return pushName === 'Millstone Bakery' ? businessFrom(person) : person;
  });
}

/** Finds people by short name. */
type Lookup = (shortName: string) => Person;

function demoGroup(spec: WorldSpec, row: GroupRow, who: Lookup): Group {
  const { subject, creator, members, description, addressing } = row;
  const draft = {
    name: subject,
    kind: 'group',
    subject,
    creator: who(creator),
    members: [who('me'), ...members.map(who)],
    admins: members.slice(0, 1).map(who),
    ...(description ? { description } : {}),
    ...(addressing ? { addressing } : {}),
  } as const;
  const group = groupFrom(spec.seed, draft, windowOf(spec, subject).start);
  group.past = (row.gone ?? []).map((name, index) => ({ person: who(name).id, leftAt: group.createdAt + DAY, reason: index % 2 === 0 ? 'left' : 'removed' }));
  return group;
}

function demoCommunity(spec: WorldSpec, row: CommunityRow, who: Lookup): Group[] {
  const everyone = (names: readonly string[]): Person[] => [who('me'), ...names.map(who)];
  const draft = {
    name: row.subject,
    subject: row.subject,
    description: row.description,
    creator: who(row.creator),
    admins: row.admins.map(who),
    members: everyone(row.members),
    subgroups: row.subgroups.map(({ subject, members }) => ({ subject, members: everyone(members) })),
  };
  return communityFrom(spec.seed, draft, windowOf(spec, row.subject).start);
}

/** The hand-written cast; the spec decides how much they have said to each other. */
export function demoCast(spec: WorldSpec): Cast {
  const owner = ownerOf(spec.seed);
  const people = demoPeople(spec.seed);
  const byName = new Map([['me', owner], ...people.map((person) => [person.pushName, person] as const)]);
  const who: Lookup = (shortName) => {
    const person = byName.get(shortName);
    if (!person) throw new RangeError(`Nobody in the demo is called ${shortName}.`);
    return person;
  };
  const groups = groupRows.map((row) => demoGroup(spec, row, who));
  const languages = new Map<string, Language>(groups.map((group, index) => [group.jid, groupRows[index]?.language ?? 'en']));
  return {
    owner,
    people,
    friends: people.slice(0, spec.directChats),
    groups: [...groups, ...communityRows.flatMap((row) => demoCommunity(spec, row, who))],
    languages,
    newsletters: Array.from({ length: spec.newsletters }, (_, index) => newsletterFrom(spec, index)),
    stories: stories.map((story) => ({ ...story, chat: byName.get(story.chat)?.id ?? story.chat })),
  };
}
