import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedWorld } from '../src/index.ts';
import { Stage } from './fixtures/stage.ts';
import type { Line } from './fixtures/whatsmeow-client.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});

afterEach(async () => {
  const { unknown } = stage;
  await stage.close();
  expect(unknown).toEqual([]);
});

interface Meta {
  readonly id: string;
  readonly thread_metadata: { readonly name: { readonly text: string }; readonly invite: string; readonly subscribers_count: string };
  readonly viewer_metadata: { readonly role: string; readonly mute: string } | null;
}

interface Post {
  readonly MessageServerID: number;
  readonly Message?: { readonly conversation?: string };
  readonly ReactionCounts: Record<string, number> | null;
}

const data = (line: Line) => line['data'] as Record<string, unknown>;

test('both clients follow a channel, read it page by page and hear what is posted', async () => {
  const { sim } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const channel = sim.newsletters.create({ name: 'Daily tide', description: 'High water, low water' });
  for (const hour of ['six', 'seven', 'eight']) sim.newsletters.post(channel.jid, `High water at ${hour}`);

  const looked = (await whatsmeow.call('GetNewsletterInfoWithInvite', `https://whatsapp.com/channel/${channel.inviteCode}`)) as Meta;
  expect(looked).toMatchObject({ id: channel.jid, thread_metadata: { name: { text: 'Daily tide' } }, viewer_metadata: null });
  await whatsmeow.call('FollowNewsletter', channel.jid);
  expect(sim.newsletters.followers(channel.jid)).toEqual([sim.owner.pn]);
  const listed = (await whatsmeow.call('GetSubscribedNewsletters')) as Meta[];
  expect(listed.map(({ id, viewer_metadata: viewer }) => [id, viewer?.role])).toEqual([[channel.jid, 'subscriber']]);

  const newest = (await whatsmeow.call('GetNewsletterMessages', channel.jid, { Count: 2 })) as Post[];
  expect(newest.map(({ Message }) => Message?.conversation)).toEqual(['High water at seven', 'High water at eight']);
  const older = (await whatsmeow.call('GetNewsletterMessages', channel.jid, { Count: 2, Before: newest[0]!.MessageServerID })) as Post[];
  expect(older.map(({ Message }) => Message?.conversation)).toEqual(['High water at six']);

  const post = sim.newsletters.post(channel.jid, 'High water at nine');
  await baileys.hear('messages.upsert', ({ messages }) => messages.some(({ key, message }) => key.remoteJid === channel.jid && message?.conversation === 'High water at nine'));
  expect(await whatsmeow.hearText('High water at nine')).toMatchObject({ chat: channel.jid });

  await baileys.socket!.newsletterUnfollow(channel.jid);
  await whatsmeow.hearEvent('NewsletterLeave', (line) => data(line)['id'] === channel.jid);
  expect(sim.newsletters.followers(channel.jid)).toEqual([]);
  await baileys.socket!.newsletterFollow(channel.jid);
  await whatsmeow.hearEvent('NewsletterJoin', (line) => data(line)['id'] === channel.jid);
  await baileys.socket!.newsletterMute(channel.jid);
  await whatsmeow.hearEvent('NewsletterMuteChange', (line) => data(line)['mute'] === 'on');
  expect(await baileys.socket!.newsletterMetadata('invite', channel.inviteCode)).toMatchObject({ id: channel.jid, viewer_metadata: { mute: 'ON', role: 'SUBSCRIBER' } });
  await expect(baileys.socket!.newsletterMetadata('jid', '120363000000000000@newsletter')).rejects.toThrow('Not Found');
  await whatsmeow.call('NewsletterMarkViewed', channel.jid, [post.serverId]);
  expect(sim.newsletters.echo(channel.jid, post.serverId!)).toEqual({ reactions: {}, views: 1 });
  expect(whatsmeow.log).toBe('');
});

test('reactions to a post reach who follows its live updates', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const channel = sim.newsletters.create({ name: 'Daily tide' });
  const post = sim.newsletters.post(channel.jid, 'Full moon tonight');
  await whatsmeow.call('FollowNewsletter', channel.jid);
  expect(await whatsmeow.call('NewsletterSubscribeLiveUpdates', channel.jid)).toBe(300_000_000_000);
  expect(await baileys.socket!.subscribeNewsletterUpdates(channel.jid)).toEqual({ duration: '300' });

  await baileys.socket!.newsletterReactMessage(channel.jid, String(post.serverId), '🌕');
  await whatsmeow.hearEvent('NewsletterLiveUpdate', (line) => (data(line)['Messages'] as Post[])[0]?.ReactionCounts?.['🌕'] === 1);
  sim.newsletters.react(channel.jid, { serverId: post.serverId!, by: friend.pn, emoji: '🌕' });
  await baileys.hear('newsletter.reaction', ({ id, server_id: serverId, reaction }) => id === channel.jid && serverId === String(post.serverId) && reaction.code === '🌕');
  await whatsmeow.call('NewsletterSendReaction', channel.jid, post.serverId, '🐺', '');
  await baileys.hear('newsletter.reaction', ({ reaction }) => reaction.code === '🐺');
  expect(sim.newsletters.echo(channel.jid, post.serverId!).reactions).toEqual({ '🌕': 1, '🐺': 1 });
  await baileys.socket!.newsletterReactMessage(channel.jid, String(post.serverId));
  expect(sim.newsletters.echo(channel.jid, post.serverId!).reactions).toEqual({ '🌕': 1 });
  const updates = (await whatsmeow.call('GetNewsletterMessageUpdates', channel.jid, { Count: 10 })) as Post[];
  expect(updates).toMatchObject([{ MessageServerID: post.serverId, ReactionCounts: { '🌕': 1 } }]);
});

test('both clients make channels and post in them', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const made = await baileys.socket!.newsletterCreate('Bees', 'Hive news');
  expect(made).toMatchObject({ name: 'Bees', description: 'Hive news', subscribers: 1 });
  await whatsmeow.hearEvent('NewsletterJoin', (line) => data(line)['id'] === made.id);
  sim.state.newsletters.relate(sim.newsletters.get(made.id), sim.world.person(friend.pn)!, { role: 'subscriber' });

  await baileys.socket!.sendMessage(made.id, { text: 'First honey' });
  expect(await whatsmeow.hearText('First honey')).toMatchObject({ chat: made.id });
  await whatsmeow.do('send', { to: made.id, text: 'Second honey' });
  await baileys.hearText('Second honey');
  const posts = sim.world.messagesOf(sim.world.chats.get(made.id)!);
  expect([...posts].map(({ text, serverId }) => [text, serverId])).toEqual([['Second honey', 101], ['First honey', 100]]);

  await baileys.socket!.newsletterUpdateName(made.id, 'Wild bees');
  expect(sim.newsletters.get(made.id).name).toBe('Wild bees');
  expect(await baileys.socket!.newsletterAdminCount(made.id)).toBe(1);
  await expect(whatsmeow.call('UnfollowNewsletter', made.id)).rejects.toThrow('403');
  const second = (await whatsmeow.call('CreateNewsletter', { name: 'Wasps', description: '' })) as Meta;
  expect(second).toMatchObject({ thread_metadata: { name: { text: 'Wasps' } }, viewer_metadata: { role: 'owner' } });
  await baileys.socket!.newsletterDelete(second.id);
  await expect(whatsmeow.call('GetNewsletterInfo', second.id)).rejects.toThrow('404');
});

test('the channels of a world hold its posts, for both clients', async () => {
  await stage.close();
  stage = await Stage.open({ world: namedWorld('empty', { newsletters: 2 }) });
  const { sim } = stage;
  const [followed] = sim.newsletters.list();
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const listed = (await whatsmeow.call('GetSubscribedNewsletters')) as Meta[];
  expect(listed.map(({ id, viewer_metadata: viewer }) => [id, viewer?.role])).toEqual(sim.newsletters.list().map(({ jid, role }) => [jid, role]));
  const kept = [...sim.world.messagesOf(sim.world.chats.get(followed!.jid)!)].filter(({ content }) => content !== undefined);
  expect(kept.length).toBeGreaterThan(0);
  const posts = (await whatsmeow.call('GetNewsletterMessages', followed!.jid, { Count: 300 })) as Post[];
  expect(posts.map(({ MessageServerID }) => MessageServerID)).toEqual(kept.map(({ serverId }) => serverId).reverse());
  const fetched = await baileys.socket!.newsletterFetchMessages(followed!.jid, 300, 0, 0) as { content?: unknown };
  expect(JSON.stringify(fetched.content)).toContain(`"server_id":"${posts.at(-1)!.MessageServerID}"`);
});
