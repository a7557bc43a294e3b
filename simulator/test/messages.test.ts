import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedWorld } from '../src/world/named.ts';
import type { Group } from '../src/world/types.ts';
import { Stage } from './fixtures/stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open({ world: namedWorld('empty', { people: 12, directChats: 6, groups: 6, totalMessages: 200 }) });
});

afterEach(() => stage.close());

/** A group where everybody may write. */
function groupWith(addressing: Group['addressing']): Group {
  const { world } = stage.sim;
  const found = [...world.groups.values()].find(
    (group) => group.kind === 'group' && group.addressing === addressing && !group.announce && group.members.some(({ person }) => person === world.owner.id),
  );
  if (found === undefined) throw new Error(`this world has no ${addressing} group of the owner`);
  return found;
}

const memberOf = (group: Group) => stage.sim.phone(group.members.find(({ person }) => person !== stage.sim.world.owner.id)?.person ?? '');

test.each(['pn', 'lid'] as const)('group messages go both ways in a %s group, with sender keys', async (addressing) => {
  const { sim } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const group = groupWith(addressing);
  const friend = memberOf(group);

  const first = await friend.send({ to: group.jid, text: 'Who brings the cake?' });
  await baileys.hearText('Who brings the cake?');
  expect(await whatsmeow.hearText('Who brings the cake?')).toMatchObject({ id: first.id, chat: group.jid, from_me: false });
  await friend.send({ to: group.jid, text: 'Anyone?' });
  await baileys.hearText('Anyone?');
  await whatsmeow.hearText('Anyone?');

  await baileys.socket?.sendMessage(group.jid, { text: 'I do.' });
  expect(await friend.waitForMessage(({ text }) => text === 'I do.')).toMatchObject({ chat: group.jid, sender: sim.owner.pn, deliveries: 1 });
  expect(await whatsmeow.hearText('I do.')).toMatchObject({ chat: group.jid, from_me: true });
  await baileys.socket?.sendMessage(group.jid, { text: 'Chocolate.' });
  await friend.waitForMessage(({ text }) => text === 'Chocolate.');
  await whatsmeow.hearText('Chocolate.');

  await whatsmeow.do('send', { to: group.jid, text: 'And plates.' });
  await friend.waitForMessage(({ text, chat }) => text === 'And plates.' && chat === group.jid);
  await baileys.hearText('And plates.');
  expect(await sim.owner.waitForMessage(({ text }) => text === 'And plates.')).toMatchObject({ fromMe: true, chat: group.jid });
  expect(whatsmeow.log).toBe('');
});

test('a device that is linked later gets what the others send and is sent by them', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  await baileys.socket?.sendMessage(friend.pn, { text: 'alone' });
  await friend.waitForMessage(({ text }) => text === 'alone');
  const whatsmeow = await stage.linkedWhatsmeow();

  await baileys.socket?.sendMessage(friend.pn, { text: 'not alone any more' });
  expect(await whatsmeow.hearText('not alone any more')).toMatchObject({ from_me: true });
  await whatsmeow.do('send', { to: friend.pn, text: 'from the other one' });
  await baileys.hearText('from the other one');
  expect(baileys.texts().find(({ text }) => text === 'from the other one')).toMatchObject({ fromMe: true });
  const sent = await sim.owner.send({ to: friend.pn, text: 'from the phone' });
  await baileys.hearText('from the phone');
  expect(await whatsmeow.hearText('from the phone')).toMatchObject({ id: sent.id, from_me: true });
  await friend.waitForMessage(({ text }) => text === 'from the phone');
  expect(friend.inbox.map(({ text, deliveries }) => [text, deliveries])).toEqual([
    ['alone', 1],
    ['not alone any more', 1],
    ['from the other one', 1],
    ['from the phone', 1],
  ]);
});

test.each(['direct', 'group'] as const)('a %s message that a client cannot decrypt is sent again and read once', async (kind) => {
  const { sim } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const group = groupWith('lid');
  const friend = memberOf(group);
  const to = kind === 'group' ? group.jid : sim.owner.pn;
  await friend.send({ to, text: 'readable' });
  await baileys.hearText('readable');
  await whatsmeow.hearText('readable');

  for (const device of [1, 2]) sim.faults.add({ direction: 'to_client', device, tag: 'message', times: 1 }, { kind: 'corrupt' });
  const { id } = await friend.send({ to, text: 'broken on the way' });
  await baileys.hearText('broken on the way');
  expect(await whatsmeow.hearText('broken on the way')).toMatchObject({ id });
  expect(baileys.texts().filter(({ text }) => text === 'broken on the way')).toHaveLength(1);
  await friend.send({ to, text: 'readable again' });
  await baileys.hearText('readable again');
  await whatsmeow.hearText('readable again');
});

test.each(['direct', 'group'] as const)('a %s message that a phone cannot decrypt is asked for again and read once', async (kind) => {
  const { sim } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const group = groupWith('lid');
  // Baileys finds a message to send again only under the address it was sent to, so the chat must be
  // addressed by number as well (Socket/messages-recv.js: sendMessagesAgain).
  const friend = kind === 'group' ? memberOf(group) : stage.friend;
  const to = kind === 'group' ? group.jid : friend.pn;
  const corrupt = (device: number) => sim.faults.add({ direction: 'from_client', device, tag: 'message', times: 1 }, { kind: 'corrupt' });

  corrupt(1);
  await baileys.socket?.sendMessage(to, { text: 'broken by Baileys' });
  await friend.waitForMessage(({ text }) => text === 'broken by Baileys');
  corrupt(2);
  await whatsmeow.do('send', { to, text: 'broken by whatsmeow' });
  await friend.waitForMessage(({ text }) => text === 'broken by whatsmeow');
  await whatsmeow.do('send', { to, text: 'whole again' });
  await friend.waitForMessage(({ text }) => text === 'whole again');
  expect(friend.inbox.map(({ text }) => text)).toEqual(['broken by Baileys', 'broken by whatsmeow', 'whole again']);
});
