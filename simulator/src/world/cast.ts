import { communityFrom, draftCommunity, draftGroup, groupFrom, groupLanguage, inviteCode } from './groups.ts';
import { generatePeople, ownerOf } from './people.ts';
import { phrases } from './phrases/index.ts';
import { keyOf, Random } from './random.ts';
import type { Story } from './story.ts';
import { lastAwake, type TimeWindow } from './times.ts';
import type { Group, Language, Newsletter, Person, WorldSpec } from './types.ts';

/** Who and what a world is made of, before anybody has said anything. */
export interface Cast {
  readonly owner: Person;
  readonly people: readonly Person[];
  /** Those of them who have a direct chat, the most talkative first. */
  readonly friends: readonly Person[];
  /** Parents of communities come before their groups. */
  readonly groups: readonly Group[];
  /** By group JID; English where it says nothing. */
  readonly languages: ReadonlyMap<string, Language>;
  readonly newsletters: readonly Newsletter[];
  /** Hand-written endings of chats. */
  readonly stories: readonly Story[];
}

const DAY = 86_400;

/** When a chat was alive: each began at another time, and most were used not long ago. */
export function windowOf(spec: WorldSpec, name: string): TimeWindow {
  const random = new Random(spec.seed, keyOf('window'), keyOf(name));
  const span = spec.spanDays * DAY;
  const quiet = random.fraction() ** 6 * span * 0.4;
  const end = lastAwake(Math.floor(spec.baseTime - 600 - quiet));
  const earliest = spec.baseTime - span;
  return { start: Math.floor(earliest + random.fraction() ** 2 * (end - earliest) * 0.7), end };
}

const newsletterNames = ['Morning Headlines', 'Harbour Weather', 'Recipes in Five Lines', 'Night Sky This Week'];

export function newsletterFrom(spec: WorldSpec, index: number): Newsletter {
  const random = new Random(spec.seed, keyOf('newsletter'), index);
  return {
    jid: `120363${random.digits(12)}@newsletter`,
    name: newsletterNames[index % newsletterNames.length] ?? `Channel ${index + 1}`,
    description: 'One post a day, no advertising.',
    inviteCode: `0029Va${inviteCode(random, 16)}`,
    createdAt: spec.baseTime - spec.spanDays * DAY,
    subscribers: 200 + random.below(40_000),
    verified: index % 2 === 0,
    role: index === 1 ? 'owner' : 'subscriber',
    muted: index % 3 === 2,
  };
}

export function generateCast(spec: WorldSpec): Cast {
  const { seed } = spec;
  const owner = ownerOf(seed);
  const people = generatePeople(seed, spec.people);
  const cast = { owner, people };
  const languages = new Map<string, Language>();
  const groups: Group[] = [];
  for (let index = 0; index < spec.groups; index++) {
    const draft = draftGroup(seed, index, cast);
    const group = groupFrom(seed, draft, windowOf(spec, draft.name).start);
    const gone = people.filter((person) => !group.members.some((member) => member.person === person.id)).slice(0, index % 3);
    group.past = gone.map((person, number) => ({ person: person.id, leftAt: group.createdAt + DAY, reason: number % 2 === 0 ? 'left' : 'removed' }));
    groups.push(group);
    languages.set(group.jid, groupLanguage(index));
  }
  for (let index = 0; index < spec.communities; index++) {
    const draft = draftCommunity(seed, index, cast);
    groups.push(...communityFrom(seed, draft, windowOf(spec, draft.name).start));
  }
  const newsletters = Array.from({ length: spec.newsletters }, (_, index) => newsletterFrom(spec, index));
  return { owner, people, friends: people.slice(0, spec.directChats), groups, languages, newsletters, stories: [] };
}

export const phrasesOf = (language: Language | undefined): (typeof phrases)[Language] => phrases[language ?? 'en'];
