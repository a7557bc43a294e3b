import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleOf } from '../src/media/samples/index.ts';
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

const data = (line: Line) => line['data'] as Record<string, unknown>;
const jpeg = (number: number) => Buffer.from(sampleOf('image', number).bytes);

test('privacy settings change for the account, whichever client sets them', async () => {
  const { sim } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const { owner } = sim.world;
  expect(await whatsmeow.call('TryFetchPrivacySettings', true)).toMatchObject({ LastSeen: 'all', GroupAdd: 'all', Online: 'all' });
  await baileys.socket!.updateLastSeenPrivacy('contacts');
  await whatsmeow.hearEvent('PrivacySettings', (line) => data(line)['LastSeenChanged'] === true);
  expect(await whatsmeow.call('TryFetchPrivacySettings', false)).toMatchObject({ LastSeen: 'contacts' });
  await whatsmeow.call('SetPrivacySetting', 'profile', 'none');
  await whatsmeow.call('SetPrivacySetting', 'online', 'match_last_seen');
  expect(sim.state.privacy.of(owner)).toMatchObject({ last: 'contacts', profile: 'none', online: 'match_last_seen' });
  expect(await baileys.socket!.fetchPrivacySettings(true)).toMatchObject({ last: 'contacts', profile: 'none' });
  await expect(whatsmeow.call('SetPrivacySetting', 'online', 'sometimes')).rejects.toThrow('400');

  await baileys.socket!.updateDefaultDisappearingMode(604_800);
  expect(sim.state.accounts.disappearingMode(owner)).toMatchObject({ duration: 604_800 });
  await whatsmeow.call('SetDefaultDisappearingTimer', 86_400_000_000_000);
  await baileys.hear('creds.update', ({ accountSettings }) => accountSettings?.defaultDisappearingMode?.ephemeralExpiration === 86_400);
  expect(await whatsmeow.call('GetStatusPrivacy')).toMatchObject([{ Type: 'contacts', IsDefault: true }]);
});

test('who is blocked reaches the account no more, until unblocked', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  await friend.send({ to: sim.owner.pn, text: 'before' });
  await baileys.hearText('before');
  await baileys.socket!.updateBlockStatus(friend.lid, 'block');
  await whatsmeow.hearEvent('Blocklist', (line) => JSON.stringify(data(line)).includes(friend.lid));
  expect(sim.owner.profile.blocked()).toEqual([friend.lid]);
  expect(await whatsmeow.call('GetBlocklist')).toMatchObject({ JIDs: [friend.lid] });
  await friend.send({ to: sim.owner.pn, text: 'unheard' });
  expect(await whatsmeow.call('UpdateBlocklist', friend.pn, 'unblock')).toMatchObject({ JIDs: null });
  await baileys.hear('blocklist.update', ({ blocklist, type }) => type === 'remove' && blocklist[0] === friend.lid);
  await friend.send({ to: sim.owner.pn, text: 'after' });
  await baileys.hearText('after');
  expect(baileys.texts().flatMap(({ text }) => text ?? [])).toEqual(['before', 'after']);
  expect(await baileys.socket!.fetchBlocklist()).toEqual([]);
});

test('pictures of people and groups are set, fetched, hidden and removed', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  await expect(whatsmeow.call('GetProfilePictureInfo', friend.pn, null)).rejects.toThrow('does not have a profile picture');
  const id = friend.profile.setPicture(jpeg(1));
  await whatsmeow.hearEvent('Picture', (line) => data(line)['JID'] === friend.pn && data(line)['PictureID'] === id);
  await baileys.hear('contacts.update', ([first]) => first?.id === friend.pn && first.imgUrl === 'changed');
  const info = (await whatsmeow.call('GetProfilePictureInfo', friend.pn, null)) as { id: string; direct_path: string };
  expect(info.id).toBe(id);
  const url = await baileys.socket!.profilePictureUrl(friend.lid, 'image');
  expect(new URL(url!).pathname + new URL(url!).search).toBe(info.direct_path);
  const fetched = await fetch(`${sim.origin}${info.direct_path}`);
  expect(Buffer.from(await fetched.arrayBuffer()).equals(jpeg(1))).toBe(true);
  expect(await whatsmeow.call('GetUserInfo', [friend.pn])).toMatchObject({ [friend.pn]: { PictureID: id } });
  friend.profile.setPrivacy('profile', 'none');
  await expect(whatsmeow.call('GetProfilePictureInfo', friend.pn, null)).rejects.toThrow('hidden');

  const group = sim.owner.groups.create('Walkers', [friend.pn]);
  const groupPicture = await whatsmeow.call('SetGroupPhoto', group, jpeg(2).toString('base64'));
  expect(sim.state.pictures.of(group)).toMatchObject({ id: groupPicture });
  await baileys.hear('messages.upsert', ({ messages }) => messages.some(({ key, messageStubParameters }) => key.remoteJid === group && JSON.stringify(messageStubParameters) === JSON.stringify([groupPicture])));
  await baileys.socket!.query({
    tag: 'iq',
    attrs: { to: 's.whatsapp.net', type: 'set', xmlns: 'w:profile:picture' },
    content: [{ tag: 'picture', attrs: { type: 'image' }, content: jpeg(3) }],
  });
  expect(Buffer.from(sim.state.pictures.of(sim.world.owner.id)!.jpeg).equals(jpeg(3))).toBe(true);
  await baileys.socket!.removeProfilePicture(sim.owner.pn);
  await whatsmeow.hearEvent('Picture', (line) => data(line)['JID'] === sim.owner.pn && data(line)['Remove'] === true);
  expect(sim.state.pictures.of(sim.world.owner.id)).toBeUndefined();
  const community = sim.owner.groups.create('Village', [], { community: true });
  sim.owner.profile.setPicture(jpeg(4), community);
  expect(await whatsmeow.call('GetProfilePictureInfo', community, { IsCommunity: true })).toMatchObject({ id: sim.state.pictures.of(community)!.id });
  await expect(whatsmeow.call('SetGroupPhoto', group, Buffer.from('no picture').toString('base64'))).rejects.toThrow('image');
});

test('about texts are set by both clients and read by others', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  await baileys.socket!.updateProfileStatus('On the hill');
  expect(sim.world.owner.about).toBe('On the hill');
  await whatsmeow.hearEvent('UserAbout', (line) => data(line)['Status'] === 'On the hill');
  await whatsmeow.call('SetStatusMessage', { text: 'In the valley', ephemeral_duration_sec: 0 });
  expect(sim.world.owner.about).toBe('In the valley');
  friend.profile.setAbout('At sea');
  await whatsmeow.hearEvent('UserAbout', (line) => data(line)['JID'] === friend.pn && data(line)['Status'] === 'At sea');
  expect(await baileys.socket!.fetchStatus(friend.pn)).toMatchObject([{ id: friend.pn, status: { status: 'At sea' } }]);
  friend.profile.setPrivacy('status', 'none');
  expect(await baileys.socket!.fetchStatus(friend.pn)).toMatchObject([{ status: { status: '' } }]);
  const link = String(await whatsmeow.call('GetContactQRLink', false));
  expect(await whatsmeow.call('ResolveContactQRLink', link)).toMatchObject({ JID: sim.owner.pn, PushName: sim.owner.name });
  expect(await whatsmeow.call('GetBotListV2')).toHaveLength(1);
});

test('presence and typing go both ways', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  await baileys.socket!.presenceSubscribe(friend.pn);
  await whatsmeow.call('SubscribePresence', friend.lid);
  await whatsmeow.hearEvent('Presence', (line) => data(line)['From'] === friend.lid && data(line)['Unavailable'] === true);
  friend.profile.setPresence('available');
  await whatsmeow.hearEvent('Presence', (line) => data(line)['Unavailable'] === false);
  await baileys.hear('presence.update', ({ id, presences }) => id === friend.pn && presences[id]?.lastKnownPresence === 'available');
  friend.profile.setPresence('unavailable');
  await baileys.hear('presence.update', ({ id, presences }) => id === friend.pn && presences[id]?.lastSeen !== undefined);

  friend.profile.setTyping(sim.owner.pn, 'recording');
  await whatsmeow.hearEvent('ChatPresence', (line) => data(line)['State'] === 'composing' && data(line)['Media'] === 'audio');
  const typed = sim.waitFor('chatstate', ({ to }) => to === friend.lid);
  await whatsmeow.call('SendChatPresence', friend.lid, 'composing', '');
  await typed;
  const group = sim.owner.groups.create('Walkers', [friend.pn]);
  friend.profile.setTyping(group, 'composing');
  await baileys.hear('presence.update', ({ id, presences }) => id === group && presences[friend.lid]?.lastKnownPresence === 'composing');
});

test('calls ring, are refused by either client, and end', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const first = friend.calls.start(sim.owner.pn, { video: true });
  const [ringing] = await baileys.hear('call', ([call]) => call?.id === first && call.status === 'offer');
  expect(ringing).toMatchObject({ isVideo: true, isGroup: false });
  await whatsmeow.hearEvent('CallOffer', (line) => data(line)['CallID'] === first);
  const refused = sim.waitFor('call', ({ signal, id }) => signal === 'reject' && id === first);
  await baileys.socket!.rejectCall(first, ringing!.from);
  await refused;
  await whatsmeow.hearEvent('CallTerminate', (line) => data(line)['Reason'] === 'rejected_elsewhere');

  const second = friend.calls.start(sim.owner.pn);
  await whatsmeow.hearEvent('CallOffer', (line) => data(line)['CallID'] === second);
  const refusedAgain = sim.waitFor('call', ({ signal, id }) => signal === 'reject' && id === second);
  await whatsmeow.call('RejectCall', friend.lid, second);
  await refusedAgain;
  const third = friend.calls.start(sim.owner.pn);
  friend.calls.end(sim.owner.pn, third);
  await baileys.hear('call', ([call]) => call?.id === third && call.status === 'timeout');
  expect(await baileys.socket!.createCallLink('video')).toMatch(/^[\w-]{22}$/);
  for (const companion of sim.owner.companions) await companion.whenDrained();
});

test('an account that may not start chats is told so, and still writes to the chats it has', async () => {
  const { sim, friend } = stage;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const stranger = stage.friends()[1]!;
  await friend.send({ to: sim.owner.pn, text: 'hello' });
  await baileys.hearText('hello');
  const endsAt = Math.floor(Date.now() / 1000) + 3_600;
  sim.owner.restrictions.setTimelock({ endsAt, type: 'BIZ_QUALITY' });
  const { reachoutTimeLock: told } = await baileys.hear('connection.update', ({ reachoutTimeLock }) => reachoutTimeLock?.isActive === true);
  expect(told).toMatchObject({ enforcementType: 'BIZ_QUALITY', timeEnforcementEnds: new Date(endsAt * 1_000) });
  await whatsmeow.hearEvent('NotifyAccountReachoutTimelock');
  expect(await baileys.socket!.fetchAccountReachoutTimelock()).toMatchObject({ isActive: true });
  await expect(whatsmeow.do('send', { to: stranger.pn, text: 'cold call' })).rejects.toThrow('463');
  await whatsmeow.do('send', { to: friend.pn, text: 'warm call' });
  await friend.waitForMessage(({ text }) => text === 'warm call');
  sim.owner.restrictions.setNewChatCap({ total: 100, used: 80, status: 'FIRST_WARNING' });
  expect(await baileys.socket!.fetchNewChatMessageCap()).toMatchObject({ total_quota: 100, used_quota: 80, capping_status: 'FIRST_WARNING' });
  sim.owner.restrictions.setTimelock(undefined);
  await whatsmeow.do('send', { to: stranger.pn, text: 'good day' });
  await stranger.waitForMessage(({ text }) => text === 'good day');
  expect(stranger.inbox.map(({ text }) => text)).toEqual(['good day']);
});
