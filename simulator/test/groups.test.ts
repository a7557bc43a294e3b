import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedWorld } from '../src/index.ts';
import type { Phone } from '../src/index.ts';
import type { Group } from '../src/world/types.ts';
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

const group = (jid: string): Group => stage.sim.world.groups.get(jid)!;
const rolesIn = (jid: string): Record<string, string> => Object.fromEntries(group(jid).members.map(({ person, role }) => [`${person}@s.whatsapp.net`, role]));
const data = (line: Line) => line['data'] as Record<string, unknown>;
const threeFriends = (): [Phone, Phone, Phone] => stage.friends().slice(0, 3) as [Phone, Phone, Phone];

test('Baileys makes and runs a group; whatsmeow on the same account and the members hear of each step', async () => {
  const [ana, ben, cem] = threeFriends();
  const { owner } = stage.sim;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const socket = baileys.socket!;

  const { id, participants } = await socket.groupCreate('Sunday walk', [ana.pn, ben.lid]);
  expect(participants.map(({ id: jid }) => jid).sort()).toEqual([owner.lid, ana.lid, ben.lid].sort());
  expect(rolesIn(id)).toEqual({ [owner.pn]: 'superadmin', [ana.pn]: 'member', [ben.pn]: 'member' });
  const joined = await whatsmeow.hearEvent('JoinedGroup', (line) => data(line)['JID'] === id);
  expect(data(joined)).toMatchObject({ Name: 'Sunday walk', AddressingMode: 'lid' });

  expect(await socket.groupParticipantsUpdate(id, [cem.pn], 'add')).toMatchObject([{ status: '200' }]);
  await whatsmeow.hearEvent('GroupInfo', (line) => JSON.stringify(data(line)['Join']) === JSON.stringify([cem.lid]));
  expect(await socket.groupParticipantsUpdate(id, [cem.lid, '15550009999@s.whatsapp.net'], 'add')).toMatchObject([{ status: '409' }, { status: '404' }]);
  await socket.groupParticipantsUpdate(id, [ana.lid], 'promote');
  await whatsmeow.hearEvent('GroupInfo', (line) => JSON.stringify(data(line)['Promote']) === JSON.stringify([ana.lid]));
  await socket.groupParticipantsUpdate(id, [ben.lid], 'remove');
  await whatsmeow.hearEvent('GroupInfo', (line) => JSON.stringify(data(line)['Leave']) === JSON.stringify([ben.lid]));
  expect(rolesIn(id)).toEqual({ [owner.pn]: 'superadmin', [ana.pn]: 'admin', [cem.pn]: 'member' });

  await socket.groupUpdateSubject(id, 'Monday walk');
  await whatsmeow.hearEvent('GroupInfo', (line) => (data(line)['Name'] as { Name?: string } | null)?.Name === 'Monday walk');
  await socket.groupUpdateDescription(id, 'Boots on.');
  await socket.groupUpdateDescription(id, 'Boots on!');
  expect(group(id)).toMatchObject({ subject: 'Monday walk', description: { text: 'Boots on!' } });
  await socket.groupUpdateDescription(id);
  expect(group(id).description).toBeUndefined();

  await socket.groupSettingUpdate(id, 'announcement');
  await socket.groupSettingUpdate(id, 'locked');
  await socket.groupToggleEphemeral(id, 604_800);
  await socket.groupMemberAddMode(id, 'admin_add');
  await socket.groupJoinApprovalMode(id, 'on');
  expect(group(id)).toMatchObject({ announce: true, locked: true, ephemeral: 604_800, memberAddMode: 'admin_add', joinApproval: true });
  expect(await socket.groupMetadata(id)).toMatchObject({ announce: true, restrict: true, ephemeralDuration: 604_800, memberAddMode: false, joinApprovalMode: true });

  const old = await socket.groupInviteCode(id);
  expect(old).toBe(group(id).inviteCode);
  expect(await socket.groupRevokeInvite(id)).not.toBe(old);
  expect(() => ben.groups.join(old!)).toThrow('410');
  expect(() => cem.groups.configure(id, { subject: 'Mine' })).toThrow('403');
  await expect(cem.send({ to: id, text: 'may I?' })).rejects.toThrow('403');
  await socket.groupLeave(id);
  expect(rolesIn(id)).toEqual({ [ana.pn]: 'admin', [cem.pn]: 'member' });
  await expect(socket.groupMetadata(id)).rejects.toThrow('forbidden');
  expect(whatsmeow.log).toBe('');
});

test('whatsmeow makes and runs a group; Baileys on the same account hears of it', async () => {
  const [ana, ben] = threeFriends();
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const made = (await whatsmeow.call('CreateGroup', { Name: 'Choir', Participants: [ana.pn, ben.lid] })) as { JID: string };
  const id = made.JID;
  await baileys.hear('groups.upsert', ([first]) => first?.id === id && first.subject === 'Choir');

  ana.groups.leave(id);
  await baileys.hear('group-participants.update', ({ id: at, action, participants }) => at === id && action === 'remove' && participants[0]?.id === ana.lid);
  expect(await whatsmeow.call('UpdateGroupParticipants', id, [ana.lid], 'add')).toMatchObject([{ Error: 408 }]);
  stage.sim.state.privacy.set(stage.sim.world.person(ben.pn)!, 'groupadd', 'none');
  await whatsmeow.call('UpdateGroupParticipants', id, [ben.lid], 'remove');
  const [refused] = (await whatsmeow.call('UpdateGroupParticipants', id, [ben.lid], 'add')) as { Error: number; AddRequest: { Code: string } }[];
  expect(refused).toMatchObject({ Error: 403 });
  expect(refused?.AddRequest.Code).toHaveLength(16);

  await whatsmeow.call('SetGroupName', id, 'Big choir');
  await baileys.hear('groups.update', ([first]) => first?.id === id && first.subject === 'Big choir');
  await whatsmeow.call('SetGroupTopic', id, '', '', 'Tuesdays');
  await baileys.hear('groups.update', ([first]) => first?.id === id && first.desc === 'Tuesdays');
  await whatsmeow.call('SetGroupAnnounce', id, true);
  await whatsmeow.call('SetGroupLocked', id, true);
  await whatsmeow.call('SetGroupJoinApprovalMode', id, true);
  await whatsmeow.call('SetGroupMemberAddMode', id, 'admin_add');
  expect(await whatsmeow.call('GetGroupInfo', id)).toMatchObject({
    Name: 'Big choir', Topic: 'Tuesdays', IsAnnounce: true, IsLocked: true, IsJoinApprovalRequired: true, MemberAddMode: 'admin_add',
  });
  const link = String(await whatsmeow.call('GetGroupInviteLink', id, false));
  expect(link).toBe(`https://chat.whatsapp.com/${group(id).inviteCode}`);
  await whatsmeow.call('GetGroupInviteLink', id, true);
  await expect(whatsmeow.call('GetGroupInfoFromLink', link)).rejects.toThrow('revoked');
  await expect(whatsmeow.call('JoinGroupWithLink', 'nonsense')).rejects.toThrow('not valid');
  await whatsmeow.call('LeaveGroup', id);
  expect(group(id).members).toEqual([]);
  expect(whatsmeow.log).toBe('');
});

test('people come in by link, by request and by personal invitation', async () => {
  const [ana, ben, cem] = threeFriends();
  const { owner, state } = stage.sim;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const mine = owner.groups.create('Mine', []);
  owner.groups.configure(mine, { joinApproval: true });
  const code = owner.groups.inviteCode(mine);

  expect(ana.groups.join(code)).toBe('requested');
  await baileys.hear('group.join-request', ({ id, action, participant }) => id === mine && action === 'created' && participant === ana.lid);
  expect(await baileys.socket!.groupRequestParticipantsList(mine)).toMatchObject([{ jid: ana.lid, request_method: 'invite_link' }]);
  expect(await whatsmeow.call('GetGroupRequestParticipants', mine)).toMatchObject([{ JID: ana.lid }]);
  expect(ben.groups.join(code)).toBe('requested');
  expect(await whatsmeow.call('UpdateGroupRequestParticipants', mine, [ana.lid], 'approve')).toMatchObject([{ JID: ana.lid, Error: 0 }]);
  await baileys.hear('group-participants.update', ({ id, action, participants }) => id === mine && action === 'add' && participants[0]?.id === ana.lid);
  expect(await baileys.socket!.groupRequestParticipantsUpdate(mine, [ben.lid, cem.lid], 'reject')).toMatchObject([{ status: '200' }, { status: '404' }]);
  expect(state.groups.requestsFor(group(mine))).toEqual([]);
  expect(rolesIn(mine)).toEqual({ [owner.pn]: 'superadmin', [ana.pn]: 'member' });

  const theirs = ben.groups.create('Theirs', [cem.pn]);
  const open = ben.groups.inviteCode(theirs);
  expect(await baileys.socket!.groupGetInviteInfo(open)).toMatchObject({ id: theirs, subject: 'Theirs', size: 2 });
  expect(await whatsmeow.call('JoinGroupWithLink', open)).toBe(theirs);
  await baileys.hear('group-participants.update', ({ id, participants }) => id === theirs && participants[0]?.id === owner.lid);
  expect(stage.sim.world.chats.has(theirs)).toBe(true);
  await whatsmeow.call('LeaveGroup', theirs);
  expect(ben.groups.change(theirs, 'add', [owner.pn]).get(owner.pn)).toBe(408);
  expect(await baileys.socket!.groupAcceptInvite(open)).toBe(theirs);
  ben.groups.change(theirs, 'remove', [owner.pn]);
  await expect(baileys.socket!.groupAcceptInvite(open)).rejects.toThrow('not-authorized');

  state.privacy.set(stage.sim.world.owner, 'groupadd', 'none');
  expect(ben.groups.change(theirs, 'add', [owner.pn]).get(owner.pn)).toBe(403);
  const invite = state.groups.personalInviteOf(group(theirs), stage.sim.world.owner.id)!;
  expect(await whatsmeow.call('GetGroupInfoFromInvite', theirs, ben.lid, invite.code, invite.expiresAt)).toMatchObject({ Name: 'Theirs' });
  const content = { groupJid: theirs, inviteCode: invite.code, inviteExpiration: invite.expiresAt };
  expect(await baileys.socket!.groupAcceptInviteV4(ben.lid, content)).toBe(theirs);
  expect(rolesIn(theirs)[owner.pn]).toBe('member');
});

test('communities keep their groups, and both clients manage them', async () => {
  const [ana, ben, cem] = threeFriends();
  const { owner } = stage.sim;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  const socket = baileys.socket!;
  const community = (await socket.communityCreate('Village', 'All of us'))!.id;
  const inside = (await whatsmeow.call('GetSubGroups', community)) as { JID: string; Name: string; IsDefaultSubGroup: boolean }[];
  expect(inside.map(({ Name, IsDefaultSubGroup }) => [Name, IsDefaultSubGroup])).toEqual([['Village', true], ['General', false]]);

  const gardeners = (await socket.communityCreateGroup('Gardeners', [ana.lid], community))!.id;
  expect(group(gardeners).parent).toBe(community);
  const cooks = owner.groups.create('Cooks', [ben.pn, cem.pn]);
  whatsmeow.forget();
  await whatsmeow.call('LinkGroup', community, cooks);
  await whatsmeow.hearEvent('GroupInfo', (line) => (data(line)['Link'] as { Group?: { JID: string } } | null)?.Group?.JID === cooks);
  const linked = await socket.communityFetchLinkedGroups(community);
  expect(linked.linkedGroups.map(({ id }) => id).sort()).toEqual([...inside.map(({ JID }) => JID), gardeners, cooks].sort());
  const everybody = [owner, ana, ben, cem].map(({ lid }) => lid).sort();
  expect(((await whatsmeow.call('GetLinkedGroupsParticipants', community)) as string[]).sort()).toEqual(everybody);
  expect(Object.keys(rolesIn(inside[0]!.JID)).sort()).toEqual([owner, ana, ben, cem].map(({ pn }) => pn).sort());

  expect(Object.keys(await socket.communityFetchAllParticipating())).toEqual([community]);
  expect(await socket.communityMetadata(community)).toMatchObject({ subject: 'Village', desc: 'All of us' });
  await whatsmeow.call('UnlinkGroup', community, cooks);
  expect(group(cooks).parent).toBeUndefined();
  await socket.communityParticipantsUpdate(community, [ana.lid], 'remove');
  expect(rolesIn(gardeners)).toEqual({ [owner.pn]: 'superadmin' });

  const made = (await whatsmeow.call('CreateGroup', { Name: 'Town', IsParent: true })) as { JID: string; IsParent: boolean };
  expect(made.IsParent).toBe(true);
  await expect(whatsmeow.call('LinkGroup', made.JID, gardeners)).rejects.toThrow('409');
  await socket.communityLeave(community);
  expect(rolesIn(inside[0]!.JID)[owner.pn]).toBeUndefined();
});

test('what was done to a group is in the history of a device that is linked later', async () => {
  const { sim } = stage;
  const [ana, ben] = threeFriends();
  const id = sim.owner.groups.create('Sunday walk', [ana.pn]);
  sim.owner.groups.change(id, 'add', [ben.pn]);
  sim.owner.groups.configure(id, { subject: 'Monday walk' });
  ben.groups.leave(id);
  const baileys = await stage.linkedBaileys();
  const { messages } = await baileys.hear('messaging-history.set', (chunk) => chunk.messages.some(({ key }) => key.remoteJid === id));
  const lines = messages.filter(({ key }) => key.remoteJid === id).map(({ messageStubType: type, messageStubParameters }) => [type, messageStubParameters as string[]]);
  const { GROUP_CREATE, GROUP_PARTICIPANT_ADD, GROUP_CHANGE_SUBJECT, GROUP_PARTICIPANT_LEAVE } = proto.WebMessageInfo.StubType;
  expect(lines.reverse()).toEqual([[GROUP_CREATE, ['Sunday walk']], [GROUP_PARTICIPANT_ADD, [ben.lid]], [GROUP_CHANGE_SUBJECT, ['Monday walk']], [GROUP_PARTICIPANT_LEAVE, [ben.lid]]]);
});

test('a group that addresses people by their numbers tells of changes in numbers', async () => {
  await stage.close();
  stage = await Stage.open({ world: namedWorld('empty', { people: 8, groups: 8 }) });
  const { sim } = stage;
  const byNumber = [...sim.world.groups.values()].find(({ addressing, kind }) => addressing === 'pn' && kind === 'group')!;
  const admin = sim.phone(byNumber.members.find(({ role }) => role === 'superadmin')!.person);
  const outsider = stage.friends().find(({ pn }) => rolesIn(byNumber.jid)[pn] === undefined)!;
  const baileys = await stage.linkedBaileys();
  const whatsmeow = await stage.linkedWhatsmeow();
  expect(admin.groups.change(byNumber.jid, 'add', [outsider.lid]).get(outsider.lid)).toBeUndefined();
  const added = await baileys.hear('group-participants.update', ({ id, action }) => id === byNumber.jid && action === 'add');
  expect(added.participants).toMatchObject([{ id: outsider.pn, lid: outsider.lid }]);
  const line = await whatsmeow.hearEvent('GroupInfo', (heard) => data(heard)['JID'] === byNumber.jid && data(heard)['Join'] !== null);
  expect(data(line)).toMatchObject({ Join: [outsider.pn], Sender: admin.pn });
  expect(await whatsmeow.call('GetGroupInfo', byNumber.jid)).toMatchObject({ AddressingMode: 'pn' });
});
