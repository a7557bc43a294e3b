/** Toolset groups: what the account does to groups is so on the server and for the members. */
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage();

const group = (jid: string) => stage.world.groups.get(jid)!;
/** Role of each member, by phone-number JID. */
const roles = (jid: string): Record<string, string> => Object.fromEntries(group(jid).members.map(({ person, role }) => [`${person}@s.whatsapp.net`, role]));
const people = () => ({ emma: stage.phone('Emma'), priya: stage.phone('Priya'), hannah: stage.phone('Hannah'), owner: stage.sim.owner });

/** A group of the owner with Emma in it, made on the phone. */
const owned = (subject: string): string => stage.sim.owner.groups.create(subject, [people().emma.pn]);

tool('get_group_info', 'of a group by its JID, of a foreign one by its link', async () => {
  const jid = stage.group('Book club');
  const info = await stage.call<{ participants: readonly { pn?: string; jid: string }[] }>('get_group_info', { group: jid });
  expect(info).toMatchObject({ jid, name: 'Book club', size: group(jid).members.length });
  const numbers = info.participants.map((each) => stage.world.person(each.jid)?.id);
  expect(new Set(numbers)).toEqual(new Set(group(jid).members.map(({ person }) => person)));
  const foreign = people().priya.groups.create('Climbing', []);
  const link = `https://chat.whatsapp.com/${people().priya.groups.inviteCode(foreign)}`;
  expect(await stage.call('get_group_info', { group: link })).toMatchObject({ jid: foreign, name: 'Climbing' });
});

tool('create_group', 'it is there, with these people and the owner above them', async () => {
  const { emma, priya, owner } = people();
  const made = await stage.call<{ group: { jid: string } }>('create_group', { name: 'Picnic', participants: [emma.pn, priya.pn] });
  expect(group(made.group.jid).subject).toBe('Picnic');
  expect(roles(made.group.jid)).toEqual({ [owner.pn]: 'superadmin', [emma.pn]: 'member', [priya.pn]: 'member' });
  const sent = await stage.call<{ message_id: string }>('send_message', { recipient: made.group.jid, message: 'I bring the salad' });
  await stage.arrives(emma, sent.message_id);
});

tool('update_group_participants', 'add, promote, demote, remove; each person has a result', async () => {
  const { emma, hannah, owner } = people();
  const jid = owned('Choir');
  const change = (action: string, ...participants: string[]) => stage.call('update_group_participants', { group_jid: jid, action, participants });
  expect(await change('add', hannah.pn)).toMatchObject({ success: true, results: [{ ok: true }] });
  expect(roles(jid)).toEqual({ [owner.pn]: 'superadmin', [emma.pn]: 'member', [hannah.pn]: 'member' });
  await change('promote', emma.pn);
  expect(roles(jid)[emma.pn]).toBe('admin');
  await change('demote', emma.pn);
  expect(roles(jid)[emma.pn]).toBe('member');
  await change('remove', hannah.pn);
  expect(roles(jid)).toEqual({ [owner.pn]: 'superadmin', [emma.pn]: 'member' });
  expect(await change('add', emma.pn)).toMatchObject({ success: false, results: [{ ok: false }] });
});

tool('update_group_settings', 'every setting is the group\'s, and a member hears of it', async () => {
  const { emma } = people();
  const jid = owned('Allotment');
  const asked = { name: 'Allotment 12', description: 'Water before nine', only_admins_send: true, only_admins_edit: true, only_admins_add: true, join_approval: true, disappearing_seconds: 604_800 };
  expect(await stage.call('update_group_settings', { group_jid: jid, ...asked })).toMatchObject({ success: true, not_applied: [] });
  expect(group(jid)).toMatchObject({ subject: 'Allotment 12', description: { text: 'Water before nine' }, announce: true, locked: true, memberAddMode: 'admin_add', joinApproval: true, ephemeral: 604_800 });
  await expect(emma.send({ to: jid, text: 'May I?' })).rejects.toThrow('403');
});

tool('get_group_invite_link', 'is the group\'s; a revoked one lets nobody in', async () => {
  const { priya, owner } = people();
  const jid = owned('Street party');
  const first = await stage.call<{ code: string; link: string }>('get_group_invite_link', { group_jid: jid });
  expect(first).toMatchObject({ code: group(jid).inviteCode, link: `https://chat.whatsapp.com/${group(jid).inviteCode}` });
  const second = await stage.call<{ code: string }>('get_group_invite_link', { group_jid: jid, revoke_old: true });
  expect(second.code).toBe(group(jid).inviteCode);
  expect(second.code).not.toBe(first.code);
  expect(() => priya.groups.join(first.code)).toThrow('410');
  expect(priya.groups.join(second.code)).toBe('joined');
  expect(Object.keys(roles(jid))).toContain(owner.pn);
});

tool('review_group_join_requests', 'lists, lets in, turns away', async () => {
  const { priya, hannah, owner } = people();
  const jid = owned('Quiz team');
  owner.groups.configure(jid, { joinApproval: true });
  for (const phone of [priya, hannah]) expect(phone.groups.join(owner.groups.inviteCode(jid))).toBe('requested');
  const listed = await stage.call<{ count: number; requests: readonly { jid: string }[] }>('review_group_join_requests', { group_jid: jid });
  expect(listed.requests.map((each) => stage.world.person(each.jid)?.id).toSorted()).toEqual([priya.pn, hannah.pn].map((pn) => stage.world.person(pn)?.id).toSorted());
  expect(await stage.call('review_group_join_requests', { group_jid: jid, action: 'approve', participants: [priya.pn] })).toMatchObject({ success: true });
  expect(await stage.call('review_group_join_requests', { group_jid: jid, action: 'reject', participants: [hannah.pn] })).toMatchObject({ success: true });
  expect(Object.keys(roles(jid))).toContain(priya.pn);
  expect(Object.keys(roles(jid))).not.toContain(hannah.pn);
  expect(owner.groups.requests(jid)).toEqual([]);
});

tool('join_group', 'by link, at once or after a request', async () => {
  const { hannah, owner } = people();
  const open = hannah.groups.create('Open house', []);
  const link = (jid: string) => `https://chat.whatsapp.com/${hannah.groups.inviteCode(jid)}`;
  expect(await stage.call('join_group', { invite_link: link(open) })).toMatchObject({ group_jid: open, pending_approval: false });
  expect(roles(open)[owner.pn]).toBe('member');
  const guarded = hannah.groups.create('Members only', []);
  hannah.groups.configure(guarded, { joinApproval: true });
  expect(await stage.call('join_group', { invite_link: link(guarded) })).toMatchObject({ pending_approval: true });
  expect(hannah.groups.requests(guarded)).toHaveLength(1);
});

tool('leave_group', 'the account is out, the others stay', async () => {
  const { emma, owner } = people();
  const jid = emma.groups.create('Old flat', [owner.pn]);
  expect(await stage.call('leave_group', { group_jid: jid })).toMatchObject({ success: true, left: true });
  expect(roles(jid)).toEqual({ [emma.pn]: 'superadmin' });
});
