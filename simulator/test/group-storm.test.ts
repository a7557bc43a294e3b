import { randomInt } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedWorld } from '../src/index.ts';
import type { Phone } from '../src/index.ts';
import { Random } from '../src/world/random.ts';
import type { BaileysClient } from './fixtures/baileys-client.ts';
import { Stage } from './fixtures/stage.ts';
import type { WhatsmeowClient } from './fixtures/whatsmeow-client.ts';

const STEPS = 500;
let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open({ world: namedWorld('empty', { people: 8 }) });
});

afterEach(() => stage.close());

/** Who is in a group and who runs it: LID to whether an admin. */
type Roster = Map<string, boolean>;
type Action = 'add' | 'remove' | 'promote' | 'demote';

const EFFECTS: Readonly<Record<Action, (roster: Roster, lid: string) => unknown>> = {
  add: (roster, lid) => roster.set(lid, false),
  remove: (roster, lid) => roster.delete(lid),
  promote: (roster, lid) => roster.set(lid, true),
  demote: (roster, lid) => roster.set(lid, false),
};

/** The group as Baileys' events tell it, from its creation on. */
function toldByBaileys(client: BaileysClient, group: string, creator: string): Roster {
  const roster: Roster = new Map([[creator, true]]);
  for (const event of client.heard) {
    if (event.name !== 'group-participants.update' || event.data.id !== group) continue;
    const { action, participants } = event.data;
    if (action !== 'modify') for (const { id } of participants) EFFECTS[action](roster, id);
  }
  return roster;
}

/** The group as whatsmeow's events tell it. */
function toldByWhatsmeow(client: WhatsmeowClient, group: string, creator: string): Roster {
  const roster: Roster = new Map([[creator, true]]);
  const fields: readonly (readonly [string, Action])[] = [['Join', 'add'], ['Leave', 'remove'], ['Promote', 'promote'], ['Demote', 'demote']];
  for (const line of client.heard) {
    const data = line['data'] as Record<string, unknown> | undefined;
    if (line.event !== '*events.GroupInfo' || data?.['JID'] !== group) continue;
    for (const [field, action] of fields) for (const lid of (data[field] as string[] | null) ?? []) EFFECTS[action](roster, lid);
  }
  return roster;
}

function rosterOf(group: string): Roster {
  const { sim } = stage;
  const { members } = sim.world.groups.get(group)!;
  return new Map(members.map(({ person, role }) => [sim.phone(person).lid, role !== 'member']));
}

const sorted = (roster: Roster) => Object.fromEntries([...roster].sort(([left], [right]) => left.localeCompare(right)));

test('after a storm of changes from both clients and from members, everybody knows the same group', async () => {
  const { sim } = stage;
  const seed = randomInt(2 ** 31);
  const random = new Random(seed);
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const socket = baileys.socket!;
  const group = sim.owner.groups.create('Storm', []);
  const friends = stage.friends();

  const byMember = (friend: Phone): void => {
    if (rosterOf(group).has(friend.lid)) friend.groups.leave(group);
    else if (!sim.world.groups.get(group)!.past.some(({ person, reason }) => reason === 'removed' && `${person}@s.whatsapp.net` === friend.pn)) {
      friend.groups.join(sim.world.groups.get(group)!.inviteCode);
    }
  };
  for (let step = 0; step < STEPS; step++) {
    const friend = friends[random.below(friends.length)]!;
    const action = (['add', 'remove', 'promote', 'demote'] as const)[random.below(4)]!;
    const turn = random.below(5);
    if (turn < 2) await socket.groupParticipantsUpdate(group, [friend.lid], action);
    else if (turn < 4) await whatsmeow.call('UpdateGroupParticipants', group, [friend.pn], action);
    else byMember(friend);
  }
  await socket.groupUpdateSubject(group, 'Calm');
  await baileys.hear('groups.update', ([first]) => first?.id === group && first.subject === 'Calm');
  await whatsmeow.hearEvent('GroupInfo', (line) => JSON.stringify(line['data']).includes('"Calm"'));

  const truth = sorted(rosterOf(group));
  expect({ seed, told: sorted(toldByBaileys(baileys, group, sim.owner.lid)) }).toEqual({ seed, told: truth });
  expect({ seed, told: sorted(toldByWhatsmeow(whatsmeow, group, sim.owner.lid)) }).toEqual({ seed, told: truth });
  const { participants } = await socket.groupMetadata(group);
  expect({ seed, asked: sorted(new Map(participants.map(({ id, admin }) => [id, admin != null]))) }).toEqual({ seed, asked: truth });
  const info = (await whatsmeow.call('GetGroupInfo', group)) as { Participants: { JID: string; IsAdmin: boolean }[] };
  expect({ seed, asked: sorted(new Map(info.Participants.map(({ JID, IsAdmin }) => [JID, IsAdmin]))) }).toEqual({ seed, asked: truth });
  expect(whatsmeow.log).toBe('');
});
