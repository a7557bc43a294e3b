/** Names of predecessors answer without being listed; read-only servers neither offer nor do what others could see. */
import { existsSync } from 'node:fs';
import { aliases } from '../../../orchestrator/src/tools/aliases.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { apart, calls, setUp } from './calls.ts';
import type { Props } from './calls.ts';
import { useStage } from './stage.ts';

const stage = useStage();

let props: Props;

beforeAll(async () => {
  props = await setUp(stage);
});

interface Case {
  readonly args: () => object;
  /** What the answer holds. */
  readonly answer?: object;
  /** What is so afterwards. */
  readonly then?: (answer: Record<string, unknown>) => unknown;
}

const emma = () => stage.phone('Emma');
const arrives = ({ message_id: id }: Record<string, unknown>) => stage.arrives(emma(), String(id));
const sends = (args: () => object): Case => ({ args: () => ({ chat_jid: props.emma, ...args() }), answer: { success: true }, then: arrives });
const nothing = () => ({});

const cases: Readonly<Record<string, Case>> = {
  send_text_message_v2: sends(() => ({ text: 'The old way' })),
  send_media_message_v2: sends(() => ({ file_path: props.photo, media_type: 'image' })),
  send_sticker_v2: { ...sends(() => ({ sticker_path: stage.sticker() })), then: async (answer) => expect((await arrives(answer)).content.stickerMessage).toBeTruthy() },
  send_voice_note_v2: { ...sends(() => ({ audio_path: props.voice })), then: async (answer) => expect((await arrives(answer)).content.audioMessage?.ptt).toBe(true) },
  send_contact_v2: sends(() => ({ contact_jid: props.business })),
  send_location_v2: sends(() => ({ latitude: 48.2, longitude: 16.4 })),
  react_to_message_v2: { args: () => ({ message_id: props.incoming, reaction: '🙂' }), then: () => emma().waitForMessage(({ content }) => content.reactionMessage?.key?.id === props.incoming) },
  edit_message_v2: { args: () => ({ message_id: props.own, new_text: 'Nicer picture' }), then: () => emma().waitForMessage(({ text }) => text === 'Nicer picture') },
  forward_message_v2: { args: () => ({ message_id: props.incoming, to_chat_jid: stage.phone('Priya').pn }), then: ({ message_id: id }) => stage.arrives(stage.phone('Priya'), String(id)) },
  download_media_v2: { args: () => ({ message_id: props.picture }), then: ({ path }) => expect(existsSync(String(path))).toBe(true) },
  delete_message_v2: { args: () => ({ message_id: props.poll, for_everyone: true }), answer: { deleted_for: 'everyone' }, then: () => stage.row(props.poll, ({ revoked }) => revoked === 1) },
  mark_message_read_v2: { args: () => ({ message_id: props.incoming }), answer: { marked_messages: 1, whole_chat: false } },
  mark_chat_read_v2: { args: () => ({ chat_jid: props.emma }), answer: { whole_chat: true } },
  list_chats_v2: { args: () => ({ limit: 3 }), then: ({ chats }) => expect(chats).toHaveLength(3) },
  get_chat_metadata_v2: { args: () => ({ chat_jid: props.emma }), answer: { name: 'Emma Walker' } },
  search_contacts_v2: { args: () => ({ query: 'Emma' }), then: ({ contacts }) => expect(contacts).toMatchObject([{ name: 'Emma Walker' }]) },
  get_contact_details_v2: { args: () => ({ jid: props.emma }), answer: { name: 'Emma Walker', live: true } },
  get_profile_picture_v2: { args: () => ({ jid: props.emma }), answer: {} },
  update_profile_picture_v2: { args: () => ({ file_path: props.photo }), then: () => expect(stage.sim.state.pictures.of(stage.world.owner.id)).toBeTruthy() },
  get_contact_status_v2: { args: () => ({ jid: props.emma }), then: ({ about }) => expect(about).toBe(stage.world.person(props.emma)?.about) },
  update_profile_status_v2: { args: () => ({ status: 'As before' }), then: () => expect(stage.world.owner.about).toBe('As before') },
  get_linked_devices_v2: { args: nothing, then: ({ devices }) => expect(devices).toHaveLength(3) },
  get_baileys_sync_status: { args: nothing, then: (answer) => expect(answer).toHaveProperty('staging') },
  clear_baileys_temp_data: { args: () => ({ dry_run: true }), answer: { dry_run: true } },
};

test('every old name has its case, and none is listed', async () => {
  expect(Object.keys(cases).toSorted()).toEqual(Object.keys(aliases).toSorted());
  const listed = (await stage.host.tools()).map(({ name }) => name);
  expect(Object.keys(cases).filter((name) => listed.includes(name))).toEqual([]);
});

test.each(Object.entries(cases))('%s', async (name, { args, answer = {}, then }) => {
  const came = await stage.call(name, args());
  expect(came).toMatchObject(answer);
  await then?.(came);
});

test('an id that two chats have is an error that names both', async () => {
  const [hannah, grace] = [stage.phone('Hannah'), stage.phone('Grace')];
  const id = await stage.receive(hannah, { text: 'One' });
  await grace.send({ to: stage.sim.owner.pn, text: 'Two', id });
  await stage.row(id, ({ chat_jid }) => chat_jid === grace.pn);
  const { code, message } = await stage.failure('react_to_message_v2', { message_id: id, reaction: '👍' });
  expect(code).toBe('ambiguous');
  for (const phone of [hannah, grace]) expect(message).toContain(phone.pn);
});

describe('a read-only server', () => {
  /** Tools that change something that others or the account can see. */
  const writing = /^(send|edit|delete|forward|archive|unarchive|pin|unpin|mute|unmute|mark|update|block|unblock|create|review|join|leave|subscribe|unsubscribe|react|logout)_/;

  test('offers only what changes nothing, and refuses the rest', async () => {
    const host = await stage.system.host({ WHATSAPP_READ_ONLY: '1' });
    const offered = (await host.tools()).map(({ name }) => name);
    expect(offered.filter((name) => writing.test(name))).toEqual([]);
    const all = [...Object.keys(calls), ...apart];
    expect(offered.toSorted()).toEqual(all.filter((name) => !writing.test(name)).toSorted());
    const before = emma().inbox.length;
    for (const name of all.filter((one) => writing.test(one))) {
      const args = calls[name]?.args?.(props) ?? { backend: 'whatsmeow' };
      await expect(host.call(name, args)).rejects.toMatchObject({ code: 'policy_denied' });
    }
    await expect(host.call('send_text_message_v2', { chat_jid: props.emma, text: 'No' })).rejects.toMatchObject({ code: 'policy_denied' });
    await expect(host.call('get_group_invite_link', { group_jid: props.group, revoke_old: true })).rejects.toMatchObject({ code: 'policy_denied' });
    await expect(host.call('list_messages', { chat_jid: props.emma })).resolves.toHaveProperty('messages');
    expect(emma().inbox.length).toBe(before);
  });
});
