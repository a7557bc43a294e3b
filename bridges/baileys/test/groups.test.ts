import type { Simulator } from 'wa-sim';
import { startSimulator } from 'wa-sim';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BridgeUnderTest, link } from './harness.ts';

let simulator: Simulator;
let bridge: BridgeUnderTest;

beforeAll(async () => {
  simulator = await startSimulator({ world: 'demo' });
  bridge = new BridgeUnderTest(simulator.url);
  await bridge.start();
  await link(bridge, simulator.owner);
});

afterAll(async () => {
  await bridge.dispose();
  await simulator.close();
});

const others = () => [...simulator.world.people.values()].filter(({ id }) => id !== simulator.world.owner.id);

describe('groups', () => {
  test('are created, shown, changed and left', async () => {
    const [ann, bob] = others().map(({ pn }) => `${pn}@s.whatsapp.net`);
    const { group, participants } = await bridge.call('group.create', { name: 'Garden', participants: [ann!] });
    expect(participants).toMatchObject([{ jid: ann, ok: true }]);
    expect(await bridge.call('group.settings', { jid: group.jid, name: 'Big garden', description: 'Tools', only_admins_send: true, disappearing_seconds: 86_400 })).toEqual({
      applied: ['name', 'description', 'only_admins_send', 'disappearing_seconds'],
    });
    expect(await bridge.call('group.info', { jid: group.jid })).toMatchObject({ name: 'Big garden', description: 'Tools', only_admins_send: true, disappearing_seconds: 86_400, size: 2 });
    expect(await bridge.call('group.participants', { jid: group.jid, action: 'add', participants: [bob!] })).toMatchObject({ participants: [{ ok: true }] });
    expect(await bridge.call('group.participants', { jid: group.jid, action: 'promote', participants: [bob!] })).toMatchObject({ participants: [{ ok: true }] });
    const { code, link: url } = await bridge.call('group.invite_link', { jid: group.jid });
    expect(url).toBe(`https://chat.whatsapp.com/${code}`);
    expect(await bridge.call('group.info', { invite_code: code })).toMatchObject({ jid: group.jid });
    expect((await bridge.call('group.invite_link', { jid: group.jid, revoke: true })).code).not.toBe(code);
    expect(await bridge.call('group.join_requests', { jid: group.jid })).toEqual({ requests: [] });
    expect(await bridge.call('group.leave', { jid: group.jid })).toEqual({});
  });

  test('that are not there have a named failure', async () => {
    const reply = await bridge.ask('group.info', { jid: '120363000000000000@g.us' });
    expect(reply).toMatchObject({ ok: false, error: { code: expect.stringMatching(/not_found|not_allowed/) as string } });
    expect(await bridge.ask('group.info', {})).toMatchObject({ ok: false, error: { code: 'invalid_argument' } });
  });

  test('of communities', async () => {
    const { communities } = await bridge.call('community.list', {});
    expect(communities.length).toBeGreaterThan(0);
    const { groups } = await bridge.call('community.groups', { jid: communities[0]!.jid });
    expect(groups.some(({ is_announcement_group }) => is_announcement_group)).toBe(true);
  });
});

describe('channels', () => {
  test('are shown, followed and created', async () => {
    const known = [...simulator.world.newsletters.values()][0]!;
    const { newsletter } = await bridge.call('newsletter.info', { jid: known.jid, recent_posts: 3 });
    expect(newsletter).toMatchObject({ jid: known.jid, name: known.name });
    expect(await bridge.call('newsletter.follow', { jid: known.jid, following: true })).toEqual({});
    expect((await bridge.call('newsletter.create', { name: 'News', description: 'Daily' })).newsletter).toMatchObject({ name: 'News', role: 'owner' });
  });
});

describe('the account', () => {
  test('about, privacy and block list', async () => {
    await bridge.call('profile.set_about', { text: 'In the garden' });
    const { settings } = await bridge.call('privacy.get', {});
    expect(Array.isArray(settings)).toBe(true);
    const jid = `${others()[0]!.pn}@s.whatsapp.net`;
    await bridge.call('contact.block', { jid, blocked: true });
    await bridge.call('contact.block', { jid, blocked: false });
    expect((await bridge.call('contact.blocklist', {})).jids).toEqual([]);
    expect(await bridge.call('contact.picture', { jid })).toMatchObject({ has_picture: expect.any(Boolean) as boolean });
  });
});
