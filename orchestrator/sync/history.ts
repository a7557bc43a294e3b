/**
 * History on demand, for tools and the command line: runs that walk chats back in time, each page exactly once, with
 * checkpoints that any process can go on from.
 */
import { Failure } from '@whatsapp-mcp/contract';
import type { Database } from 'better-sqlite3';
import { createAnswers } from './answers.ts';
import type { BridgeSignals } from './answers.ts';
import type { AskBridge } from './bridge-source.ts';
import { createChatFacts } from './chat-facts.ts';
import type { ChatFactReader } from './chat-facts.ts';
import { usualTiming } from './chat-walk.ts';
import type { Timing } from './chat-walk.ts';
import { mergeStaged } from './engine.ts';
import type { MergeEvent, MergeResult, StagedSource } from './engine.ts';
import { Jobs } from './jobs.ts';
import type { HistoryEvent, Started } from './jobs.ts';
import { summarize } from './run-report.ts';
import type { RunReport } from './run-report.ts';
import { createSyncRuns } from './sync-runs.ts';
import type { ChatCheckpoint, SyncRuns } from './sync-runs.ts';

export interface HistoryParts {
  /** Connection for writing, messages.db. */
  readonly database: Database;
  /** Path of the merge lock (files.mergeLock). */
  readonly lockPath: string;
  readonly source: StagedSource;
  readonly ask: AskBridge;
  readonly signals: BridgeSignals;
  readonly now: () => number;
  /** Random hex of that many bytes. */
  readonly hex: (bytes: number) => string;
  /** Name and pid of this process, for people. */
  readonly owner: string;
  readonly timing?: Partial<Timing>;
}

export type { HistoryEvent, Started };

export interface Wanted {
  /** JID of one chat; none: every direct chat and group. */
  readonly chat?: string;
  /** Several chats instead of one; JIDs. */
  readonly chats?: readonly string[];
  /** ms: messages older than this are not asked for. */
  readonly until?: number;
  /** Of each chat. */
  readonly maxMessages?: number;
  readonly onEvent?: (event: HistoryEvent) => void;
}

export interface History {
  /** Merges what is staged now. Throws Failure `locked` while another process does. */
  mergeNow(options: { readonly signal: AbortSignal; readonly onEvent?: (event: MergeEvent) => void }): Promise<MergeResult>;
  /** Walks chats back to their beginning (or the given limits), in the background of this process. */
  retrieve(wanted: Wanted): Started;
  /** At most `count` older messages of one chat. */
  fetch(wanted: { readonly chat: string; readonly count: number; readonly onEvent?: (event: HistoryEvent) => void }): Started;
  /** Goes on with a run that ended incomplete, was cancelled, or lost its process. Throws Failure `not_found`, `locked`. */
  resume(syncId: string, onEvent?: (event: HistoryEvent) => void): Started;
  /** False when it had ended already. Throws Failure `not_found`. */
  cancel(syncId: string): boolean;
  /** Throws Failure `not_found`. */
  status(syncId: string): RunReport;
  /** Newest first. */
  runs(limit: number): RunReport[];
  /** Of one chat, or of those that changed last. */
  checkpoints(options: { readonly chat?: string; readonly limit?: number }): ChatCheckpoint[];
  /** Waits for a run of this or another process until it ends, `ms` have passed or the signal aborts. */
  wait(syncId: string, options: { readonly ms: number; readonly signal: AbortSignal }): Promise<RunReport>;
  /** Stops the runs of this process; they stay resumable. */
  close(): Promise<void>;
}

const MOST_CHECKPOINTS = 1_000;

export function createHistory(parts: HistoryParts): History {
  const timing = { ...usualTiming, ...parts.timing };
  const runs = createSyncRuns(parts.database);
  const facts = createChatFacts(parts.database);
  const closing = new AbortController();
  const mergeNow: History['mergeNow'] = ({ signal, ...options }) =>
    mergeStaged({ ...parts, ...options, signal: AbortSignal.any([signal, closing.signal]) });
  const answers = createAnswers({ signals: parts.signals, facts, merge: mergeQuietly(mergeNow), lookMs: timing.lookMs, clock: parts.now });
  const jobs = new Jobs({ runs, walk: { ask: parts.ask, facts, runs, answers, now: parts.now, timing }, hex: parts.hex, owner: parts.owner, closing: closing.signal });
  return {
    mergeNow,
    ...starting(jobs, facts),
    ...reporting(parts, runs),
    cancel: (syncId) => {
      reportOf(runs, syncId);
      const cancelled = runs.cancel(syncId, parts.now());
      jobs.stop(syncId);
      return cancelled;
    },
    close: async () => {
      closing.abort();
      await jobs.idle();
      answers.close();
    },
  };
}

function starting(jobs: Jobs, facts: ChatFactReader): Pick<History, 'retrieve' | 'fetch' | 'resume'> {
  return {
    retrieve: ({ chat, chats, until, maxMessages, onEvent }) =>
      jobs.start({ kind: 'retrieve', limits: { until, maxMessages }, chats: chat !== undefined ? [chat] : (chats ?? facts.chats()), onEvent }),
    fetch: ({ chat, count, onEvent }) => jobs.start({ kind: 'fetch', limits: { until: undefined, maxMessages: count }, chats: [chat], onEvent }),
    resume: (syncId, onEvent) => jobs.resume(syncId, onEvent),
  };
}

function reporting(parts: HistoryParts, runs: SyncRuns): Pick<History, 'status' | 'runs' | 'checkpoints' | 'wait'> {
  return {
    status: (syncId) => reportOf(runs, syncId),
    runs: (limit) => runs.latest(limit).map((run) => summarize(run, runs.chats(run.sync_id))),
    checkpoints: ({ chat, limit = MOST_CHECKPOINTS }) => {
      if (chat === undefined) return runs.chatCheckpoints(limit);
      const found = runs.chatCheckpoint(chat);
      return found === undefined ? [] : [found];
    },
    wait: async (syncId, { ms, signal }) => {
      const deadline = parts.now() + ms;
      const ended = (): boolean => reportOf(runs, syncId).state !== 'running';
      while (!ended() && parts.now() < deadline && !signal.aborted) {
        // A run of another process tells nothing here: look now and then.
        await parts.signals.until(ended, { ms: Math.min(500, Math.max(1, deadline - parts.now())), signal });
      }
      return reportOf(runs, syncId);
    },
  };
}

function reportOf(runs: SyncRuns, syncId: string): RunReport {
  const run = runs.get(syncId);
  if (run === undefined) throw new Failure('not_found', `There is no run "${syncId.slice(0, 100)}". get_sync_status without an id lists the latest ones.`);
  return summarize(run, runs.chats(syncId));
}

/** However many wait, one merge runs; who comes during it waits for the next. Another process's merge is as good. */
function mergeQuietly(mergeNow: History['mergeNow']): (signal: AbortSignal) => Promise<void> {
  const never = new AbortController().signal;
  let running: Promise<void> | undefined;
  const mergeOnce = async (): Promise<void> => {
    try {
      await mergeNow({ signal: never });
    } catch (error) {
      // Locked, or the bridge is away: what matters is whether the answer shows up.
      if (!(error instanceof Failure) || error.code === 'store_unavailable') throw error;
    } finally {
      running = undefined;
    }
  };
  return async () => {
    await running?.catch(() => undefined);
    running ??= mergeOnce();
    await running;
  };
}
