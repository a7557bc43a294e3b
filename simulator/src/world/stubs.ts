import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { jidOf } from './jids.ts';
import type { StubLine } from './scene.ts';
import type { Addressing, Chat, Group, Person } from './types.ts';

const { StubType } = proto.WebMessageInfo;

type People = (id: string) => Person;

/** First line of every direct chat: encryption, or what a business may read. */
function directStubs(person: Person): Map<number, StubLine> {
  const type = person.business ? StubType.BIZ_PRIVACY_MODE_TO_BSP : StubType.E2E_ENCRYPTED;
  return new Map([[0, { type, parameters: person.business ? [person.business.verifiedName] : [], sender: person }]]);
}

/**
 * The story of a group as its phone-made lines: created, members added, subject changed, members
 * gone. Fixes the group's own times (`createdAt` excepted) to those of the lines.
 */
function groupStubs(group: Group, times: Uint32Array, people: People): Map<number, StubLine> {
  const creator = people(group.creator);
  const address = (id: string): string => jidOf(people(id), group.addressing);
  const stubs = new Map<number, StubLine>();
  if (times.length === 0) return stubs;
  stubs.set(0, { type: StubType.GROUP_CREATE, parameters: [group.subject], sender: creator });
  if (times.length < 40) return stubs;
  const added = group.members.filter((member) => member.person !== group.creator).slice(0, 3);
  stubs.set(1, { type: StubType.GROUP_PARTICIPANT_ADD, parameters: added.map((member) => address(member.person)), sender: creator });
  const renamed = Math.floor(times.length * 0.6);
  stubs.set(renamed, { type: StubType.GROUP_CHANGE_SUBJECT, parameters: [group.subject], sender: creator });
  group.subjectAt = times[renamed] ?? group.subjectAt;
  group.past = group.past.map((member, index) => {
    const n = Math.floor(times.length * 0.4) + index;
    const left = member.reason === 'left';
    const type = left ? StubType.GROUP_PARTICIPANT_LEAVE : StubType.GROUP_PARTICIPANT_REMOVE;
    stubs.set(n, { type, parameters: [address(member.person)], sender: left ? people(member.person) : creator });
    return { ...member, leftAt: times[n] ?? member.leftAt };
  });
  return stubs;
}

export function stubsOf(chat: Chat, group: Group | undefined, times: Uint32Array, people: People): Map<number, StubLine> {
  if (group) return groupStubs(group, times, people);
  return chat.person && times.length > 0 ? directStubs(people(chat.person)) : new Map<number, StubLine>();
}

/** The form in which content of a chat addresses people. */
export const addressingOf = (chat: Chat, group: Group | undefined): Addressing => group?.addressing ?? (chat.addressing === 'lid' ? 'lid' : 'pn');
