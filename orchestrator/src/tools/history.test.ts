import type { BridgeStatus, Output } from '@whatsapp-mcp/contract';
import { expect, test } from 'vitest';
import { AttemptFailure } from '../../routing/attempt.ts';
import { ADA, BOB, Desk, NOW, TEAM } from '../testing/desk.ts';
import type { Handlers } from '../testing/desk.ts';

const nothingStaged: Output<'history.page'> = { source_uuid: 'u', rows: [], last_seq: 0 };

function status(history: Partial<BridgeStatus['history']> = {}): BridgeStatus {
  const none = { last_seq: 0, acknowledged_seq: 0, staged_rows: 0, pending_downloads: 0, failed_downloads: 0, chunk_gaps: 0, progress: [] };
  return { bridge: 'baileys', version: '1', library: 'x', pid: 1, simulated: true, mode: 'always', state: 'connected', paired: true, restrictions: [], history: { ...none, ...history } };
}

const staged = { chunk_id: 1, sync_type: 'ON_DEMAND', received_at: NOW } as const;

/** A phone that has `older` messages of any chat: each answer is staged and told. */
function phone(desk: () => Desk, older: number): Handlers {
  let seq = 0;
  let left = older;
  let rows: Output<'history.page'>['rows'] = [];
  return {
    'history.page': ({ after_seq, limit }) => ({ source_uuid: 'u', rows: rows.filter((row) => row.seq > after_seq).slice(0, limit), last_seq: seq }),
    'history.acknowledge': (input) => ({ acknowledged_seq: input.seq }),
    'history.request': ({ chat, anchor, count }) => {
      const request_id = `R${seq}`;
      const chunk = { ...staged, chunk_id: seq + 1 };
      const given = Math.min(count, left);
      left -= given;
      const messages = Array.from({ length: given }, (_, index) => ({
        seq: (seq += 1),
        ...chunk,
        message: { chat, id: `OLD${seq}`, from_me: false, sender: chat.endsWith('g.us') ? BOB : chat, timestamp: anchor.timestamp - (index + 1) * 1_000, kind: 'text' as const, text: `old ${seq}` },
      }));
      const end = { seq: (seq += 1), ...chunk, chat: { jid: chat, end_of_history: left === 0 ? 1 : 0 } };
      const last = { seq: (seq += 1), ...chunk, chunk: { sync_type: 'ON_DEMAND' as const, request_id, received_at: NOW, messages: given, chats: 1 } };
      rows = [...rows, ...messages, end, last];
      queueMicrotask(() => {
        desk().events.publish('baileys', { id: seq, type: 'staged', at: NOW, last_seq: seq });
      });
      return { request_id };
    },
    'session.status': () => status({ last_seq: seq }),
  };
}

test('fetch_history asks for what is older than the oldest message, merges the answer and says what is new', async () => {
  const held: { desk?: Desk } = {};
  using desk = new Desk({ now: Date.now, handlers: phone(() => held.desk as Desk, 120) });
  held.desk = desk;
  const progress: number[] = [];
  const answer = await desk.answer('fetch_history', { chat_jid: ADA, count: 70 }, { progress: ({ done }) => void progress.push(done) });
  expect(answer).toMatchObject({ chat_jid: ADA, new_messages: 70, stored_messages: 72, state: 'complete', finished: true });
  const requests = desk.asked.filter(({ operation }) => operation === 'history.request');
  expect(requests.map(({ input }) => input['count'])).toEqual([50, 20]);
  expect(requests[0]).toMatchObject({ bridge: 'baileys', input: { anchor: { id: 'FROM-ADA' } } });
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(await desk.answer('get_sync_checkpoints', { chat_jid: ADA })).toMatchObject({ count: 1, checkpoints: [{ chat_jid: ADA, stored_messages: 72 }] });
  expect(await desk.answer('get_sync_status', { sync_id: answer['sync_id'] })).toMatchObject({ state: 'complete' });
});

test('retrieve_full_history answers with a sync_id at once when asked not to wait, and the run can be cancelled and resumed', async () => {
  const held: { desk?: Desk } = {};
  using desk = new Desk({ now: Date.now, handlers: phone(() => held.desk as Desk, 10) });
  held.desk = desk;
  const started = await desk.answer('retrieve_full_history', { chat_jid: ADA, wait_seconds: 0 });
  expect(started).toMatchObject({ finished: false, next_step: expect.stringContaining('get_sync_status') as string });
  expect(await desk.answer('cancel_sync', { sync_id: started['sync_id'] })).toMatchObject({ cancelled: true, state: 'cancelled' });
  expect(await desk.answer('resume_sync', { sync_id: started['sync_id'] })).toMatchObject({ state: 'complete', sync_id: started['sync_id'] });
  expect(await desk.answer('get_chat', { chat_jid: ADA })).toMatchObject({ jid: ADA });
});

test('without any bridge a retrieval is refused at once, and says which tool helps', async () => {
  using desk = new Desk();
  for (const bridge of ['whatsmeow', 'baileys'] as const) desk.router.observe(bridge, { type: 'failed', code: 'not_paired' });
  expect(await desk.failure('retrieve_full_history')).toMatchObject({ code: 'not_paired', hint: expect.stringContaining('get_pairing_qr') as string });
});

test('chats that are not visible are not fetched', async () => {
  using desk = new Desk({ env: { WHATSAPP_VISIBLE_CHATS: BOB } });
  expect(await desk.failure('fetch_history', { chat_jid: ADA })).toMatchObject({ code: 'policy_denied' });
  expect(await desk.failure('get_sync_checkpoints', { chat_jid: ADA })).toMatchObject({ code: 'policy_denied' });
  expect(desk.asked).toEqual([]);
});

test('sync_history_to_database merges what is staged and counts', async () => {
  const row = { seq: 1, ...staged, message: { chat: ADA, id: 'STAGED', from_me: false, sender: ADA, timestamp: NOW - 1e6, kind: 'text' as const, text: 'old' } };
  using desk = new Desk({
    now: Date.now,
    handlers: {
      'history.page': ({ after_seq }) => ({ ...nothingStaged, rows: after_seq < 1 ? [row] : [], last_seq: 1 }),
      'history.acknowledge': ({ seq }) => ({ acknowledged_seq: seq }),
    },
  });
  expect(await desk.answer('sync_history_to_database', { chat_jid: ADA })).toMatchObject({ success: true, state: 'complete', merged_rows: 1, new_messages: 1, checkpoint: 1, chat: { new_messages: 1 } });
});

test('get_sync_status answers when the Baileys bridge is away', async () => {
  using desk = new Desk();
  expect(await desk.answer('get_sync_status')).toMatchObject({ staging: { unknown: expect.any(String) as string }, merge: { paused: false }, syncs: [] });
});

test('an unknown sync is not found', async () => {
  using desk = new Desk();
  for (const name of ['get_sync_status', 'cancel_sync', 'resume_sync']) expect(await desk.failure(name, { sync_id: 'nothing' })).toMatchObject({ code: 'not_found' });
});

test('clear_temp_storage passes the age on, and says that it only tried', async () => {
  using desk = new Desk({ handlers: { 'history.clear': ({ dry_run }) => ({ rows: dry_run ? 7 : 5, bytes: 100, kept_unmerged: 2 }) } });
  expect(await desk.answer('clear_temp_storage', { dry_run: true, older_than_hours: 1 })).toMatchObject({ would_delete_rows: 7, kept_unmerged: 2 });
  expect(desk.asked[0]?.input).toEqual({ dry_run: true, older_than: NOW - 3_600_000 });
  expect(await desk.answer('clear_temp_storage')).toMatchObject({ deleted_rows: 5 });
});

const community = '120363000000000900@g.us';
const groups: Output<'community.groups'> = {
  groups: [
    { jid: TEAM, name: 'Team', is_announcement_group: false, joined: true },
    { jid: '120363000000000002@g.us', name: 'Full', is_announcement_group: false, joined: true },
    { jid: '120363000000000003@g.us', name: 'Not mine', is_announcement_group: false, joined: false },
  ],
};

test('the community workflow fetches what is missing, merges it, marks every group, and tells each step', async () => {
  const held: { desk?: Desk } = {};
  using desk = new Desk({ now: Date.now, handlers: { ...phone(() => held.desk as Desk, 8), 'community.groups': () => groups, 'chat.mark_read': () => ({}) } });
  held.desk = desk;
  const full = groups.groups[1]?.jid ?? '';
  desk.sample.chat(full);
  for (let index = 0; index < 10; index += 1) desk.sample.message({ chat: full, id: `F${index}`, sender: BOB });
  const answer = await desk.answer('mark_community_as_read_with_history', { community_jid: community, max_messages_per_group: 10 });
  expect(answer).toMatchObject({
    success: true,
    marked_groups: 2,
    steps: [
      { step: 'find groups', groups: 2 },
      { step: 'find missing history', groups_lacking_history: 1, already_there: 1 },
      { step: 'fetch and merge history', ok: true, state: 'complete' },
      { step: 'mark read', ok: true },
    ],
    groups: [
      { jid: TEAM, history: 'fetched', merged_messages: 8, stored_messages: 10, marked: true },
      { jid: full, history: 'already there', merged_messages: 0, marked: true },
    ],
  });
});

test('without a phone to ask, the groups are marked all the same, and the step says what is missing', async () => {
  using desk = new Desk({
    handlers: { 'community.groups': () => groups, 'chat.mark_read': () => ({}) },
    fault: (bridge, operation) => (operation.startsWith('history.') ? new AttemptFailure(bridge, 'not_paired', 'not linked') : undefined),
  });
  desk.router.observe('whatsmeow', { type: 'failed', code: 'not_paired' });
  desk.router.observe('baileys', { type: 'failed', code: 'not_paired' });
  const answer = await desk.answer('mark_community_as_read_with_history', { community_jid: community });
  expect(answer).toMatchObject({ success: false, marked_groups: 2, failed_groups: 0 });
  expect((answer['steps'] as { ok: boolean; note?: string }[])[2]).toMatchObject({ step: 'fetch and merge history', ok: false });
});
