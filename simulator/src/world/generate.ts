import { generateCast, phrasesOf, windowOf, type Cast } from './cast.ts';
import { demoCast } from './demo/cast.ts';
import { pnJid, STATUS_JID } from './jids.ts';
import { keyOf, Random } from './random.ts';
import type { Scene } from './scene.ts';
import { shareMessages } from './shares.ts';
import { tellStory, type Story } from './story.ts';
import { addressingOf, stubsOf } from './stubs.ts';
import { BURST, timesOf, type TimeWindow } from './times.ts';
import type { Addressing, Chat, Density, Group, Person, World, WorldSpec } from './types.ts';
import { GeneratedWorld, newChat } from './world.ts';

const NEWSLETTER_POSTS = 60;
const DAY = 86_400;

/** A cast with what all its chats share, made once. */
interface Company extends Cast {
  readonly personOf: (id: string) => Person;
  /** People whose number is known. */
  readonly acquaintances: readonly Person[];
}

function companyOf(cast: Cast): Company {
  const byId = new Map([cast.owner, ...cast.people].map((person) => [person.id, person]));
  return { ...cast, personOf: (id) => byId.get(id) ?? cast.owner, acquaintances: cast.people.filter((person) => person.mapping === 'known') };
}

/** A chat with the name its streams are keyed by. */
interface Planned {
  readonly name: string;
  readonly chat: Chat;
  readonly group: Group | undefined;
}

/** Every third direct chat is filed under the LID, as accounts that moved to LIDs do. */
function directAddressing(person: Person, index: number): Addressing | 'mixed' {
  if (person.mapping === 'never') return 'lid';
  if (person.mapping === 'late') return 'mixed';
  return index % 3 === 2 ? 'lid' : 'pn';
}

function planChats(cast: Cast): Planned[] {
  const direct = cast.friends.map((person, index): Planned => ({
    name: person.pn,
    chat: newChat({ jid: pnJid(person), kind: 'direct', person: person.id, addressing: directAddressing(person, index) }),
    group: undefined,
  }));
  const groups = cast.groups.map((group): Planned => ({
    name: group.jid,
    chat: newChat({ jid: group.jid, kind: group.kind, group: group.jid, addressing: group.addressing, ephemeral: group.ephemeral }),
    group,
  }));
  const status = newChat({ jid: STATUS_JID, kind: 'status', addressing: 'lid' });
  const newsletters = cast.newsletters.map(({ jid }): Planned => ({ name: jid, chat: newChat({ jid, kind: 'newsletter', addressing: 'lid' }), group: undefined }));
  return [...direct, ...groups, { name: STATUS_JID, chat: status, group: undefined }, ...newsletters];
}

/** When the generated past of a chat begins and ends; a story continues it. */
function pastWindow(spec: WorldSpec, planned: Planned, story: Story | undefined): TimeWindow {
  const { chat } = planned;
  if (chat.kind === 'status') return { start: spec.baseTime - DAY + 600, end: spec.baseTime - 600 };
  const whole = windowOf(spec, planned.name);
  if (chat.kind === 'newsletter') return { start: whole.start, end: spec.baseTime - 3600 };
  const end = story ? spec.baseTime - (story.lines[0]?.ago ?? 0) * 60 - 3 * 3600 : whole.end;
  const created = planned.group?.createdAt ?? whole.start;
  const kept = chat.ephemeral > 0 ? spec.baseTime - chat.ephemeral + DAY : created;
  return { start: Math.min(Math.max(created, kept), end - DAY), end };
}

/** Who may write into a chat: a newsletter's author is nobody in particular. */
function voicesOf({ owner, friends, personOf }: Company, { chat, group }: Planned): Person[] {
  if (chat.person) return [owner, personOf(chat.person)];
  if (!group) return chat.kind === 'status' ? friends.filter((friend) => friend.mapping === 'known' && friend.name !== undefined) : [nobody];
  const speakers = group.announce ? group.members.filter((member) => member.role !== 'member') : group.members;
  return speakers.map((member) => personOf(member.person));
}

/** Stands for the author of newsletter posts; never shown. */
const nobody: Person = { id: '', pn: '', lid: '', name: undefined, pushName: '', about: '', aboutSetAt: 0, mapping: 'never', language: 'en' };

const quietDensity: Density = { media: 0, reply: 0, reaction: 0, edit: 0, revoke: 0, star: 0, longText: 0, other: 0 };
/** Posts that many people see but nobody answers in the chat itself. */
const broadcastDensity: Density = { ...quietDensity, media: 400 };

function sceneOf(spec: WorldSpec, company: Company, planned: Planned, count: number): Scene | undefined {
  const { chat, group, name } = planned;
  const { owner, personOf, acquaintances } = company;
  const voices = voicesOf(company, planned);
  if (count === 0 || chat.kind === 'community' || voices.length === 0) return undefined;
  const story = company.stories.find((candidate) => candidate.chat === storyKey(planned));
  const key = new Random(spec.seed, keyOf('scene'), keyOf(name)).next();
  const broadcast = chat.kind === 'status' || chat.kind === 'newsletter';
  const times = timesOf(new Random(key, keyOf('times')), count, pastWindow(spec, planned, story), broadcast || group?.announce ? 1 : BURST);
  const language = chat.person ? personOf(chat.person).language : company.languages.get(chat.jid);
  return {
    chat,
    group,
    seed: spec.seed,
    key,
    times,
    owner,
    voices,
    audience: group ? group.members.map((member) => personOf(member.person)) : voices,
    acquaintances,
    phrases: phrasesOf(language),
    density: broadcast ? broadcastDensity : spec.density,
    addressing: addressingOf(chat, group),
    stubs: stubsOf(chat, group, times, personOf),
    ephemeral: chat.ephemeral,
  };
}

/** Stories name a chat by its group's subject or by its person's id. */
const storyKey = ({ chat, group }: Planned): string => group?.subject ?? chat.person ?? chat.jid;

function tellStories(world: GeneratedWorld, spec: WorldSpec, cast: Cast, plans: readonly Planned[]): void {
  for (const story of cast.stories) {
    const planned = plans.find((candidate) => storyKey(candidate) === story.chat && candidate.chat.kind !== 'community');
    if (!planned) throw new RangeError(`A story is about ${story.chat}, which is neither a group's subject nor a friend's number.`);
    const { chat, group } = planned;
    const person = (shortName: string): Person => {
      const found = shortName === 'me' ? cast.owner : cast.people.find((candidate) => candidate.id === shortName || candidate.pushName === shortName);
      if (!found) throw new RangeError(`Nobody in the cast is called ${shortName}.`);
      return found;
    };
    const stage = { seed: spec.seed, baseTime: spec.baseTime, chat, addressing: addressingOf(chat, group), owner: cast.owner, person };
    for (const message of tellStory(stage, story)) world.record(message);
  }
}

/** Pins, mutes, archives and unread marks, such as a phone in use has. */
function dress(world: GeneratedWorld, spec: WorldSpec, plans: readonly Planned[]): void {
  const usable = plans.filter(({ chat }) => chat.kind === 'direct' || chat.kind === 'group' || chat.kind === 'announcement');
  for (const [index, { chat }] of usable.entries()) {
    if (index < 2) chat.pinnedAt = (spec.baseTime - DAY * (index + 3)) * 1000;
    if (index % 9 === 6) chat.archived = true;
    if (index % 7 === 4) chat.mutedUntil = index % 2 === 0 ? -1 : (spec.baseTime + 7 * DAY) * 1000;
    if (index % 13 === 8) chat.markedUnread = true;
    if (index % 3 === 0) chat.unread = unreadOf(world, chat, 1 + (index % 5));
  }
}

/** How many of the newest messages came from others: no more than these can be unread. */
function unreadOf(world: World, chat: Chat, atMost: number): number {
  const newest = world.messagesOf(chat).range(0, atMost);
  const own = newest.findIndex((message) => message.fromMe);
  return own < 0 ? newest.length : own;
}

/** The world of a spec. Takes milliseconds: messages are built when they are asked for. */
export function worldOf(spec: WorldSpec): World {
  const cast = spec.cast === 'demo' ? demoCast(spec) : generateCast(spec);
  const plans = planChats(cast);
  const counts = shareMessages(spec, plans, cast.stories.reduce((sum, story) => sum + story.lines.length, 0));
  const countOf = ({ chat }: Planned): number => {
    if (chat.kind === 'status') return spec.statusPosts;
    return chat.kind === 'newsletter' ? NEWSLETTER_POSTS : counts.get(chat.jid) ?? 0;
  };
  const company = companyOf(cast);
  const chats = plans.map((planned) => ({ chat: planned.chat, scene: sceneOf(spec, company, planned, countOf(planned)) }));
  const world = new GeneratedWorld({ spec, owner: cast.owner, people: cast.people, groups: cast.groups, newsletters: cast.newsletters, chats });
  tellStories(world, spec, cast, plans);
  dress(world, spec, plans);
  return world;
}

