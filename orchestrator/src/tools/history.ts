import { Failure } from '@whatsapp-mcp/contract';
import type { BridgeStatus } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import { createCheckpoints } from '../../sync/checkpoint.ts';
import type { Started } from '../../sync/history.ts';
import type { ChatCheckpoint } from '../../sync/sync-runs.ts';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { resolveOwnChat } from '../recipient.ts';
import { shown } from '../store/display-text.ts';
import { localTime } from '../store/local-time.ts';
import { tool } from '../tool.ts';
import { withNotice } from '../untrusted.ts';
import { limit, reference } from './arguments.ts';
import { mergeStagedRows } from './merge-now.ts';
import { awaitRun, progressOf, refuseWithoutBridge, runView } from './sync-run.ts';

const history = { toolset: 'history', effect: 'local', route: 'hybrid' } as const;
/** Less than the 45 s after which hosts give up. */
const LONGEST_WAIT_S = 40;
const waitSeconds = z.int().min(0).max(LONGEST_WAIT_S).optional();
const syncId = z.string().min(1).max(64);

export const retrieveFullHistory = tool({
  ...history,
  name: 'retrieve_full_history',
  title: 'Retrieve full history',
  description: 'Asks the phone for all older messages of one chat or of every chat, and stores them. Returns a sync_id when it takes longer.',
  operations: ['history.request'],
  input: z.strictObject({ chat_jid: reference.optional(), until: z.string().max(40).optional(), max_messages: z.int().min(1).max(1_000_000).optional(), wait_seconds: waitSeconds }),
  examples: [{}, { chat_jid: '15550100@s.whatsapp.net', until: '2024-01-01' }],
  run: async ({ chat_jid, until, max_messages, wait_seconds = 30 }, context) => {
    refuseWithoutBridge(context);
    const limits = { ...(until !== undefined && { until: localTime(context.timeZone).parse(until, 'until') }), ...(max_messages !== undefined && { maxMessages: max_messages }) };
    const started = context.history().retrieve({ ...wantedChats(context, chat_jid), ...limits, onEvent: progressOf(context) });
    return finish(context, started, wait_seconds);
  },
});

/** Chats that may not be seen are not fetched either. */
function wantedChats(context: Context, reference: string | undefined): { chat: string } | { chats: readonly string[] } | object {
  if (reference !== undefined) return { chat: visibleChat(context, reference) };
  const visible = context.policy.visibleChats();
  return visible === undefined ? {} : { chats: [...new Set([...visible].map((jid) => resolveOwnChat(context, jid)))] };
}

function visibleChat(context: Context, reference: string): string {
  const chat = resolveOwnChat(context, reference);
  if (context.policy.visibleChats()?.has(chat) === false) throw new Failure('policy_denied', `WHATSAPP_VISIBLE_CHATS does not list ${chat}.`);
  return chat;
}

async function finish(context: Context, { syncId: id }: Pick<Started, 'syncId'>, seconds: number): Promise<JsonObject> {
  return runView(context, await awaitRun(context, id, seconds * 1000));
}

export const fetchHistory = tool({
  ...history,
  name: 'fetch_history',
  title: 'Fetch older messages',
  description: 'Asks the phone for messages of a chat older than the stored ones, and stores them (default 50).',
  operations: ['history.request'],
  input: z.strictObject({ chat_jid: reference, count: limit(5_000), wait_seconds: waitSeconds }),
  examples: [{ chat_jid: '15550100@s.whatsapp.net', count: 100 }],
  run: async ({ chat_jid, count = 50, wait_seconds = 30 }, context) => {
    refuseWithoutBridge(context);
    const chat = visibleChat(context, chat_jid);
    const before = storedIn(context, chat);
    const started = context.history().fetch({ chat, count, onEvent: progressOf(context) });
    const run = await finish(context, started, wait_seconds);
    const after = storedIn(context, chat);
    const { format } = localTime(context.timeZone);
    return { chat_jid: chat, new_messages: after.count - before.count, stored_messages: after.count, oldest: after.oldest === null ? undefined : format(after.oldest), ...run };
  },
});

function storedIn({ store }: Context, chat: string): { count: number; oldest: number | null } {
  const sql = 'SELECT count(*) AS count, min(timestamp) AS oldest FROM messages WHERE chat_jid = ?';
  return store.read.prepare<[string], { count: number; oldest: number | null }>(sql).get(chat) ?? { count: 0, oldest: null };
}

export const syncHistoryToDatabase = tool({
  ...history,
  name: 'sync_history_to_database',
  title: 'Merge downloaded history',
  description: 'Merges the history that the Baileys bridge has downloaded into messages.db now; with chat_jid also counts that chat.',
  operations: ['history.page', 'history.acknowledge'],
  input: z.strictObject({ chat_jid: reference.optional() }),
  examples: [{}],
  run: async ({ chat_jid }, context) => {
    const chat = chat_jid === undefined ? undefined : visibleChat(context, chat_jid);
    const before = chat === undefined ? undefined : storedIn(context, chat);
    const merged = await mergeStagedRows(context);
    if (chat === undefined || before === undefined) return merged;
    const after = storedIn(context, chat);
    return { ...merged, chat: { chat_jid: chat, new_messages: after.count - before.count, stored_messages: after.count } };
  },
});

export const getSyncStatus = tool({
  ...history,
  name: 'get_sync_status',
  title: 'Status of history syncs',
  description: 'How far a sync has come (sync_id); without it: the latest syncs, what waits to be merged, and downloads.',
  effect: 'reads',
  operations: ['session.status'],
  storeAlone: true,
  input: z.strictObject({ sync_id: syncId.optional() }),
  examples: [{}],
  run: async ({ sync_id }, context) => {
    if (sync_id !== undefined) return runView(context, context.history().status(sync_id));
    const runs = context.history().runs(5);
    return { staging: await stagingView(context), merge: mergeView(context), syncs: runs.map((run) => runView(context, run)) };
  },
});

async function stagingView(context: Context): Promise<JsonObject> {
  const pick = ({ history: staged, state }: BridgeStatus): JsonObject => ({
    state,
    staged_rows: staged.staged_rows,
    waiting_to_merge: Math.max(0, staged.last_seq - staged.acknowledged_seq),
    pending_downloads: staged.pending_downloads,
    failed_downloads: staged.failed_downloads,
    chunk_gaps: staged.chunk_gaps,
    progress: staged.progress.map(({ last_chunk_at, ...rest }) => ({ ...rest, last_chunk: localTime(context.timeZone).format(last_chunk_at) })),
  });
  try {
    return pick(await context.ask('session.status', {}, { bridge: 'baileys', deadlineMs: 3_000 }));
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'cancelled') throw error;
    return { unknown: `The Baileys bridge does not say: ${error.message}` };
  }
}

function mergeView(context: Context): JsonObject {
  const checkpoints = createCheckpoints(context.store.write);
  const { format } = localTime(context.timeZone);
  return {
    paused: checkpoints.isPaused(),
    checkpoints: checkpoints.all().map(({ source_uuid, last_seq, inserted, filled, duplicates, rejected, updated_at }) => ({ source_uuid, last_seq, inserted, filled, duplicates, rejected, updated: format(updated_at) })),
  };
}

export const cancelSync = tool({
  ...history,
  name: 'cancel_sync',
  title: 'Cancel a sync',
  description: 'Stops a history sync. What it stored stays, and resume_sync goes on from there.',
  operations: ['history.request'],
  storeAlone: true,
  input: z.strictObject({ sync_id: syncId }),
  examples: [{ sync_id: '0123456789abcdef' }],
  run: ({ sync_id }, context) => {
    const cancelled = context.history().cancel(sync_id);
    return { success: true, cancelled, ...runView(context, context.history().status(sync_id)) };
  },
});

export const resumeSync = tool({
  ...history,
  name: 'resume_sync',
  title: 'Resume a sync',
  description: 'Goes on with a sync that was cancelled or ended incomplete, or with the history of one chat.',
  operations: ['history.request'],
  input: z.strictObject({ sync_id: syncId.optional(), chat_jid: reference.optional() }),
  examples: [{ sync_id: '0123456789abcdef' }],
  run: async ({ sync_id, chat_jid }, context) => {
    if ((sync_id === undefined) === (chat_jid === undefined)) throw new Failure('invalid_argument', 'resume_sync takes either sync_id or chat_jid.');
    refuseWithoutBridge(context);
    createCheckpoints(context.store.write).setPaused(false);
    const onEvent = progressOf(context);
    const started = sync_id !== undefined ? context.history().resume(sync_id, onEvent) : context.history().retrieve({ chat: visibleChat(context, chat_jid ?? ''), onEvent });
    return finish(context, started, 30);
  },
});

export const getSyncCheckpoints = tool({
  ...history,
  name: 'get_sync_checkpoints',
  title: 'History checkpoints',
  description: 'Per chat: how far back its history goes, whether it is complete, and if not, why.',
  effect: 'reads',
  route: 'store',
  input: z.strictObject({ chat_jid: reference.optional(), limit: limit(200) }),
  examples: [{}, { chat_jid: '15550100@s.whatsapp.net' }],
  run: ({ chat_jid, limit: most = 20 }, context) => {
    const visible = context.policy.visibleChats();
    const found = context.history().checkpoints(chat_jid === undefined ? { limit: most } : { chat: visibleChat(context, chat_jid) });
    const rows = found.filter((row) => visible?.has(row.chat_jid) ?? true).map((row) => checkpointView(context, row));
    return withNotice({ count: rows.length, checkpoints: rows });
  },
});

function checkpointView(context: Context, row: ChatCheckpoint): JsonObject {
  const { format } = localTime(context.timeZone);
  const time = (ms: number | null): string | undefined => (ms === null ? undefined : format(ms));
  return {
    chat_jid: row.chat_jid,
    chat_name: row.name === null ? undefined : shown(row.name),
    state: row.state,
    stored_messages: row.messages,
    oldest: time(row.oldest),
    newest: time(row.newest),
    received: row.received,
    pages: row.pages,
    last_error: row.last_error ?? undefined,
    next_attempt: time(row.next_attempt_at),
    updated: format(row.updated_at),
  };
}

const HOUR_MS = 3_600_000;

export const clearTempStorage = tool({
  ...history,
  name: 'clear_temp_storage',
  title: 'Clear merged downloads',
  description: 'Deletes downloaded history that is already merged; never anything unmerged.',
  route: 'history.clear',
  input: z.strictObject({ older_than_hours: z.number().min(0).max(87_600).optional(), dry_run: z.boolean().optional() }),
  examples: [{ dry_run: true }],
  run: async ({ older_than_hours, dry_run = false }, context) => {
    const older = older_than_hours === undefined ? {} : { older_than: Math.max(0, Math.round(context.clock.now() - older_than_hours * HOUR_MS)) };
    const { rows, bytes, kept_unmerged } = await context.ask('history.clear', { ...older, dry_run });
    return { success: true, dry_run, [dry_run ? 'would_delete_rows' : 'deleted_rows']: rows, bytes, kept_unmerged };
  },
});
