import { afterEach, beforeEach, expect, test } from 'vitest';
import { Stage } from './fixtures/stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(() => stage.close());

test('a dropped message comes at the next login, a duplicate is read once, a delayed one is overtaken', async () => {
  const { sim, friend } = stage;
  const client = await stage.linkedWhatsmeow();
  const [companion] = sim.owner.companions;
  await companion?.whenDrained();
  const toClient = { direction: 'to_client', device: 1, tag: 'message', times: 1 } as const;

  sim.faults.add(toClient, { kind: 'drop' });
  const lost = await friend.send({ to: sim.owner.pn, text: 'lost on the way' });
  sim.faults.add(toClient, { kind: 'duplicate', copies: 2 });
  await friend.send({ to: sim.owner.pn, text: 'three times' });
  await client.hearText('three times');
  sim.faults.add(toClient, { kind: 'delay', ms: 300 });
  await friend.send({ to: sim.owner.pn, text: 'slow' });
  sim.faults.add(toClient, { kind: 'reorder', behind: 1 });
  await friend.send({ to: sim.owner.pn, text: 'behind' });
  await friend.send({ to: sim.owner.pn, text: 'in front' });
  await client.hearText('behind');
  await client.hearText('slow');
  const texts = () => client.messages().flatMap(({ text }) => (text === '' ? [] : [text]));
  expect(texts()).toEqual(['three times', 'in front', 'behind', 'slow']);

  companion?.drop();
  expect(await client.hearText('lost on the way')).toMatchObject({ id: lost.id });
});

test('a refused message is told to the sender, and an unanswered request times out alone', async () => {
  const { sim, friend } = stage;
  const client = await stage.linkedWhatsmeow();
  sim.faults.add({ direction: 'from_client', tag: 'message', times: 1 }, { kind: 'refuse', code: 463, text: 'restricted' });
  await expect(client.do('send', { to: friend.pn, text: 'not allowed' })).rejects.toThrow('463');
  await client.do('send', { to: friend.pn, text: 'allowed again' });
  await friend.waitForMessage(({ text }) => text === 'allowed again');
  expect(friend.inbox).toHaveLength(1);
});

test('whatsmeow notices a frozen connection only by its keep-alive; a thawed one goes on', async () => {
  const { sim, friend } = stage;
  const client = await stage.linkedWhatsmeow();
  const [companion] = sim.owner.companions;
  await companion?.whenDrained();
  const thaw = companion?.freeze();
  await friend.send({ to: sim.owner.pn, text: 'into the ice' });
  expect(companion).toMatchObject({ connected: true, waiting: 1 });
  thaw?.();
  await friend.send({ to: sim.owner.pn, text: 'after the thaw' });
  await client.hearText('after the thaw');
  expect(client.messages().map(({ text }) => text)).not.toContain('into the ice');
});

test.each([
  [402, { code: '101', expire: '3600' }, 'TemporaryBan'],
  [405, {}, 'ClientOutdated'],
] as const)('a login that is refused with %i is told as such', async (reason, attrs, event) => {
  const { sim } = stage;
  const client = await stage.linkedWhatsmeow();
  const lift = sim.refuseLogins({ account: sim.world.owner.pn, reason, attrs });
  sim.owner.companions[0]?.drop();
  await client.hearEvent(event);
  expect(sim.owner.companions).toMatchObject([{ connected: false }]);
  lift();
  client.forget();
  await client.do('disconnect');
  await client.do('connect');
  await client.hearEvent('Connected');
});

test('whatsmeow tries again by itself when the server is not available', async () => {
  const { sim, friend } = stage;
  const client = await stage.linkedWhatsmeow();
  sim.refuseLogins({ reason: 503, times: 1 });
  const again = sim.waitFor('active', ({ device }) => device.id === 1, { timeoutMs: 30_000 });
  sim.owner.companions[0]?.drop();
  await again;
  await friend.send({ to: sim.owner.pn, text: 'back again' });
  await client.hearText('back again');
});

test('Baileys is told why its login was refused', async () => {
  const { sim } = stage;
  const client = await stage.linkedBaileys();
  const gone = sim.waitFor('disconnected');
  client.stop();
  await gone;
  sim.refuseLogins({ reason: 403, times: 1 });
  await client.connect();
  await client.closedWith(403);
  client.forget();
  await client.connect();
  await client.opened();
});
