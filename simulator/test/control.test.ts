import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedWorld, startSimulator } from '../src/index.ts';
import type { Simulator } from '../src/index.ts';
import { sampleOf } from '../src/media/samples/index.ts';

let sim: Simulator;

beforeEach(async () => {
  sim = await startSimulator({ world: namedWorld('empty', { people: 5 }) });
});

afterEach(() => sim.close());

async function control(method: string, input: object = {}): Promise<{ result?: unknown; error?: { code: string; message: string } }> {
  const response = await fetch(`${sim.origin}/control/${method}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) });
  return (await response.json()) as { result?: unknown; error?: { code: string; message: string } };
}

const friends = () => [...sim.world.people.values()].filter((person) => person !== sim.world.owner).map(({ pn }) => pn);

test('groups are made and run through the control endpoint', async () => {
  const [ana = '', ben = '', cem = ''] = friends();
  const { jid: community } = (await control('create_group', { subject: 'Village', people: [ana], community: true })).result as { jid: string };
  const { jid: group } = (await control('create_group', { account: ana, subject: 'Cooks', people: [ben] })).result as { jid: string };
  expect(await control('change_group_members', { account: ana, group, action: 'add', people: [ben, cem] })).toEqual({ result: { [ben]: 409, [cem]: null } });
  await control('configure_group', { account: ana, group, subject: 'Good cooks', join_approval: true, ephemeral: 86_400 });
  const { code } = (await control('group_link', { account: ana, group })).result as { code: string };
  expect(await control('join_group', { code })).toEqual({ result: { outcome: 'requested' } });
  expect((await control('group', { group })).result).toMatchObject({ subject: 'Good cooks', ephemeral: 86_400, requests: [{ person: sim.world.owner.id }] });
  await control('decide_join_requests', { account: ana, group, verdict: 'approve', people: [sim.owner.pn] });
  expect(await control('link_group', { community, group })).toMatchObject({ error: { code: 'refused', message: expect.stringContaining('403') as string } });
  await control('change_group_members', { account: ana, group, action: 'promote', people: [sim.owner.pn] });
  expect(await control('link_group', { community, group })).toEqual({ result: null });
  expect((await control('groups')).result).toContainEqual({ jid: group, subject: 'Good cooks', kind: 'group', parent: community, members: 4 });
  await control('leave_group', { account: cem, group });
  expect(sim.world.groups.get(group)?.past).toMatchObject([{ person: cem, reason: 'left' }]);
  expect(await control('group', { group: 'nowhere@g.us' })).toMatchObject({ error: { code: 'not_found' } });
});

test('channels are published through the control endpoint', async () => {
  const [ana = ''] = friends();
  const { jid } = (await control('create_newsletter', { name: 'Daily tide' })).result as { jid: string };
  await control('set_newsletter_role', { newsletter: jid, person: ana, role: 'subscriber' });
  const { server_id: number } = (await control('post_to_newsletter', { newsletter: jid, text: 'Low water at noon' })).result as { server_id: number };
  await control('react_to_newsletter', { newsletter: jid, server_id: number, by: ana, emoji: '🌊' });
  const shown = (await control('newsletter', { newsletter: jid, server_id: number })).result;
  expect(shown).toMatchObject({ name: 'Daily tide', subscribers: 1, followers: [`${ana}@s.whatsapp.net`], post: { reactions: { '🌊': 1 }, views: 0 } });
  expect((await control('newsletters')).result).toHaveLength(1);
});

test('accounts are set up and seen through the control endpoint', async () => {
  const [ana = ''] = friends();
  const jpeg = Buffer.from(sampleOf('image', 4).bytes).toString('base64');
  const { id } = (await control('set_picture', { account: ana, jpeg })).result as { id: string };
  await control('set_about', { account: ana, text: 'Out' });
  await control('set_privacy', { account: ana, category: 'last', value: 'none' });
  await control('set_blocked', { account: ana, person: sim.owner.pn, blocked: true });
  expect((await control('account', { account: ana })).result).toMatchObject({ about: 'Out', privacy: { last: 'none' }, blocked: [sim.owner.lid], picture_id: id });
  expect(await control('set_privacy', { account: ana, category: 'last', value: 'maybe' })).toMatchObject({ error: { code: 'refused' } });
  const rang = sim.waitFor('call', ({ signal }) => signal === 'offer');
  await control('call', { account: ana, to: sim.owner.pn });
  await rang;
  const business = [...sim.world.people.values()].find((person) => person.business !== undefined);
  expect((await control('catalog', { account: business?.pn })).result).toHaveLength(12);
});
