/** The workflow over both bridges and the store: fetch what a community lacks, merge it, mark every group read. */
import { Failure } from '@whatsapp-mcp/contract';
import { z } from 'zod';
import type { RunReport } from '../../sync/run-report.ts';
import type { Context } from '../context.ts';
import type { JsonObject } from '../json.ts';
import { nameOf, resolveGroup } from '../recipient.ts';
import { tool } from '../tool.ts';
import { withNotice } from '../untrusted.ts';
import { reference } from './arguments.ts';
import { joinedGroups, markGroup, summaryOf } from './communities.ts';
import type { CommunityGroup, MarkedGroup } from './communities.ts';
import { awaitRun, progressOf, refuseWithoutBridge, runView } from './sync-run.ts';

/** From the call's beginning: hosts give up at 45 s. */
const LAST_MARK_MS = 40_000;
const LONGEST_FETCH_S = 30;

export const markCommunityAsReadWithHistory = tool({
  name: 'mark_community_as_read_with_history',
  title: 'Fetch and mark a community read',
  description: 'Fetches the history that the groups of a community lack, merges it, and marks every group read; a row for each step and group.',
  toolset: 'communities',
  effect: 'writes',
  route: 'hybrid',
  operations: ['community.groups', 'history.request', 'chat.mark_read'],
  input: z.strictObject({
    community_jid: reference,
    max_messages_per_group: z.int().min(1).max(5_000).optional(),
    sync_timeout: z.int().min(0).max(LONGEST_FETCH_S).optional().describe('Seconds to wait for history'),
  }),
  examples: [{ community_jid: '1203@g.us', max_messages_per_group: 100 }],
  run: async ({ community_jid, max_messages_per_group = 50, sync_timeout = 25 }, context) => {
    const startedAt = context.clock.now();
    const community = resolveGroup(context, community_jid);
    const groups = await joinedGroups(context, community);
    const before = new Map(groups.map(({ jid }) => [jid, storedIn(context, jid)]));
    const lacking = groups.filter(({ jid }) => lacksHistory(context, jid, max_messages_per_group));
    const fetched = await fetchStep(context, lacking, { perGroup: max_messages_per_group, seconds: sync_timeout });
    const marked = await markStep(context, groups, startedAt + LAST_MARK_MS);
    const rows = marked.map((group) => groupRow(context, group, { before: before.get(group.jid) ?? 0, asked: lacking.some(({ jid }) => jid === group.jid) }));
    const problems = fetched.problem !== undefined || fetched.run?.state === 'incomplete' || fetched.run?.state === 'failed';
    return withNotice({
      ...summaryOf(marked),
      success: marked.every((group) => group.marked) && !problems,
      community_jid: community,
      community_name: nameOf(context, community),
      ...(fetched.run?.state === 'running' && { sync_id: fetched.run.syncId }),
      steps: [
        { step: 'find groups', ok: true, groups: groups.length },
        { step: 'find missing history', ok: true, groups_lacking_history: lacking.length, already_there: groups.length - lacking.length },
        fetchRow(context, fetched),
        { step: 'mark read', ok: marked.every((group) => group.marked), ...summaryOf(marked) },
      ],
      groups: rows,
    });
  },
});

function storedIn({ store }: Context, chat: string): number {
  return store.read.prepare<[string], number>('SELECT count(*) FROM messages WHERE chat_jid = ?').pluck().get(chat) ?? 0;
}

/** A group lacks history while it holds less than was asked for and nobody has said that there is no more. */
function lacksHistory(context: Context, chat: string, wanted: number): boolean {
  const [checkpoint] = context.history().checkpoints({ chat });
  return storedIn(context, chat) < wanted && checkpoint?.state !== 'complete' && checkpoint?.state !== 'no_access';
}

interface Fetched {
  readonly run?: RunReport;
  readonly problem?: string;
}

/** Without a bridge or a phone that answers, what is stored is still marked: the step says what is missing. */
async function fetchStep(context: Context, groups: readonly CommunityGroup[], { perGroup, seconds }: { perGroup: number; seconds: number }): Promise<Fetched> {
  if (groups.length === 0) return {};
  try {
    refuseWithoutBridge(context);
    const { syncId } = context.history().retrieve({ chats: groups.map(({ jid }) => jid), maxMessages: perGroup, onEvent: progressOf(context) });
    return { run: await awaitRun(context, syncId, seconds * 1_000) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'cancelled') throw error;
    return { problem: `${error.code}: ${error.message}` };
  }
}

function fetchRow(context: Context, { run, problem }: Fetched): JsonObject {
  const step = 'fetch and merge history';
  if (problem !== undefined) return { step, ok: false, problem };
  if (run === undefined) return { step, ok: true, note: 'Nothing was missing.' };
  return { step, ok: run.state === 'complete', ...runView(context, run) };
}

async function markStep(context: Context, groups: readonly CommunityGroup[], until: number): Promise<MarkedGroup[]> {
  const marked: MarkedGroup[] = [];
  for (const group of groups) {
    const late = context.clock.now() > until;
    marked.push(late ? { ...group, marked: false, problem: 'timeout: no time was left; call mark_community_as_read.' } : await markGroup(context, group));
  }
  return marked;
}

function groupRow(context: Context, group: MarkedGroup, { before, asked }: { before: number; asked: boolean }): JsonObject {
  const stored = storedIn(context, group.jid);
  const [checkpoint] = context.history().checkpoints({ chat: group.jid });
  return { ...group, history: asked ? 'fetched' : 'already there', merged_messages: stored - before, stored_messages: stored, ...(checkpoint && { history_state: checkpoint.state }) };
}
