/** Toolset newsletters: what the account does to channels is seen by those who run them. */
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage();

const desk = () => stage.sim.newsletters;
const follows = (jid: string): boolean => desk().followers(jid).includes(stage.sim.owner.pn);

tool('list_newsletters', 'those that the account follows or owns', async () => {
  const strange = desk().create({ name: 'Nobody reads this' });
  const { newsletters } = await stage.call<{ newsletters: readonly { jid: string; name: string }[] }>('list_newsletters');
  const jids = newsletters.map(({ jid }) => jid);
  for (const channel of stage.world.newsletters.values()) expect(jids.includes(channel.jid)).toBe(follows(channel.jid));
  expect(jids).not.toContain(strange.jid);
  expect(newsletters.map(({ name }) => name)).toContain('Morning Headlines');
});

tool('get_newsletter_info', 'by link, with its newest posts', async () => {
  const channel = desk().create({ name: 'Daily tide', description: 'High water, low water' });
  for (const hour of ['six', 'seven', 'eight']) desk().post(channel.jid, `High water at ${hour}`);
  const link = `https://whatsapp.com/channel/${channel.inviteCode}`;
  const info = await stage.call<{ posts: readonly { text?: string }[] }>('get_newsletter_info', { newsletter: link, recent_posts: 2 });
  expect(info).toMatchObject({ newsletter: { jid: channel.jid, name: 'Daily tide', description: 'High water, low water' } });
  expect(info.posts.map(({ text }) => text).toSorted()).toEqual(['High water at eight', 'High water at seven']);
});

tool('subscribe_to_newsletter', 'the channel has one follower more', async () => {
  const channel = desk().create({ name: 'Garden news' });
  expect(await stage.call('subscribe_to_newsletter', { newsletter: `https://whatsapp.com/channel/${channel.inviteCode}` })).toMatchObject({ newsletter_jid: channel.jid, following: true });
  expect(follows(channel.jid)).toBe(true);
});

tool('unsubscribe_from_newsletter', 'the channel has lost a follower', async () => {
  const channel = [...stage.world.newsletters.values()].find(({ name }) => name === 'Recipes in Five Lines')!;
  expect(follows(channel.jid)).toBe(true);
  expect(await stage.call('unsubscribe_from_newsletter', { newsletter: channel.jid })).toMatchObject({ following: false });
  expect(follows(channel.jid)).toBe(false);
});

tool('create_newsletter', 'it is there, and its own', async () => {
  const { newsletter } = await stage.call<{ newsletter: { jid: string } }>('create_newsletter', { name: 'Street news', description: 'What happens in our street' });
  expect(desk().get(newsletter.jid)).toMatchObject({ name: 'Street news', description: 'What happens in our street' });
  const { newsletters } = await stage.call<{ newsletters: readonly { jid: string; role?: string }[] }>('list_newsletters');
  expect(newsletters.find(({ jid }) => jid === newsletter.jid)).toMatchObject({ role: 'owner' });
});

tool('react_to_newsletter_post', 'the reaction is counted, and taken back', async () => {
  const channel = desk().create({ name: 'Moon' });
  const { serverId } = desk().post(channel.jid, 'Full moon tonight');
  await stage.call('subscribe_to_newsletter', { newsletter: channel.jid });
  const target = { newsletter_jid: channel.jid, server_id: serverId };
  await stage.call('react_to_newsletter_post', { ...target, emoji: '🌕' });
  expect(desk().echo(channel.jid, serverId!).reactions).toEqual({ '🌕': 1 });
  await stage.call('react_to_newsletter_post', { ...target, emoji: '' });
  expect(desk().echo(channel.jid, serverId!).reactions).toEqual({});
});
