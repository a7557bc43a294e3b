/** Toolset history: older messages come from the phone, are merged once, and the way there can be seen, stopped and gone on with. */
import { expectedRows, storedRows } from '../../harness/truth.ts';
import { expect } from 'vitest';
import { useStage } from './stage.ts';
import { tool } from './tool.ts';

// Little is handed over by itself: the rest is there to be asked for.
const stage = useStage({ offer: { bootstrapPerChat: 2, recentDays: 1, fullDays: 1 } });

interface Run {
  readonly sync_id: string;
  readonly state: string;
}

const storedIn = (jid: string): string[] => storedRows(stage.system).filter(({ chat }) => chat === jid).map(({ id }) => id).toSorted();
const heldByPhone = (jid: string): string[] => expectedRows(stage.world).filter(({ chat }) => chat === jid).map(({ id }) => id).toSorted();

/** Waits until messages.db holds a chat as the phone does; a merge of another server may still be writing it. */
async function complete(jid: string): Promise<void> {
  await stage.eventually(`all of ${jid}`, () => (storedIn(jid).length >= heldByPhone(jid).length ? true : undefined), () => storedIn(jid).length);
  expect(storedIn(jid)).toEqual(heldByPhone(jid));
}

/** Waits until a run is over; gives its last report. */
function ended(syncId: string): Promise<Run> {
  return stage.eventually(`the end of ${syncId}`, async () => {
    const run = await stage.call<Run>('get_sync_status', { sync_id: syncId });
    return run.state === 'running' ? undefined : run;
  });
}

tool('fetch_history', 'older messages of one chat, from the phone to messages.db', async () => {
  const jid = stage.group('Book club');
  const before = storedIn(jid).length;
  expect(before).toBeLessThan(heldByPhone(jid).length);
  await stage.call<Run>('fetch_history', { chat_jid: jid, count: 200, wait_seconds: 40 });
  await complete(jid);
});

tool('retrieve_full_history', 'a chat becomes complete, exactly', async () => {
  const jid = stage.group('Flat hunt');
  const run = await stage.call<Run>('retrieve_full_history', { chat_jid: jid, wait_seconds: 40 });
  expect(run.state).toBe('complete');
  await complete(jid);
});

tool('sync_history_to_database', 'what Baileys has staged is merged, and nothing is left', async () => {
  const merged = await stage.call<{ state: string }>('sync_history_to_database', { chat_jid: stage.phone('Emma').pn });
  expect(merged).toMatchObject({ chat: { chat_jid: stage.phone('Emma').pn, stored_messages: storedIn(stage.phone('Emma').pn).length } });
  const { staging } = await stage.call<{ staging: { waiting_to_merge: number } }>('get_sync_status');
  expect(staging.waiting_to_merge).toBe(0);
  expect(stage.system.query('SELECT seq, error FROM merge_reject')).toEqual([]);
});

tool('get_sync_status', 'the run that was asked for, and all of the latest', async () => {
  const { sync_id: id } = await stage.call<Run>('retrieve_full_history', { chat_jid: stage.phone('Lucía').pn, wait_seconds: 40 });
  expect(await ended(id)).toMatchObject({ sync_id: id, state: 'complete' });
  const { syncs } = await stage.call<{ syncs: readonly Run[] }>('get_sync_status');
  expect(syncs.map((run) => run.sync_id)).toContain(id);
  expect(await stage.failure('get_sync_status', { sync_id: 'no-such-run' })).toMatchObject({ code: 'not_found' });
});

tool('cancel_sync', 'a run that waits for a phone that is off is stopped', async () => {
  stage.sim.owner.setOnline(false);
  try {
    const { sync_id: id, state } = await stage.call<Run>('retrieve_full_history', { chat_jid: stage.group('Dinner club'), wait_seconds: 0 });
    expect(state).toBe('running');
    expect(await stage.call('cancel_sync', { sync_id: id })).toMatchObject({ success: true, cancelled: true });
    expect((await ended(id)).state).toBe('cancelled');
  } finally {
    stage.sim.owner.setOnline(true);
  }
});

tool('resume_sync', 'a cancelled run goes on and ends complete', async () => {
  const jid = stage.group('Harbour project');
  stage.sim.owner.setOnline(false);
  const { sync_id: id } = await stage.call<Run>('retrieve_full_history', { chat_jid: jid, wait_seconds: 0 });
  await stage.call('cancel_sync', { sync_id: id });
  await ended(id);
  stage.sim.owner.setOnline(true);
  const resumed = await stage.call<Run>('resume_sync', { sync_id: id });
  expect((await ended(resumed.sync_id)).state).toBe('complete');
  await complete(jid);
});

tool('get_sync_checkpoints', 'how far back each chat goes', async () => {
  const jid = stage.group('Familia Rivera 🏡');
  await stage.call('retrieve_full_history', { chat_jid: jid, wait_seconds: 40 });
  await complete(jid);
  const { checkpoints } = await stage.call<{ checkpoints: readonly object[] }>('get_sync_checkpoints', { chat_jid: jid });
  expect(checkpoints).toMatchObject([{ chat_jid: jid, state: 'complete', stored_messages: heldByPhone(jid).length }]);
});

tool('clear_temp_storage', 'deletes what is merged, and no message', async () => {
  await stage.call('sync_history_to_database');
  const before = storedRows(stage.system).length;
  const dry = await stage.call<{ would_delete_rows: number }>('clear_temp_storage', { dry_run: true, older_than_hours: 0 });
  const done = await stage.call<{ deleted_rows: number }>('clear_temp_storage', { older_than_hours: 0 });
  expect(done.deleted_rows).toBeGreaterThanOrEqual(dry.would_delete_rows);
  expect(await stage.call('clear_temp_storage', { dry_run: true, older_than_hours: 0 })).toMatchObject({ would_delete_rows: 0 });
  expect(storedRows(stage.system).length).toBeGreaterThanOrEqual(before);
});
