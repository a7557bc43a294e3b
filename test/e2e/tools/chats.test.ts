/** Toolset chats: reads agree with the phone; what is done to a chat is done on the phone and in messages.db. */
import type { CollectionName } from 'wa-sim';
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

const stage = useStage({ history: true });

interface ShownChat {
  readonly jid: string;
  readonly name: string;
}

interface Listed {
  readonly chats: readonly ShownChat[];
  readonly next_cursor?: string;
}

type Value = NonNullable<ReturnType<typeof stage.sim.owner.setting>>;

/** Waits until the phone has the setting under one of a chat's two addresses. */
function onPhone(collection: CollectionName, name: string, { jid, fits }: { jid: string; fits: (value: Value) => boolean }): Promise<Value> {
  const person = stage.world.person(jid);
  const forms = person === undefined ? [jid] : [`${person.pn}@s.whatsapp.net`, `${person.lid}@lid`];
  const values = () => forms.flatMap((form) => stage.sim.owner.setting(collection, [name, form]) ?? []);
  return stage.eventually(`${name} of ${jid} on the phone`, () => values().find(fits), values);
}

/** Waits until a column of the chat's row is as it should be. */
function stored(jid: string, column: string, fits: (value: number | null) => boolean): Promise<true> {
  const value = () => stage.system.query<{ value: number | null }>(`SELECT ${column} AS value FROM chats WHERE jid = ?`, jid)[0]?.value ?? null;
  return stage.eventually(`${column} of ${jid} in messages.db`, () => (fits(value()) ? true : undefined), value);
}

tool('list_chats', 'all chats of the phone, page after page, and one by its name', async () => {
  const jids: string[] = [];
  let cursor: string | undefined;
  do {
    const page: Listed = await stage.call<Listed>('list_chats', { limit: 15, ...(cursor !== undefined && { cursor }) });
    jids.push(...page.chats.map(({ jid }) => jid));
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  expect(jids).toHaveLength(new Set(jids).size);
  const expected = new Set([...stage.world.truth()].map(({ chat }) => chat).filter((chat) => !/@(newsletter|broadcast)$/.test(chat)));
  expect([...expected].filter((jid) => !jids.includes(jid))).toEqual([]);
  const { chats } = await stage.call<Listed>('list_chats', { query: 'Book club' });
  expect(chats.map(({ jid }) => jid)).toEqual([stage.group('Book club')]);
});

tool('get_chat', 'a direct chat under both its addresses, and a group with its size', async () => {
  const emma = stage.phone('Emma');
  expect(await stage.call('get_chat', { chat_jid: emma.pn })).toMatchObject({ jid: emma.pn, name: 'Emma Walker' });
  expect(await stage.call('get_chat', { chat_jid: emma.lid })).toMatchObject({ jid: emma.pn });
  const group = stage.world.groups.get(stage.group('Book club'))!;
  await stage.call('get_group_info', { group: group.jid });
  expect(await stage.call('get_chat', { chat_jid: group.jid })).toMatchObject({ jid: group.jid, name: 'Book club', participants: group.members.length });
});

tool('get_direct_chat_by_contact', 'by the number as people write it', async () => {
  const emma = stage.phone('Emma');
  expect(await stage.call('get_direct_chat_by_contact', { sender_phone_number: '+44 7700 900100' })).toMatchObject({ jid: emma.pn });
  expect(await stage.failure('get_direct_chat_by_contact', { sender_phone_number: '+44 7700 900999' })).toMatchObject({ code: 'not_found' });
});

tool('get_contact_chats', 'the direct chat and every group of a person', async () => {
  const tom = stage.phone('Tom 🎸');
  const digits = stage.world.person(tom.pn)!.id;
  const groups = [...stage.world.groups.values()].filter(({ kind, members }) => kind === 'group' && members.some(({ person }) => person === digits));
  const { chats } = await stage.call<Listed>('get_contact_chats', { jid: tom.pn, limit: 50 });
  const found = chats.map(({ jid }) => jid);
  expect(found).toContain(tom.pn);
  expect(groups.map(({ jid }) => jid).filter((jid) => !found.includes(jid))).toEqual([]);
});

tool('get_last_interaction', 'is the message that came last', async () => {
  const hannah = stage.phone('Hannah');
  const id = await stage.receive(hannah, { text: 'The keys are under the mat' });
  expect(await stage.call('get_last_interaction', { jid: hannah.pn })).toMatchObject({ message: { id, text: 'The keys are under the mat' } });
});

tool('archive_chat', 'the phone and messages.db archive it', async () => {
  const { pn: jid } = stage.phone('Léa');
  expect(await stage.call('archive_chat', { chat_jid: jid })).toMatchObject({ success: true, archived: true });
  await onPhone('regular_low', 'archive', { jid, fits: ({ archiveChatAction }) => archiveChatAction?.archived === true });
  expect(stage.world.chat(jid)?.archived).toBe(true);
  await stored(jid, 'archived', (value) => value === 1);
});

tool('unarchive_chat', 'the phone and messages.db take it out', async () => {
  const { pn: jid } = stage.phone('Priya');
  expect(stage.world.chat(jid)?.archived).toBe(true);
  expect(await stage.call('unarchive_chat', { chat_jid: jid })).toMatchObject({ success: true, archived: false });
  await onPhone('regular_low', 'archive', { jid, fits: ({ archiveChatAction }) => archiveChatAction?.archived === false });
  await stored(jid, 'archived', (value) => value === 0);
});

tool('pin_chat', 'the phone and messages.db pin it', async () => {
  const { pn: jid } = stage.phone('Lucía');
  await stage.call('pin_chat', { chat_jid: jid });
  await onPhone('regular_low', 'pin_v1', { jid, fits: ({ pinAction }) => pinAction?.pinned === true });
  await stored(jid, 'pinned_at', (value) => (value ?? 0) > 0);
});

tool('unpin_chat', 'the phone and messages.db let it go', async () => {
  const { pn: jid } = stage.phone('Emma');
  await stage.call('unpin_chat', { chat_jid: jid });
  await onPhone('regular_low', 'pin_v1', { jid, fits: ({ pinAction }) => pinAction?.pinned === false });
  await stored(jid, 'pinned_at', (value) => value === 0);
});

tool('mute_chat', 'for eight hours, and for ever', async () => {
  const jid = stage.group('Sunday football ⚽');
  const before = Date.now();
  await stage.call('mute_chat', { chat_jid: jid, duration_hours: 8 });
  const { muteAction } = await onPhone('regular_high', 'mute', { jid, fits: ({ muteAction: mute }) => mute?.muted === true });
  expect(Math.abs(Number(muteAction?.muteEndTimestamp) - (before + 8 * 3_600_000))).toBeLessThan(60_000);
  await stored(jid, 'muted_until', (value) => (value ?? 0) > before);
  await stage.call('mute_chat', { chat_jid: jid });
  await onPhone('regular_high', 'mute', { jid, fits: ({ muteAction: mute }) => mute?.muted === true && Number(mute.muteEndTimestamp) === -1 });
  await stored(jid, 'muted_until', (value) => value === -1);
});

tool('unmute_chat', 'the phone and messages.db hear it again', async () => {
  const jid = stage.group('Dinner club');
  await stage.call('unmute_chat', { chat_jid: jid });
  await onPhone('regular_high', 'mute', { jid, fits: ({ muteAction }) => muteAction?.muted === false });
  await stored(jid, 'muted_until', (value) => value === 0);
});

tool('mark_as_read', 'the sender gets the receipt, the chat has nothing unread', async () => {
  const grace = stage.phone('Grace');
  const id = await stage.receive(grace, { text: 'Can you sign this?' });
  const receipt = stage.sim.waitFor('receipt', ({ id: of, type }) => of === id && type === 'read', { timeoutMs: 20_000 });
  expect(await stage.call('mark_as_read', { chat_jid: grace.pn })).toMatchObject({ success: true, whole_chat: true });
  await receipt;
  await stored(grace.pn, 'unread_count', (value) => value === 0);
  await onPhone('regular_low', 'markChatAsRead', { jid: grace.pn, fits: ({ markChatAsReadAction }) => markChatAsReadAction?.read === true });
});

tool('mark_as_read', 'only the named message', async () => {
  const coach = stage.phone('Coach Reid');
  const ids = [await stage.receive(coach, { text: 'First' }), await stage.receive(coach, { text: 'Second' })];
  const receipt = stage.sim.waitFor('receipt', ({ id, type }) => id === ids[0] && type === 'read', { timeoutMs: 20_000 });
  expect(await stage.call('mark_as_read', { chat_jid: coach.pn, message_ids: [ids[0]] })).toMatchObject({ marked_messages: 1, whole_chat: false });
  await receipt;
});
