/** Toolset contacts: what is asked about people, and what the account tells about itself. */
import { sampleOf } from 'wa-sim';
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage({ history: true });

tool('search_contacts', 'by a name in any script, and by digits', async () => {
  interface Found {
    readonly contacts: readonly { readonly jid: string }[];
  }
  const jidsOf = async (query: string) => (await stage.call<Found>('search_contacts', { query })).contacts.map(({ jid }) => jid);
  expect(await jidsOf('bjorn')).toEqual([stage.phone('Björn').pn]);
  expect(await jidsOf('雪梅')).toEqual([stage.phone('Mei 陈雪梅').pn]);
  expect(await jidsOf('900100')).toEqual([stage.phone('Emma').pn]);
});

tool('get_contact_details', 'the about text that she has now, both addresses, common groups', async () => {
  const emma = stage.phone('Emma');
  const person = stage.world.person(emma.pn)!;
  // Members are known from groups that were looked at.
  await stage.call('get_group_info', { group: stage.group('Book club') });
  const details = await stage.call<{ common_groups: readonly { jid: string }[] }>('get_contact_details', { identifier: emma.pn });
  expect(details).toMatchObject({ jid: emma.pn, lid: emma.lid, name: 'Emma Walker', about: person.about, live: true });
  expect(stage.world.groups.get(stage.group('Book club'))!.members.map((member) => member.person)).toContain(person.id);
  expect(details.common_groups.map(({ jid }) => jid)).toContain(stage.group('Book club'));
});

tool('check_is_on_whatsapp', 'tells who is there and who is not', async () => {
  const { results } = await stage.call<{ results: readonly { asked: string; on_whatsapp: boolean }[] }>('check_is_on_whatsapp', { phone_numbers: ['+44 7700 900100', '+44 7700 900999'] });
  expect(results).toMatchObject([
    { asked: '+44 7700 900100', on_whatsapp: true, jid: stage.phone('Emma').pn },
    { asked: '+44 7700 900999', on_whatsapp: false },
  ]);
});

tool('get_profile_picture', 'the picture that the server has, of a person and of nobody', async () => {
  const people = [...stage.world.people.values()].filter(({ id }) => id !== stage.world.owner.id);
  const shown = people.find(({ id }) => stage.sim.state.pictures.of(id) !== undefined)!;
  const hidden = people.find(({ id }) => stage.sim.state.pictures.of(id) === undefined)!;
  const picture = stage.sim.state.pictures.of(shown.id)!;
  const found = await stage.call<{ url?: string }>('get_profile_picture', { jid: `${shown.pn}@s.whatsapp.net` });
  expect(JSON.stringify(found)).toContain(picture.id);
  expect(found.url).toContain(picture.directPath.replace(/\?.*/, ''));
  const none = await stage.call<{ url?: string }>('get_profile_picture', { jid: `${hidden.pn}@s.whatsapp.net` });
  expect(none.url).toBeUndefined();
});

tool('update_profile_picture', 'the server has the JPEG', async () => {
  const { bytes } = sampleOf('image', 5);
  await stage.call('update_profile_picture', { image_path: stage.outgoing('me.jpg', bytes) });
  const picture = await stage.eventually('the picture of the account', () => stage.sim.state.pictures.of(stage.world.owner.id));
  expect(Buffer.from(picture.jpeg)).toEqual(Buffer.from(bytes));
  const png = stage.outgoing('me.pdf', sampleOf('document', 0).bytes);
  expect(await stage.failure('update_profile_picture', { image_path: png })).toMatchObject({ code: 'unsupported_type' });
});

tool('update_profile_status', 'the about text of the account is the new one', async () => {
  expect(await stage.call('update_profile_status', { status_text: 'In the mountains 🏔' })).toMatchObject({ success: true });
  expect(stage.world.owner.about).toBe('In the mountains 🏔');
});

tool('block_contact', 'what a blocked person writes does not arrive', async () => {
  const [aidan, hannah] = [stage.phone('Aidan'), stage.phone('Hannah')];
  expect(await stage.call('block_contact', { jid: aidan.pn })).toMatchObject({ success: true, blocked: true });
  expect(stage.sim.state.accounts.blocks(stage.world.owner, stage.world.person(aidan.pn)!)).toBe(true);
  const { id } = await aidan.send({ to: stage.sim.owner.pn, text: 'Hello?' }).catch(() => ({ id: 'refused' }));
  await stage.receive(hannah, { text: 'Written after him' });
  expect(stage.system.query('SELECT id FROM messages WHERE id = ?', id)).toEqual([]);
});

tool('unblock_contact', 'takes the person off the list', async () => {
  const patrick = stage.phone('Patrick');
  await stage.call('block_contact', { jid: patrick.pn });
  expect(await blocked()).toContain(patrick.pn);
  expect(await stage.call('unblock_contact', { jid: patrick.pn })).toMatchObject({ success: true, blocked: false });
  expect(await blocked()).not.toContain(patrick.pn);
  await stage.receive(patrick, { text: 'Thank you' });
});

tool('get_blocked_contacts', 'lists who was blocked, by name', async () => {
  const khalid = stage.phone('خالد');
  await stage.call('block_contact', { jid: khalid.pn });
  expect(JSON.stringify(await stage.call('get_blocked_contacts'))).toContain(khalid.pn);
});

async function blocked(): Promise<readonly string[]> {
  const answer = await stage.call('get_blocked_contacts');
  return [...JSON.stringify(answer).matchAll(/"jid":"([^"]+)"/g)].map(([, jid]) => jid!);
}
